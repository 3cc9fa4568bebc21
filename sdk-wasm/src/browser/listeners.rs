//! What is listened to, and which input each of it is.

use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::JsCast;
use web_sys::MouseEvent;

use super::{Browser, Value, ways};
use crate::client::{Environment, Input, Slot};
use crate::constant::{Constant, constant};
use crate::members::Members;
use crate::pageview::Cause;
use crate::queue::Answer;
use crate::surface::{act, with};
use crate::text::Text;

static PADDLE_IS_WRAPPED: AtomicBool = AtomicBool::new(false);

/// What is listened to. What happens to the document passes by the window first.
static EVENTS: [(Constant, u8); 13] = [
    (c"popstate", ways::MOVED),
    (c"pageshow", ways::PAGE_SHOWN),
    (c"pagehide", ways::PAGE_HIDDEN),
    (c"online", ways::ONLINE),
    (c"storage", ways::STORED),
    (c"load", ways::LOADED),
    (c"visibilitychange", ways::VISIBILITY),
    (c"prerenderingchange", ways::ACTIVATED),
    (c"click", ways::CLICKED),
    (c"auxclick", ways::CLICKED),
    (c"submit", ways::SUBMITTED),
    (c"scroll", ways::SCROLLED),
    (c"keydown", ways::ACTIVE),
];

/// Begins to listen to the page, and to what its own code does with its address.
pub(crate) fn listen() {
    for (kind, way) in &EVENTS {
        ways::listen(kind, *way);
    }
    let history = Value::WINDOW.find(c"history");
    for method in [c"pushState", c"replaceState"] {
        ways::wrap(history, method, 0, ways::MOVED);
    }
    wrap_paddle();
}

/// What happened, by one of the guarded ways in.
pub(crate) fn happened(way: u8, first: Value, second: Value, third: Value) {
    act(match way {
        ways::WOKEN => Input::Woken,
        ways::ANSWERED => {
            let retry_after_seconds = third.coerced().number();
            Input::Answered(whole(first), Answer { status: whole(second), retry_after_seconds })
        }
        ways::MOVED => Input::Moved(Cause::Navigate),
        ways::PAGE_SHOWN if first.has(c"persisted") => {
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

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, which is meant")]
fn whole(number: Value) -> i32 {
    number.coerced().number() as i32
}

fn clicked(event: Value) -> Input<Value> {
    wrap_paddle();
    let mouse: MouseEvent = event.js().unchecked_into();
    let link = event.find(c"target").closest(c"a[href]");
    // Other buttons than the first two open a menu and follow nothing.
    if mouse.button() > 1 || link == Value::NOTHING {
        return Input::Active;
    }
    let href = link.text(c"href");
    let decorated = with(|client| client.link(href)).unwrap_or_default();
    if !decorated.is_empty() {
        link.set(c"href", decorated.value());
    }
    Input::Followed(href, link.has(c"attributes.download"))
}

fn submitted(event: Value) -> Input<Value> {
    // A form's fields hide its members, but not its attributes.
    let mut name = event.text(c"target.attributes.id.value");
    if name.is_empty() {
        name = event.text(c"target.attributes.name.value");
    }
    Input::Submitted(name, event.text(c"target.action"))
}

/// How far the page is scrolled, in percent of its height.
fn depth() -> f64 {
    let window = Value::WINDOW;
    let seen = window.number(c"scrollY") + window.number(c"innerHeight");
    (100.0 * seen / window.number(c"document.documentElement.scrollHeight").max(1.0)).floor()
}

/// Paddle's hosted pages take nothing from their address, so its own call is amended; it may be loaded at any time.
#[inline(never)]
pub(crate) fn wrap_paddle() {
    let checkout = Value::WINDOW.find(c"Paddle.Checkout");
    let is_wanted = with(|client| client.carries_to_payments()) == Some(true);
    if is_wanted && checkout.is_object() && !PADDLE_IS_WRAPPED.swap(true, Ordering::Relaxed) {
        ways::wrap(checkout, c"open", ways::PADDLE, 0);
    }
}

/// Adds the visitor to the custom data of a checkout that is about to be opened; `arguments` are the call's own.
fn carry_to_paddle(arguments: Value) {
    let visitor: Text = with(|client| client.visitor()).unwrap_or_default();
    if visitor.is_empty() {
        return;
    }
    let options = arguments.find(c"0");
    let ours = Value::object();
    Members::text(ours, constant!(protocol::metadata::VISITOR_ID), visitor);
    // The shop's own members come later and win.
    ours.assign(options.find(c"customData"));
    let amended = Value::object();
    amended.assign(options);
    amended.set(c"customData", ours);
    arguments.set(c"0", amended);
}
