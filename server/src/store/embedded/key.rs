//! Keys of rows: order-preserving bytes, a letter for the kind of row first, then the site, then the parts.

use crate::catalogue::SiteNumber;
use crate::clock::Millis;
use crate::record::{Identify, Page};
use crate::store::CustomerKey;

/// The sequence number of the last frame that sled holds.
pub(super) const APPLIED: &[u8] = b"\0applied";
/// While a layer sinks, the sequence number of the last frame in it.
pub(super) const SINKING: &[u8] = b"\0sinking";
/// The version of the rows.
pub(super) const FORMAT: &[u8] = b"\0format";

/// The kinds of row, and what stands behind each letter.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub(super) enum Kind {
    /// site, time, event id → `EventRow`
    Event = b'E',
    /// site, visitor, session → `Session`
    Session = b'S',
    /// site, session, visitor → nothing
    SessionName = b'I',
    /// site, time of entry, visitor, session → nothing
    SessionTime = b'D',
    /// site, visitor, time, event id → `LooseEvent`, of events without a session id
    Loose = b'L',
    /// site, time, visitor → nothing, of events without a session id
    LooseTime = b'W',
    /// site, order id, time, event id → `ReportedPurchase`
    Purchase = b'P',
    /// site, time, order id, event id → nothing
    PurchaseTime = b'U',
    /// site, event id → nothing, of purchases: remembered for ever
    PurchaseId = b'K',
    /// site, visitor, time, event id → `IdentifyRow`
    Identify = b'N',
    /// site, user, time, event id, visitor → `IdentifyRow`
    IdentifyUser = b'O',
    /// site, e-mail hash, time, event id, visitor → `IdentifyRow`
    IdentifyEmail = b'Q',
    /// site, provider, provider's event id → `NoticeRow`
    Notice = b'B',
    /// site, live, provider, reference, provider's event id → nothing
    Reference = b'R',
    /// site, live, provider, reference → order id
    ReferenceOrder = b'H',
    /// site, live, order id → `Order`
    Order = b'G',
    /// site, live, time of an entry, order id → nothing
    OrderTime = b'T',
    /// site, live, customer, time, order id → nothing
    OrderCustomer = b'C',
    /// site, live, subscription, time, order id → nothing
    OrderSubscription = b'V',
    /// site, live, merchant's order id, order id → nothing
    OrderMerchant = b'M',
    /// site, order id → nothing
    Withdrawal = b'X',
    /// site, dimension, folded value → time, event id, spelling
    Spelling = b'Y',
    /// site → `Counters`
    Counters = b'A',
    /// kind, id → `Document`
    Document = b'Z',
    /// day → `DayRates`, as told over those built in
    Rates = b'F',
}

/// A key being written, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(Vec<u8>);

impl Key {
    /// A key of a kind within a site.
    pub(super) fn of(kind: Kind, site: SiteNumber) -> Self {
        let mut bytes = Vec::with_capacity(64);
        bytes.push(kind as u8);
        bytes.extend_from_slice(&site.to_be_bytes());
        Self(bytes)
    }

    /// A key of a document.
    pub(super) fn document(kind: &str, id: &str) -> Self {
        Self(vec![Kind::Document as u8]).text(kind).text(id)
    }

    /// The prefix of all documents.
    pub(super) fn documents() -> Vec<u8> {
        vec![Kind::Document as u8]
    }

    /// A key of a day's rates.
    pub(super) fn rates(day: &str) -> Self {
        Self(vec![Kind::Rates as u8]).text(day)
    }

    /// The prefix of all days' rates.
    pub(super) fn all_rates() -> Vec<u8> {
        vec![Kind::Rates as u8]
    }

    /// A text, ended so that no other text is its beginning. A zero byte within is written as two.
    pub(super) fn text(mut self, text: &str) -> Self {
        for byte in text.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(0xff);
            }
        }
        self.0.extend_from_slice(&[0, 0]);
        self
    }

    /// A time; negative ones come first.
    pub(super) fn time(mut self, at_ms: Millis) -> Self {
        self.0.extend_from_slice(&time_bytes(at_ms));
        self
    }

    /// A claim.
    pub(super) fn claim(mut self, claim: bool) -> Self {
        self.0.push(u8::from(claim));
        self
    }

    /// A customer, ids and e-mails apart.
    pub(super) fn customer(self, customer: &CustomerKey) -> Self {
        match customer {
            CustomerKey::Id(id) => self.claim(false).text(id),
            CustomerKey::Email(hash) => self.claim(true).text(hash),
        }
    }

    /// The bytes.
    pub(super) fn done(self) -> Vec<u8> {
        self.0
    }
}

const fn time_bytes(at_ms: Millis) -> [u8; 8] {
    // The sign bit turned, so that the order of bytes is the order of times.
    (at_ms.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// Reads the parts of a key from its end or beginning.
pub(super) struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    /// The parts behind kind and site.
    pub(super) fn of(key: &'a [u8]) -> Option<Self> {
        key.get(5..).map(Self)
    }

    /// The next part, a time.
    pub(super) fn time(&mut self) -> Option<Millis> {
        let (bytes, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some((u64::from_be_bytes(*bytes) ^ (1 << 63)).cast_signed())
    }

    /// The next part, a text.
    pub(super) fn text(&mut self) -> Option<String> {
        let mut text = Vec::new();
        let mut bytes = self.0.iter().enumerate();
        while let Some((at, byte)) = bytes.next() {
            if *byte != 0 {
                text.push(*byte);
                continue;
            }
            if *bytes.next()?.1 == 0 {
                self.0 = self.0.get(at.checked_add(2)?..)?;
                return String::from_utf8(text).ok();
            }
            text.push(0);
        }
        None
    }

    /// The next part, a claim.
    pub(super) fn claim(&mut self) -> Option<bool> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte != 0)
    }
}

/// The first key behind all that begin with `prefix`.
pub(super) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last.saturating_add(1));
            return end;
        }
    }
    vec![u8::MAX; prefix.len().saturating_add(1)]
}

/// The keys of an identify's three rows.
pub(super) fn identify_keys(identify: &Identify) -> Vec<Vec<u8>> {
    let visitor = Key::of(Kind::Identify, identify.site).text(&identify.visitor);
    let user = Key::of(Kind::IdentifyUser, identify.site).text(&identify.user);
    let mut keys = vec![
        visitor.time(identify.at_ms).text(&identify.event_id).done(),
        user.time(identify.at_ms).text(&identify.event_id).text(&identify.visitor).done(),
    ];
    if let Some(hash) = &identify.email_hash {
        let email = Key::of(Kind::IdentifyEmail, identify.site).text(hash);
        keys.push(email.time(identify.at_ms).text(&identify.event_id).text(&identify.visitor).done());
    }
    keys
}

/// The values whose spelling is remembered: dimension and value as written, of a page's query.
pub(super) fn spelt_values(page: &Page) -> Vec<(&'static str, String)> {
    let says = attribution::source::campaign_of(&page.query);
    let tag = says.tags.reference.or(says.tags.source).or(says.tags.via);
    [
        ("source", says.campaign.source),
        ("source", tag),
        ("medium", says.campaign.medium),
        ("campaign", says.campaign.campaign),
        ("term", says.campaign.term),
        ("content", says.campaign.content),
    ]
    .into_iter()
    .filter_map(|(dimension, value)| Some((dimension, value?.trim().to_owned())))
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    //! Keys keep the order of what they are made of.

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_sort_as_their_parts_do(a in "\\PC{0,6}|[\0a]{0,4}", b in "\\PC{0,6}|[\0a]{0,4}", s in any::<i64>(), t in any::<i64>()) {
            let left = Key::of(Kind::Event, 7).text(&a).time(s).done();
            let right = Key::of(Kind::Event, 7).text(&b).time(t).done();
            prop_assert_eq!(left.cmp(&right), (a.as_bytes(), s).cmp(&(b.as_bytes(), t)));
        }

        #[test]
        fn parts_come_back(a in "\\PC{0,6}|[\0a]{0,4}", b in "\\PC{0,6}", t in any::<i64>(), c in any::<bool>()) {
            let key = Key::of(Kind::Event, 7).time(t).text(&a).claim(c).text(&b).done();
            let mut parts = Parts::of(&key).unwrap();
            prop_assert_eq!(parts.time(), Some(t));
            prop_assert_eq!(parts.text(), Some(a));
            prop_assert_eq!(parts.claim(), Some(c));
            prop_assert_eq!(parts.text(), Some(b));
        }

        #[test]
        fn everything_with_a_prefix_lies_before_what_follows_it(prefix in prop::collection::vec(any::<u8>(), 1..5), rest in prop::collection::vec(any::<u8>(), 0..5)) {
            let mut key = prefix.clone();
            key.extend(rest);
            prop_assert!(key >= prefix);
            prop_assert!(key < after_prefix(&prefix));
        }
    }
}
