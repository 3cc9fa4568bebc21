//! What is listened to, and which input each of it is.

use std::cell::Cell;

use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::{Browser, Json, copy, document, member, number, object, read, set, text, ways, window};
use crate::client::{Environment, Input, Slot};
use crate::members::Members;
use crate::pageview::Cause;
use crate::queue::Answer;
use crate::{act, with};

thread_local! {
    static PADDLE_IS_WRAPPED: Cell<bool> = const { Cell::new(false) };
}

/// Begins to listen to the page.
pub(crate) fn listen() {
    let window = window();
    for (kind, way) in [
        ("popstate", ways::MOVED),
        ("pageshow", ways::PAGE_SHOWN),
        ("pagehide", ways::PAGE_HIDDEN),
        ("online", ways::ONLINE),
        ("storage", ways::STORED),
        ("load", ways::LOADED),
        ("visibilitychange", ways::VISIBILITY),
        ("prerenderingchange", ways::ACTIVATED),
        ("click", ways::CLICKED),
        ("auxclick", ways::CLICKED),
        ("submit", ways::SUBMITTED),
        ("scroll", ways::SCROLLED),
        ("keydown", ways::ACTIVE),
    ] {
        // What happens to the document passes by the window first.
        ways::listen(&window, kind, way);
    }
    let history = member(&window, "history");
    for method in ["pushState", "replaceState"] {
        ways::wrap(&history, method, 0, ways::MOVED);
    }
    wrap_paddle();
}

/// What happened, by one of the guarded ways in.
pub(crate) fn happened(way: u8, first: &JsValue, second: &JsValue, third: &JsValue) {
    act(match way {
        ways::WOKEN => Input::Woken,
        ways::ANSWERED => Input::Answered(whole(first), answer(whole(second), third)),
        ways::MOVED => Input::Moved(Cause::Navigate),
        ways::PAGE_SHOWN if member(first, "persisted").is_truthy() => Input::Moved(Cause::Restore),
        ways::PAGE_HIDDEN => Input::Hidden,
        ways::VISIBILITY => if Browser.is_visible() { Input::Shown } else { Input::Hidden },
        ways::CLICKED => clicked(first),
        ways::SUBMITTED => submitted(first),
        ways::SCROLLED => Input::Scrolled(depth()),
        ways::ACTIVE => Input::Active,
        ways::ONLINE => Input::Online,
        ways::STORED => Input::Chosen(read(Slot::Choice)),
        ways::ACTIVATED => Input::Begin,
        ways::PADDLE => return carry_to_paddle(first),
        ways::LOADED => return wrap_paddle(),
        _ => return,
    });
}

fn answer(status: u32, retry_after: &JsValue) -> Answer {
    if status == 0 {
        return Answer::Lost;
    }
    Answer::Status(status, crate::text::number(&retry_after.as_string().unwrap_or_default()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is meant"
)]
#[inline(never)]
fn whole(number: &JsValue) -> u32 {
    number.as_f64().unwrap_or_default() as u32
}

fn clicked(event: &JsValue) -> Input<Json> {
    wrap_paddle();
    // Other buttons than the first two open a menu and follow nothing.
    let target = if number(event, "button") < 2.0 { member(event, "target") } else { JsValue::UNDEFINED };
    let target: &Element = target.unchecked_ref();
    let Some(link) = target.closest("a[href]").ok().flatten() else { return Input::Active };
    let href = text(&link, "href");
    if let Some(Some(decorated)) = with(|client| client.link(&href)) {
        set(&link, "href", &decorated.into());
    }
    Input::Followed(href, attribute(&link, "download").is_object())
}

fn submitted(event: &JsValue) -> Input<Json> {
    let form = member(event, "target");
    let mut name = text(&attribute(&form, "id"), "value");
    if name.is_empty() {
        name = text(&attribute(&form, "name"), "value");
    }
    Input::Submitted(name, text(&form, "action"))
}

/// An attribute of an element; `undefined` where there is none. A form's fields hide its members, not these.
#[inline(never)]
fn attribute(element: &JsValue, name: &str) -> JsValue {
    member(&member(element, "attributes"), name)
}

/// How far the page is scrolled, in percent of its height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is meant"
)]
fn depth() -> u8 {
    let window = window();
    let height = number(&member(&document(), "documentElement"), "scrollHeight");
    (100.0 * (number(&window, "scrollY") + number(&window, "innerHeight")) / height.max(1.0)) as u8
}

/// Paddle's hosted pages take nothing from their address, so its own call is amended; it may be loaded at any time.
#[inline(never)]
pub(crate) fn wrap_paddle() {
    let checkout = member(&member(&window(), "Paddle"), "Checkout");
    let is_wanted = with(|client| client.config.payment_links && !client.config.is_memory) == Some(true);
    if is_wanted && checkout.is_object() && !PADDLE_IS_WRAPPED.replace(true) {
        ways::wrap(&checkout, "open", ways::PADDLE, 0);
    }
}

/// Adds the visitor to the custom data of a checkout that is about to be opened; `arguments` are the call's own.
fn carry_to_paddle(arguments: &JsValue) {
    let visitor = crate::get_visitor_id();
    if visitor.is_empty() {
        return;
    }
    let options = member(arguments, "0");
    let mut ours = Members::default();
    ours.text(protocol::metadata::VISITOR_ID, &visitor);
    // The shop's own members come later and win.
    let data = copy(&object(&ours), &member(&options, "customData"));
    let amended = copy(&Object::new(), &options);
    set(&amended, "customData", &data);
    set(arguments, "0", &amended);
}
