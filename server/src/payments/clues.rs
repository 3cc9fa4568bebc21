//! Clues: reading what a payment's metadata says about its journey, bounded and without what nobody needs.

use protocol::{CAMPAIGN_PARAMETERS, CLICK_IDS, limit, metadata};
use serde_json::Value;

use super::Clues;

/// The parameters that people and directories add to links.
const TAGS: [&str; 3] = ["ref", "source", "via"];

/// Reads the four members of a metadata object; what is missing, empty or too long is not there.
pub fn of_metadata(object: &Value) -> Clues {
    Clues {
        session: member(object, metadata::SESSION_ID).filter(|id| is_client_id(id)),
        visitor: member(object, metadata::VISITOR_ID).filter(|id| is_client_id(id)),
        url: member(object, metadata::URL).and_then(|url| kept_url(&url)),
        order_id: member(object, metadata::ORDER_ID).filter(|id| id.chars().count() <= limit::KEY_CHARS),
        ..Clues::default()
    }
}

/// A member's text, trimmed; numbers and booleans count as what they look like.
pub(super) fn member(object: &Value, name: &str) -> Option<String> {
    let text = match object.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(claim) => claim.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a text may be a visitor's or session's id.
pub fn is_client_id(text: &str) -> bool {
    (1..=limit::ID_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// The address without what is not kept: of its query only campaign parameters, click ids, `ref`, `source`, `via`.
pub fn kept_url(text: &str) -> Option<String> {
    if text.chars().count() > limit::URL_CHARS {
        return None;
    }
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in url.query_pairs().filter(|(name, _)| is_kept(name)) {
        query.append_pair(&name, &value);
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    Some(format!("{}://{host}{}{mark}{query}", url.scheme(), url.path()))
}

fn is_kept(name: &str) -> bool {
    let among = |kept: &[&str]| kept.iter().any(|kept| kept.eq_ignore_ascii_case(name));
    let is_campaign = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    is_campaign || among(&CAMPAIGN_PARAMETERS) || among(&CLICK_IDS) || among(&TAGS)
}

/// The keyed hash of an e-mail, trimmed and lower-cased first; none of an empty one.
pub fn hashed(email: Option<&Value>, email_hash: &dyn Fn(&str) -> String) -> Option<String> {
    let email = email?.as_str()?.trim().to_lowercase();
    (!email.is_empty() && email.chars().count() <= limit::TEXT_CHARS).then(|| email_hash(&email))
}

/// A country's two letters, upper case.
pub fn country(value: Option<&Value>) -> Option<String> {
    let code = value?.as_str()?.trim();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then(|| code.to_ascii_uppercase())
}

impl Clues {
    /// Fills what is missing from another one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            session: self.session.or(other.session),
            visitor: self.visitor.or(other.visitor),
            reference: self.reference.or(other.reference),
            url: self.url.or(other.url),
            order_id: self.order_id.or(other.order_id),
            customer: self.customer.or(other.customer),
            user: self.user.or(other.user),
            email_hash: self.email_hash.or(other.email_hash),
            country: self.country.or(other.country),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metadata_may_be_missing_empty_or_of_another_type() {
        assert_eq!(of_metadata(&Value::Null), Clues::default());
        let clues = of_metadata(&json!({
            "engagetrack_visitor_id": " v-1 ", "engagetrack_session_id": "", "engagetrack_order_id": 17,
            "engagetrack_url": null,
        }));
        assert_eq!(clues.visitor.as_deref(), Some("v-1"));
        assert_eq!(clues.session, None);
        assert_eq!(clues.order_id.as_deref(), Some("17"));
        assert_eq!(clues.url, None);
    }

    #[test]
    fn what_cannot_be_a_visitor_is_no_visitor() {
        let check = |text: &str, expected| assert_eq!(is_client_id(text), expected, "{text}");
        check("v_8f14e45f-ceea-467f", true);
        check("", false);
        check("jane@example.com", false);
        check(&"a".repeat(64), true);
        check(&"a".repeat(65), false);
    }

    #[test]
    fn an_address_keeps_campaign_parameters_click_ids_and_tags_alone() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(kept_url(text).as_deref(), expected, "{text}");
        check(
            "https://shop.example/Checkout?email=jane%40example.com&utm_source=a+b&gclid=X&token=1&REF=p#top",
            Some("https://shop.example/Checkout?utm_source=a+b&gclid=X&REF=p"),
        );
        check("https://user:pass@shop.example:8443/a?utm_id=7", Some("https://shop.example/a?utm_id=7"));
        check("javascript:alert(1)", None);
        check("/checkout", None);
        check(&format!("https://shop.example/{}", "a".repeat(3_000)), None);
    }
}
