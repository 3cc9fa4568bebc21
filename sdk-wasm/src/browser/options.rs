//! What the page says: the attributes of the tag or the options of `init`, the browser's signals, a user's traits.

use wasm_bindgen::prelude::*;

use super::{Browser, Json, assign, find, page_has, page_text, set, string};
use crate::client::Environment;
use crate::campaign::listed;
use crate::config::{Config, SWITCHES, Surroundings, switch};
use crate::members::Members;
use crate::text::Text;

/// Reads the options: texts or booleans under the names of `init`, which are those of the attributes too.
pub(crate) fn config(options: &JsValue, origin: Text) -> Config {
    let mut config = Config::default();
    let mut bit = 1;
    for name in &SWITCHES {
        let value = find(options, name);
        // An attribute without a value switches on; so a switch is off by `false`, by `off`, or by its absence.
        if !is_missing(&value) {
            config.switch(bit, !coerced(&value).matches("^(off|false|no|0)$"));
        }
        bit <<= 1;
    }
    config.switch(switch::MEMORY, option(options, "persistence").matches("^memory$"));
    config.switch(switch::CONSENT, option(options, "consent").matches("^required$"));
    config.site_id = option(options, "siteId");
    let api_host = option(options, "apiHost");
    config.api_host = if api_host.is_empty() { origin } else { api_host }.found("^(.*?)/*$");
    let event_path = option(options, "eventPath");
    if !event_path.is_empty() {
        config.event_path = event_path;
    }
    // A list in an array becomes one with commas, as JavaScript itself makes it.
    config.hostnames = listed(option(options, "allowedHostnames"));
    config
}

#[inline(never)]
fn option(options: &JsValue, name: &str) -> Text {
    coerced(&find(options, name))
}

/// What the browser says of itself and of the visitor's wishes.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        host: page_text("location.hostname"),
        gpc: page_has("navigator.globalPrivacyControl"),
        dnt: page_text("navigator.doNotTrack").matches("1"),
        is_prerendering: page_has("document.prerendering"),
    }
}

/// The traits that have a name of their own, as the page and as the wire spells it.
static TRAITS: [(&str, &str); 5] = [
    ("name", "name"),
    ("email", "email"),
    ("avatar", "avatar"),
    ("userHash", "user_hash"),
    ("user_hash", "user_hash"),
];

/// What `identify` was given: the traits that have a name of their own, and the others together.
pub(crate) fn traits(traits: &JsValue) -> Json {
    let mut members = Json::object();
    for (name, member) in &TRAITS {
        members.text(member, option(traits, name));
    }
    let mut custom = Json(find(traits, "custom"));
    if !custom.0.is_object() && traits.is_object() {
        custom = Json::object();
        assign(&custom.0, traits);
        for (name, _) in &TRAITS {
            // What is undefined is not in the JSON.
            set(&custom.0, name, &JsValue::UNDEFINED);
        }
    }
    if custom.0.is_object() && Browser.json(&custom).length() != "{}".len() {
        members.value("custom", &custom);
    }
    members
}

#[inline(never)]
fn is_missing(value: &JsValue) -> bool {
    value.loose_eq(&JsValue::UNDEFINED)
}

/// A value as text, as JavaScript itself makes it; empty for what is missing or cannot be text.
#[inline(never)]
pub(crate) fn coerced(value: &JsValue) -> Text {
    if is_missing(value) { Text::default() } else { Text::at(string(value)) }
}
