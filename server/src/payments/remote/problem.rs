//! What can go wrong with a call of a provider's API, judged from its answer.

use serde_json::Value;

use super::Call;

/// Characters of a provider's own words that are shown.
const WORDS: usize = 240;

/// What can go wrong with a call. No key and no secret is in any of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The key is none of the provider's.
    #[error("{0} does not know this API key")]
    WrongKey(&'static str),
    /// It is not the kind of key that is wanted.
    #[error("{0}")]
    UnfitKey(&'static str),
    /// The key may not do what was asked.
    #[error("the API key lacks the permission {0}")]
    MissingPermission(String),
    /// A key that opens several stores, and none was chosen: each with its id and name.
    #[error("the API key opens several stores")]
    SeveralStores(Vec<(String, String)>),
    /// There is no such thing at the provider.
    #[error("{0} has no such thing")]
    NotFound(&'static str),
    /// Too much was asked in too short a time; seconds to wait.
    #[error("{name} wants us to wait {wait_s} seconds")]
    TooMany {
        /// The provider.
        name: &'static str,
        /// How long to wait.
        wait_s: u64,
    },
    /// The provider refuses, in its own words.
    #[error("{name} refuses: {words}")]
    Refused {
        /// The provider.
        name: &'static str,
        /// What it says.
        words: String,
    },
    /// The provider fails.
    #[error("{name} fails with status {status}")]
    Failing {
        /// The provider.
        name: &'static str,
        /// Its status.
        status: u16,
    },
    /// The provider did not answer in time.
    #[error("{0} did not answer in time")]
    TimedOut(&'static str),
    /// The provider cannot be reached.
    #[error("{0} cannot be reached")]
    Unreachable(&'static str),
    /// The answer is none of the provider's.
    #[error("the answer of {0} cannot be read")]
    Unreadable(&'static str),
}

impl Problem {
    /// Whether what was asked may have been done all the same: the answer is what was lost.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Failing { .. } | Self::TimedOut(_) | Self::Unreachable(_) | Self::Unreadable(_))
    }
}

/// What an answer that is no success means.
pub(super) fn judged(call: &Call<'_>, status: u16, wait_s: u64, body: &Value) -> Problem {
    let name = call.provider.title();
    // Paddle answers 403 to a key that it does not know; its code tells.
    let code = body.pointer("/error/code").and_then(Value::as_str).unwrap_or_default();
    let is_unknown_key = code.starts_with("authentication_") || code == "invalid_token";
    match status {
        401 => Problem::WrongKey(name),
        403 if is_unknown_key => Problem::WrongKey(name),
        403 => {
            let named = permission_named(body);
            Problem::MissingPermission(named.unwrap_or_else(|| call.permission.to_owned()))
        }
        404 | 410 => Problem::NotFound(name),
        429 => Problem::TooMany { name, wait_s },
        400..=499 => Problem::Refused { name, words: words(body, call.key) },
        status => Problem::Failing { name, status },
    }
}

/// The permission that Stripe names in its own sentence.
fn permission_named(body: &Value) -> Option<String> {
    let message = body.pointer("/error/message")?.as_str()?;
    let from = message.get(message.find("rak_")?..)?;
    let name: String =
        from.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect();
    (name.len() > "rak_".len()).then_some(name)
}

/// The provider's own words, bounded, and never the key that it was shown.
fn words(body: &Value, key: &str) -> String {
    let places = ["/error/message", "/errors/0/detail", "/error/detail", "/detail/0/msg", "/detail"];
    let said = places.iter().find_map(|place| body.pointer(place)?.as_str());
    let said = said.unwrap_or("it does not say why").trim_end_matches('.').replace(key, "…");
    said.chars().filter(|letter| !letter.is_control()).take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::payments::Provider;
    use crate::payments::remote::Service;

    fn check(status: u16, body: &Value) -> Problem {
        let call = Call {
            provider: Provider::Stripe,
            service: Service::Stripe,
            key: "sk_test_secret",
            method: reqwest::Method::GET,
            path: "/",
            query: &[],
            headers: &[],
            body: None,
            permission: "rak_webhook_write",
        };
        judged(&call, status, 7, body)
    }

    #[test]
    fn an_answer_that_is_no_success_says_what_is_wrong() {
        assert_eq!(check(401, &json!({})), Problem::WrongKey("Stripe"));
        assert_eq!(check(403, &json!({})), Problem::MissingPermission("rak_webhook_write".to_owned()));
        let named =
            json!({"error": {"message": "Having the 'rak_charge_read' permission would allow this."}});
        assert_eq!(check(403, &named), Problem::MissingPermission("rak_charge_read".to_owned()));
        assert_eq!(check(403, &json!({"error": {"code": "invalid_token"}})), Problem::WrongKey("Stripe"));
        assert_eq!(check(429, &json!({})), Problem::TooMany { name: "Stripe", wait_s: 7 });
        assert_eq!(check(503, &json!({})), Problem::Failing { name: "Stripe", status: 503 });
        assert_eq!(check(302, &json!({})), Problem::Failing { name: "Stripe", status: 302 });
    }

    #[test]
    fn the_providers_own_words_are_bounded_and_hold_no_key() {
        let body = json!({"error": {"message": format!("bad sk_test_secret\n{}", "x".repeat(1_000))}});
        let Problem::Refused { words, .. } = check(400, &body) else { panic!("it is refused") };
        assert!(words.starts_with("bad …xx") && words.chars().count() == WORDS, "{words}");
    }
}
