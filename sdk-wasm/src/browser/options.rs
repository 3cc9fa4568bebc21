//! What the page says: the attributes of the tag or the options of `init`, the browser's signals, a user's traits.

use super::Value;
use crate::campaign::listed;
use crate::config::{Config, Surroundings, switch};
use crate::constant::Constant;
use crate::members::Members;
use crate::text::Text;

/// The switches by their names, in the order of their bits in `config::switch`.
static SWITCHES: [Constant; 10] = [
    c"allowLocalhost",
    c"hashRoutes",
    c"respectGpc",
    c"respectDnt",
    c"autoPageviews",
    c"outbound",
    c"downloads",
    c"forms",
    c"engagement",
    c"paymentLinks",
];

/// Reads the options: texts or booleans under the names of `init`, which are those of the attributes too.
pub(crate) fn config(options: Value, origin: Text) -> Config {
    let mut config = Config::default();
    let mut bit = 1;
    for name in &SWITCHES {
        // An attribute without a value switches on; so a switch is off by `false`, by `off`, or by its absence.
        if !options.is_missing(name) {
            config.switch(bit, !option(options, name).matches(c"^(off|false|no|0)$"));
        }
        bit <<= 1;
    }
    config.switch(switch::MEMORY, option(options, c"persistence").is(c"memory"));
    config.switch(switch::CONSENT, option(options, c"consent").is(c"required"));
    config.site_id = option(options, c"siteId");
    let api_host = option(options, c"apiHost");
    config.api_host = if api_host.is_empty() { origin } else { api_host }.found(c"^(.*[^/])");
    let event_path = option(options, c"eventPath");
    if !event_path.is_empty() {
        config.event_path = event_path;
    }
    // A list in an array becomes one with commas, as JavaScript itself makes it.
    config.hostnames = listed(option(options, c"allowedHostnames"));
    config
}

#[inline(never)]
fn option(options: Value, name: Constant) -> Text {
    options.find(name).coerced()
}

/// What the browser says of itself and of the visitor's wishes.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        host: Value::WINDOW.text(c"location.hostname"),
        gpc: Value::WINDOW.has(c"navigator.globalPrivacyControl"),
        dnt: Value::WINDOW.text(c"navigator.doNotTrack").is(c"1"),
        is_prerendering: Value::WINDOW.has(c"document.prerendering"),
    }
}

/// The traits that have a name of their own, as the page and as the wire spells it.
static TRAITS: [(Constant, Constant); 5] = [
    (c"name", c"name"),
    (c"email", c"email"),
    (c"avatar", c"avatar"),
    (c"userHash", c"user_hash"),
    (c"user_hash", c"user_hash"),
];

/// What `identify` was given: the traits that have a name of their own, and the others together.
pub(crate) fn traits(traits: Value) -> Value {
    let members = Value::object();
    for (name, member) in &TRAITS {
        Members::text(members, member, option(traits, name));
    }
    let mut custom = traits.find(c"custom");
    if !custom.is_object() && traits.is_object() {
        custom = Value::object();
        custom.assign(traits);
        for (name, _) in &TRAITS {
            custom.unset(name);
        }
    }
    if custom.is_object() && custom.json().length() != 2 {
        members.set(c"custom", custom);
    }
    members
}
