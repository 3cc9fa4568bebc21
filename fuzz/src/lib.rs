//! What must hold of everything that strangers send, whatever is in it.

use engagetrack::payments::signature::{self, Headers};
use engagetrack::payments::{Notice, Provider, Webhook, fold, lemonsqueezy, paddle, polar, read, read_again, stripe};
use engagetrack::rates::{DayNumber, PerEuro, file};
use serde_json::Value;

const NOW_MS: i64 = 1_795_600_000_000;
/// Bytes of a payload that is kept.
const KEPT_BYTES: usize = 16 * 1024;
/// The first of January 1999, before which there was no euro, and the day of reading, 30 October 2026.
const DAYS: std::ops::RangeInclusive<DayNumber> = 10_592..=20_756;
/// Bad lines of a file that are named, and codes.
const NAMED: usize = 100;

/// Reads made-up bytes as a provider's webhook. The first byte chooses the kind of event, and the rest is the event's
/// object; the last choice is a body of nothing but the bytes.
pub fn payload(provider: Provider, data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let kinds = kinds(provider);
    let body = match kinds.get(usize::from(*choice) % (kinds.len() + 1)) {
        Some(kind) => wrapped(provider, kind, rest),
        None => rest.to_vec(),
    };
    let Ok(notice) = hear(provider, &body) else { return };
    assert_eq!(hear(provider, &body), Ok(notice.clone()), "the same bytes say the same");
    judge(&notice);
    if is_kept_whole(&serde_json::from_slice(&body).unwrap_or_default()) {
        assert_eq!(read_again(notice.clone()), notice, "what is kept says the same");
    } else {
        judge(&read_again(notice));
    }
}

/// Reads made-up bytes as what the header of a signature holds, line by line: nothing that was not signed verifies.
pub fn signature_header(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let [header, id, time] = [lines.next(), lines.next(), lines.next()].map(Option::unwrap_or_default);
    let secrets =
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), lines.next().unwrap_or_default().to_owned()];
    let headers = |name: &str| match name {
        "webhook-id" => Some(id),
        "webhook-timestamp" => Some(time),
        _ => Some(header),
    };
    let headers: &Headers<'_> = &headers;
    for provider in
        [Provider::Stripe, Provider::LemonSqueezy, Provider::Paddle, Provider::Polar, Provider::Api]
    {
        assert!(
            signature::verify(provider, headers, b"{}", &secrets, NOW_MS).is_err(),
            "{header:?} verifies"
        );
    }
}

/// Reads made-up bytes as one of the bank's files: what is read is rates of days that the bank may speak of, and bad
/// lines are named within bounds.
pub fn rates(data: &[u8]) {
    let read = file::parse(data, *DAYS.end());
    assert_eq!(read, file::parse(data, *DAYS.end()), "the same bytes say the same");
    let Ok(parsed) = read else { return };
    assert!(parsed.days.is_sorted_by(|one, next| one.number < next.number), "each day comes once, in its place");
    for day in &parsed.days {
        assert!(DAYS.contains(&day.number), "{} is no day of the bank's", day.number);
        for rate in day.per_euro.values() {
            assert_eq!(PerEuro::parse(&rate.to_string()), Some(*rate), "a rate is the number that is written");
        }
    }
    assert!(parsed.faults.len() <= NAMED && parsed.left_out.len() <= NAMED, "what is named is bounded");
    assert!(parsed.fault_count >= parsed.faults.len() as u64, "what is named is counted");
}

fn hear(provider: Provider, body: &[u8]) -> Result<Notice, String> {
    read(&Webhook {
        provider,
        site: 1,
        sandbox: false,
        headers: &|_| Some("msg_1"),
        body,
        received_ms: NOW_MS,
        email_hash: &|email| email.chars().map(|_| 'x').collect(),
    })
}

/// Whether nothing is cut of it but members that nobody reads: no e-mail, no long text, no long list.
fn is_kept_whole(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains('@') && text.chars().count() <= 500,
        Value::Array(elements) => elements.len() <= 20 && elements.iter().all(is_kept_whole),
        Value::Object(members) => members.values().all(is_kept_whole),
        _ => true,
    }
}

fn judge(notice: &Notice) {
    if let Some(payload) = &notice.payload {
        assert!(payload.len() <= KEPT_BYTES, "what is kept is bounded");
        // The path of an address may hold what it likes; nothing else may be an e-mail.
        assert!(!payload.contains('@') || payload.contains("engagetrack_url"), "an e-mail in {payload}");
    }
    for order in fold::fold(&[notice]) {
        assert!(order.minor > 0, "an order is money");
        assert!((0..=order.minor).contains(&order.refunded_minor()), "no more goes back than came in");
        assert_eq!(order.currency.len(), 3, "money has a currency");
    }
}

fn kinds(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::Stripe => &stripe::EVENTS,
        Provider::LemonSqueezy => &lemonsqueezy::EVENTS,
        Provider::Paddle => &paddle::EVENTS,
        Provider::Polar => &polar::EVENTS,
        Provider::Api => &[],
    }
}

/// An event of a kind about an object, the object as it is.
fn wrapped(provider: Provider, kind: &str, object: &[u8]) -> Vec<u8> {
    let (before, after) = match provider {
        Provider::Stripe => (
            format!(
                r#"{{"id":"evt_1","type":"{kind}","created":1772443800,"livemode":true,"data":{{"object":"#
            ),
            "}}",
        ),
        Provider::LemonSqueezy => (
            format!(
                r#"{{"meta":{{"event_name":"{kind}","webhook_id":"w1","custom_data":{{"engagetrack_visitor_id":"v"}}}},"data":{{"id":"1","attributes":"#
            ),
            "}}",
        ),
        Provider::Paddle | Provider::Api => (
            format!(
                r#"{{"event_id":"evt_1","event_type":"{kind}","occurred_at":"2026-03-02T09:30:00Z","data":"#
            ),
            "}",
        ),
        Provider::Polar => (format!(r#"{{"type":"{kind}","timestamp":"2026-03-02T09:30:00Z","data":"#), "}"),
    };
    [before.as_bytes(), object, after.as_bytes()].concat()
}
