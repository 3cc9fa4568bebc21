//! The attributes of the tag, or the options of `init`, as the machine's configuration.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::member;
use crate::config::Config;

/// Reads the options: texts or booleans under the names of `init`, which are those of the attributes too.
pub(crate) fn config(options: &JsValue, origin: &str) -> Config {
    let text = |name: &str| member(options, name).as_string().filter(|text| !text.is_empty());
    // An attribute without a value switches on; so a switch is off by `false`, by `off`, or by its absence.
    let switch = |name: &str, default: bool| {
        let value = member(options, name);
        match value.as_string() {
            Some(word) => !matches!(word.as_str(), "off" | "false" | "no" | "0"),
            None => value.as_bool().unwrap_or(default),
        }
    };
    let host = text("apiHost").unwrap_or_else(|| origin.to_owned());
    let default = Config::default();
    Config {
        site_id: text("siteId").unwrap_or_default(),
        api_host: host.trim_end_matches('/').to_owned(),
        event_path: text("eventPath").unwrap_or(default.event_path),
        is_memory: text("persistence").as_deref() == Some("memory"),
        hostnames: hostnames(&member(options, "allowedHostnames")),
        allow_localhost: switch("allowLocalhost", default.allow_localhost),
        hash_routes: switch("hashRoutes", default.hash_routes),
        needs_consent: text("consent").as_deref() == Some("required"),
        respect_gpc: switch("respectGpc", default.respect_gpc),
        respect_dnt: switch("respectDnt", default.respect_dnt),
        auto_pageviews: switch("autoPageviews", default.auto_pageviews),
        outbound: switch("outbound", default.outbound),
        downloads: switch("downloads", default.downloads),
        forms: switch("forms", default.forms),
        engagement: switch("engagement", default.engagement),
        payment_links: switch("paymentLinks", default.payment_links),
    }
}

/// A list, in a text with commas or as an array, which becomes such a text.
fn hostnames(value: &JsValue) -> Vec<String> {
    if !value.is_truthy() {
        return Vec::new();
    }
    let list = coerced(value).unwrap_or_default();
    list.split(',').map(|host| host.trim().to_ascii_lowercase()).filter(|host| !host.is_empty()).collect()
}

/// A value as text, as JavaScript itself makes it; `None` for what is missing or cannot be text.
pub(crate) fn coerced(value: &JsValue) -> Option<String> {
    if value.is_null() || value.is_undefined() {
        return None;
    }
    value.as_string().or_else(|| guarded_text(value))
}

fn guarded_text(value: &JsValue) -> Option<String> {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_name = String)]
        fn text_of(value: &JsValue) -> Result<JsString, JsValue>;
    }
    text_of(value).ok()?.as_string()
}
