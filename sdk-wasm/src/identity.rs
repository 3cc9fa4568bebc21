//! Who is visiting: the visitor's id, and the session with its rule of thirty minutes.

use crate::campaign::Touch;
use crate::text::{digit, halves, number, own, push_number};

/// A session ends after this long without activity.
pub(crate) const SESSION_MS: u64 = 30 * 60 * 1000;

/// A lower-case UUID, version 4.
#[inline(never)]
pub(crate) fn new_id(random: [u8; 16]) -> String {
    let mut id = String::new();
    for (place, byte) in uuid::Builder::from_random_bytes(random).into_uuid().into_bytes().iter().enumerate()
    {
        if matches!(place, 4 | 6 | 8 | 10) {
            id.push_str("-");
        }
        id.push_str(digit(usize::from(byte >> 4)));
        id.push_str(digit(usize::from(byte & 15)));
    }
    id
}

/// Whether a stored or received text can be one of our ids: others are never taken over.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == uuid::fmt::Hyphenated::LENGTH
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

/// One visit: what happens without a pause of thirty minutes and without a new campaign.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// When something happened last, ms.
    pub(crate) last_ms: u64,
    /// What brought the visitor.
    pub(crate) touch: Touch,
}

impl Session {
    /// Takes up what [`Session::state`] wrote; a session without a usable id is none.
    pub(crate) fn restore(&mut self, id: String, state: &str) {
        let (last, touch) = halves(state, b'\n');
        if is_id(&id) && !touch.is_empty() {
            self.id = id;
            self.last_ms = number(last);
            self.touch = Touch(own(touch));
        }
    }

    /// Forgets it.
    pub(crate) fn clear(&mut self) {
        self.id.clear();
        self.touch.0.clear();
        self.last_ms = 0;
    }

    /// The session's state as it is stored beside its id.
    #[inline(never)]
    pub(crate) fn state(&self) -> String {
        dated(self.last_ms, &self.touch)
    }

    /// Whether it is over. A clock that was set back ends no session.
    pub(crate) fn is_over(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.last_ms) >= SESSION_MS
    }
}

/// A touch with a time before it, a line each.
#[inline(never)]
pub(crate) fn dated(at_ms: u64, touch: &Touch) -> String {
    let mut text = String::new();
    push_number(&mut text, at_ms);
    text.push_str("\n");
    text.push_str(&touch.0);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_lower_case_uuid_of_version_4() {
        let id = new_id([0xff; 16]);
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(is_id(&id));
        for other in
            ["", "FFFFFFFF-ffff-4fff-bfff-ffffffffffff", "ffffffff-ffff-4fff-bfff-fffffffffff", "<script>"]
        {
            assert!(!is_id(other), "{other}");
        }
    }

    #[test]
    fn a_session_is_read_as_it_was_written() {
        let touch = Touch("utm_source=a\nhttps://b.example/\n/c".into());
        let session = Session { id: new_id([1; 16]), last_ms: 1_700_000_000_123, touch };
        let restored = |id: &str, state: &str| {
            let mut restored = Session::default();
            restored.restore(id.to_owned(), state);
            restored
        };
        assert_eq!(restored(&session.id, &session.state()), session);
        assert_eq!(restored("not an id", &session.state()), Session::default());
        assert_eq!(restored(&session.id, ""), Session::default());
    }

    #[test]
    fn a_session_is_over_after_thirty_minutes_and_not_before() {
        let session = Session { last_ms: 1000, ..Session::default() };
        assert!(!session.is_over(1000 + SESSION_MS - 1));
        assert!(session.is_over(1000 + SESSION_MS));
        assert!(!session.is_over(0));
    }
}
