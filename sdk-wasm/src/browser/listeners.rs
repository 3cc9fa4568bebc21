//! What is listened to, and which input each of it is.

use std::cell::Cell;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::{copy, document, guards, ignore, member, object, read, set, text, window};
use crate::client::{Input, Slot};
use crate::pageview::Cause;
use crate::queue::Answer;
use crate::{act, with};

thread_local! {
    static PADDLE_IS_WRAPPED: Cell<bool> = const { Cell::new(false) };
}

/// Begins to listen to the page.
pub(crate) fn listen() {
    let window = window();
    let document = document();
    for (kind, code) in [
        ("popstate", guards::MOVED),
        ("pageshow", guards::PAGE_SHOWN),
        ("pagehide", guards::PAGE_HIDDEN),
        ("online", guards::ONLINE),
        ("storage", guards::STORED),
        ("load", guards::LOADED),
    ] {
        guards::listen(&window, kind, code);
    }
    for (kind, code) in [
        ("visibilitychange", guards::VISIBILITY),
        ("prerenderingchange", guards::ACTIVATED),
        ("click", guards::CLICKED),
        ("auxclick", guards::CLICKED),
        ("submit", guards::SUBMITTED),
        ("scroll", guards::SCROLLED),
        ("keydown", guards::ACTIVE),
    ] {
        guards::listen(&document, kind, code);
    }
    let history = member(&window, "history");
    for method in ["pushState", "replaceState"] {
        guards::wrap(&history, method, 0, guards::MOVED);
    }
    wrap_paddle();
}

/// One of the guarded ways in.
pub(crate) fn handle(code: u8, first: &JsValue, second: &JsValue, third: &JsValue) {
    match code {
        guards::WOKEN => act(Input::Woken),
        guards::ANSWERED => act(Input::Answered(whole(first), answer(second, third))),
        guards::MOVED => act(Input::Moved(Cause::Navigate)),
        guards::PAGE_SHOWN if member(first, "persisted").is_truthy() => {
            // What other pages stored meanwhile was not told to this one.
            act(Input::Chosen(read(Slot::Choice)));
            act(Input::Moved(Cause::Restore));
        }
        guards::PAGE_HIDDEN => act(Input::Hidden),
        guards::VISIBILITY => act(if document().hidden() { Input::Hidden } else { Input::Shown }),
        guards::CLICKED => clicked(first),
        guards::SUBMITTED => submitted(first),
        guards::SCROLLED => act(Input::Scrolled(depth())),
        guards::ACTIVE => act(Input::Active),
        guards::ONLINE => act(Input::Online),
        guards::STORED => act(Input::Chosen(read(Slot::Choice))),
        guards::ACTIVATED => act(Input::Begin),
        guards::PADDLE => carry_to_paddle(first),
        guards::LOADED => wrap_paddle(),
        _ => {}
    }
}

fn answer(status: &JsValue, retry_after: &JsValue) -> Answer {
    match u16::try_from(whole(status)) {
        Ok(0) | Err(_) => Answer::Lost,
        Ok(status) => {
            Answer::Status(status, crate::text::number(&retry_after.as_string().unwrap_or_default()))
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is meant"
)]
fn whole(number: &JsValue) -> u32 {
    number.as_f64().unwrap_or_default() as u32
}

fn clicked(event: &JsValue) {
    wrap_paddle();
    let target: Element = member(event, "target").unchecked_into();
    // Other buttons than the first two open a menu and follow nothing.
    let link = target.closest("a[href]").ok().flatten().filter(|_| whole(&member(event, "button")) < 2);
    let Some(link) = link else { return act(Input::Active) };
    let Some(href) = member(&link, "href").as_string() else { return };
    if let Some(Some(decorated)) = with(|client| client.link(&href)) {
        set(&link, "href", &decorated.into());
    }
    act(Input::Followed(href, link.has_attribute("download")));
}

fn submitted(event: &JsValue) {
    // A form's fields stand in the place of its own members of their names.
    let form = member(event, "target");
    let id = Some(text(&form, "id")).filter(|id| !id.is_empty());
    act(Input::Submitted(id.unwrap_or_else(|| text(&form, "name")), text(&form, "action")));
}

/// How far the page is scrolled, in percent of its height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is meant"
)]
fn depth() -> u8 {
    let window = window();
    let number = |object: &JsValue, name| member(object, name).as_f64().unwrap_or_default();
    let height = number(&member(&document(), "documentElement"), "scrollHeight");
    (100.0 * (number(&window, "scrollY") + number(&window, "innerHeight")) / height.max(1.0)) as u8
}

/// Paddle's hosted pages take nothing from their address, so its own call is amended; it may be loaded at any time.
pub(crate) fn wrap_paddle() {
    let checkout = member(&member(&window(), "Paddle"), "Checkout");
    let is_wanted = with(|client| client.config.payment_links && !client.config.is_memory) == Some(true);
    if is_wanted && checkout.is_object() && !PADDLE_IS_WRAPPED.replace(true) {
        guards::wrap(&checkout, "open", guards::PADDLE, 0);
    }
}

/// Adds the visitor to the custom data of a checkout that is about to be opened; `arguments` are the call's own.
fn carry_to_paddle(arguments: &JsValue) {
    let Some(visitor) = with(|client| client.visitor().to_owned()).filter(|visitor| !visitor.is_empty())
    else {
        return;
    };
    let arguments: &Array = arguments.unchecked_ref();
    let options = arguments.get(0);
    let ours = object(&[(protocol::metadata::VISITOR_ID, &visitor)]);
    // The shop's own members come later and win.
    copy(&ours, &member(&options, "customData"));
    let amended = Object::new();
    copy(&amended, &options);
    set(&amended, "customData", &ours);
    ignore(Reflect::set_u32(arguments, 0, &amended));
}
