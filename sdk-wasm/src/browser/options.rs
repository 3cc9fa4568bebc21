//! The attributes of the tag, or the options of `init`, as the machine's configuration.

use wasm_bindgen::prelude::*;

use super::member;
use crate::config::Config;
use crate::text::own;

/// Reads the options: texts or booleans under the names of `init`, which are those of the attributes too.
pub(crate) fn config(options: &JsValue, origin: &str) -> Config {
    let text = |name: &str, default: &str| {
        coerced(&member(options, name)).filter(|text| !text.is_empty()).unwrap_or_else(|| own(default))
    };
    // An attribute without a value switches on; so a switch is off by `false`, by `off`, or by its absence.
    let switch = |name: &str, default: bool| match coerced(&member(options, name)) {
        Some(word) => !matches!(word.as_str(), "off" | "false" | "no" | "0"),
        None => default,
    };
    let mut api_host = text("apiHost", origin);
    while api_host.ends_with('/') {
        api_host.pop();
    }
    Config {
        site_id: text("siteId", ""),
        api_host,
        event_path: text("eventPath", protocol::EVENT_PATH),
        is_memory: text("persistence", "") == "memory",
        // A list in an array becomes one with commas, as JavaScript itself makes it.
        hostnames: text("allowedHostnames", "").to_ascii_lowercase(),
        allow_localhost: switch("allowLocalhost", false),
        hash_routes: switch("hashRoutes", false),
        needs_consent: text("consent", "") == "required",
        respect_gpc: switch("respectGpc", false),
        respect_dnt: switch("respectDnt", false),
        auto_pageviews: switch("autoPageviews", true),
        outbound: switch("outbound", true),
        downloads: switch("downloads", true),
        forms: switch("forms", true),
        engagement: switch("engagement", true),
        payment_links: switch("paymentLinks", true),
    }
}

/// A value as text, as JavaScript itself makes it; `None` for what is missing or cannot be text.
#[inline(never)]
pub(crate) fn coerced(value: &JsValue) -> Option<String> {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_name = String)]
        fn text_of(value: &JsValue) -> Result<String, JsValue>;
    }
    if value.loose_eq(&JsValue::UNDEFINED) { None } else { text_of(value).ok() }
}
