//! What is listened to, and which input each of it is.

use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::{Browser, Json, assign, find, page, page_number, set, set_text, text, ways, window};
use crate::client::{Environment, Input, Slot};
use crate::members::Members;
use crate::pageview::Cause;
use crate::queue::Answer;
use crate::text::Text;
use crate::{act, with};

static PADDLE_IS_WRAPPED: AtomicBool = AtomicBool::new(false);

/// What is listened to. What happens to the document passes by the window first.
static EVENTS: [(&str, u8); 13] = [
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
];

/// Begins to listen to the page.
pub(crate) fn listen() {
    let window = window();
    for (kind, way) in &EVENTS {
        ways::listen(&window, kind, *way);
    }
    let history = page("history");
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
        ways::PAGE_SHOWN if find(first, "persisted").is_truthy() => {
            // What other pages stored meanwhile was not told to this one.
            act(Input::Chosen(Browser.read(Slot::Choice)));
            Input::Moved(Cause::Restore)
        }
        ways::PAGE_HIDDEN => Input::Hidden,
        ways::VISIBILITY => {
            if Browser.is_visible() {
                Input::Shown
            } else {
                Input::Hidden
            }
        }
        ways::CLICKED => clicked(first),
        ways::SUBMITTED => submitted(first),
        ways::SCROLLED => Input::Scrolled(depth()),
        ways::ACTIVE => Input::Active,
        ways::ONLINE => Input::Online,
        ways::STORED => Input::Chosen(Browser.read(Slot::Choice)),
        ways::ACTIVATED => Input::Begin,
        ways::PADDLE => return carry_to_paddle(first),
        ways::LOADED => return wrap_paddle(),
        _ => return,
    });
}

fn answer(status: u32, retry_after: &JsValue) -> Answer {
    Answer { status, retry_after_seconds: Text::from_page(retry_after).number() }
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
    let target: Element = find(event, "target").unchecked_into();
    // Other buttons than the first two open a menu and follow nothing.
    let is_following = whole(&find(event, "button")) < 2;
    let link = if is_following { target.closest("a[href]").ok().flatten() } else { None };
    let Some(link) = link else { return Input::Active };
    let href = text(&link, "href");
    let decorated = with(|client| client.link(href)).unwrap_or_default();
    if !decorated.is_empty() {
        set_text(&link, "href", decorated);
    }
    Input::Followed(href, find(&link, "attributes.download").is_object())
}

fn submitted(event: &JsValue) -> Input<Json> {
    // A form's fields hide its members, but not its attributes.
    let attributes = find(event, "target.attributes");
    let mut name = text(&attributes, "id.value");
    if name.is_empty() {
        name = text(&attributes, "name.value");
    }
    Input::Submitted(name, text(event, "target.action"))
}

/// How far the page is scrolled, in percent of its height.
fn depth() -> f64 {
    let seen = page_number("scrollY") + page_number("innerHeight");
    (100.0 * seen / page_number("document.documentElement.scrollHeight").max(1.0)).floor()
}

/// Paddle's hosted pages take nothing from their address, so its own call is amended; it may be loaded at any time.
#[inline(never)]
pub(crate) fn wrap_paddle() {
    let checkout = page("Paddle.Checkout");
    let is_wanted = with(|client| client.carries_to_payments()) == Some(true);
    if is_wanted && checkout.is_object() && !PADDLE_IS_WRAPPED.swap(true, Ordering::Relaxed) {
        ways::wrap(&checkout, "open", ways::PADDLE, 0);
    }
}

/// Adds the visitor to the custom data of a checkout that is about to be opened; `arguments` are the call's own.
fn carry_to_paddle(arguments: &JsValue) {
    let visitor = with(|client| client.visitor()).unwrap_or_default();
    if visitor.is_empty() {
        return;
    }
    let options = find(arguments, "0");
    let mut ours = Json::object();
    ours.text(protocol::metadata::VISITOR_ID, visitor);
    // The shop's own members come later and win.
    assign(&ours.0, &find(&options, "customData"));
    let mut amended = Json::object();
    assign(&amended.0, &options);
    amended.value("customData", &ours);
    set(arguments, "0", &amended.0);
}
