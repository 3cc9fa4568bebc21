//! Reads what the query of an address says about where its visitor came from.

use super::click::ClickId;
use super::entry::{Campaign, Tags, UrlEvidence};
use super::present;

/// Parameters looked at; an address of the longest body has fewer that matter.
const PARAMETER_LIMIT: usize = 500;
/// Other `utm_…` parameters that are kept.
const OTHER_LIMIT: usize = 20;

/// Parameters that a checkout adds to the address to which it sends a buyer back.
const CHECKOUT_PARAMETERS: [&str; 13] = [
    "checkout_id",
    "checkout_session_id",
    "customer_session_token",
    "payment_intent",
    "payment_intent_client_secret",
    "setup_intent",
    "setup_intent_client_secret",
    "redirect_status",
    "payerid",
    "ba_token",
    "klarna_order_id",
    "paddle_checkout_id",
    "authorization_token",
];

/// Reads the query of an address (with or without its `?`): percent-decoded, `+` as space, names in any
/// case. The first value of a parameter counts; a value that is empty, `null` or `undefined` is none.
///
/// ```
/// let read = attribution::source::campaign_of("utm_source=Face%20Book&utm_medium=cpc&gclid=abc&ref=a+b");
/// assert_eq!(read.campaign.source.as_deref(), Some("Face Book"));
/// assert_eq!(read.click_ids, [("gclid".to_owned(), "abc".to_owned())]);
/// assert_eq!(read.tags.reference.as_deref(), Some("a b"));
/// ```
pub fn campaign_of(query: &str) -> UrlEvidence {
    let mut read = UrlEvidence::default();
    let query = query.strip_prefix('?').unwrap_or(query);
    let query = query.split('#').next().unwrap_or_default();
    for parameter in query.split('&').take(PARAMETER_LIMIT) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = decoded(value);
        if present(&value).is_some() {
            read.take(&decoded(name).trim().to_ascii_lowercase(), value);
        }
    }
    read
}

impl UrlEvidence {
    fn take(&mut self, name: &str, value: String) {
        if let Some(tag) = name.strip_prefix("utm_") {
            self.campaign.take(tag, name, value);
        } else if let Some(known) = ClickId::named(name) {
            if !self.click_ids.iter().any(|(taken, _)| taken == known.name) {
                self.click_ids.push((known.name.to_owned(), value));
            }
        } else {
            self.checkout_return |= CHECKOUT_PARAMETERS.contains(&name)
                || name == "session_id" && value.starts_with("cs_");
            self.tags.take(name, value);
        }
    }
}

impl Campaign {
    fn take(&mut self, tag: &str, name: &str, value: String) {
        let known = match tag {
            "source" => &mut self.source,
            "medium" => &mut self.medium,
            "campaign" => &mut self.campaign,
            "term" => &mut self.term,
            "content" => &mut self.content,
            _ => {
                if self.other.len() < OTHER_LIMIT
                    && !self.other.iter().any(|(taken, _)| taken == name)
                {
                    self.other.push((name.to_owned(), value));
                }
                return;
            }
        };
        known.get_or_insert(value);
    }
}

impl Tags {
    fn take(&mut self, name: &str, value: String) {
        match name {
            "ref" => _ = self.reference.get_or_insert(value),
            "source" => _ = self.source.get_or_insert(value),
            "via" => _ = self.via.get_or_insert(value),
            _ => {}
        }
    }
}

/// Percent-decoded, `+` as space. A percent sign without two hexadecimal digits stays as it is; bytes that
/// are no UTF-8 become replacement characters.
fn decoded(text: &str) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (*first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (nibble(*high), nibble(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|fault| String::from_utf8_lossy(fault.as_bytes()).into_owned())
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_decoded_and_percent_signs_that_encode_nothing_stay() {
        let check = |text: &str, expected: &str| assert_eq!(decoded(text), expected, "{text}");
        check("coffee%20shop", "coffee shop");
        check("coffee+shop", "coffee shop");
        check("50%25+off", "50% off");
        check("50%off", "50%off");
        check("50%", "50%");
        check("50%2", "50%2");
        check("%zz%41", "%zzA");
        check("%C3%A9t%c3%a9", "été");
        check("%FF", "\u{fffd}");
        check("é", "é");
    }

    #[test]
    fn campaign_parameters_are_read_in_any_case_and_once() {
        let read = campaign_of(
            "?UTM_Source=%20FaceBook%20&utm_medium=CPC&utm_campaign=&utm_term=null&utm_content=undefined&utm_id=7&utm_source=second#x&utm_medium=no",
        );
        assert_eq!(read.campaign.source.as_deref(), Some(" FaceBook "));
        assert_eq!(read.campaign.medium.as_deref(), Some("CPC"));
        assert_eq!(
            (
                read.campaign.campaign,
                read.campaign.term,
                read.campaign.content
            ),
            (None, None, None)
        );
        assert_eq!(read.campaign.other, [("utm_id".to_owned(), "7".to_owned())]);
        assert_eq!(campaign_of(""), UrlEvidence::default());
    }

    #[test]
    fn click_ids_have_the_name_that_their_network_gives_them() {
        let names = |query: &str| {
            campaign_of(query)
                .click_ids
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("sccid=1&GCLID=2&gclid=3&fbclid=&other=4"),
            ["ScCid", "gclid"]
        );
        assert_eq!(names("gclid=a&gbraid=a&wbraid=a&dclid=a&fbclid=a&msclkid=a&ttclid=a&twclid=a&li_fat_id=a&rdt_cid=a&epik=a&ScCid=a&yclid=a&irclickid=a").len(), 14);
    }

    #[test]
    fn a_checkout_sends_back_with_its_parameter() {
        let check = |query: &str, expected| {
            assert_eq!(campaign_of(query).checkout_return, expected, "{query}")
        };
        check("session_id=cs_test_a1", true);
        check("session_id=7", false);
        check("checkout_id=abc", true);
        check("payment_intent=pi_1&redirect_status=succeeded", true);
        check("token=EC-1&PayerID=2", true);
        check("order=1", false);
    }

    proptest! {
        #[test]
        fn any_query_is_read(query in "\\PC{0,80}") {
            campaign_of(&query);
        }

        #[test]
        fn an_encoded_value_is_read_as_it_was(value in "[a-zA-Z0-9 %é+&=]{1,20}") {
            let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            prop_assume!(present(&value).is_some());
            prop_assert_eq!(campaign_of(&format!("utm_source={encoded}")).campaign.source, Some(value));
        }
    }
}
