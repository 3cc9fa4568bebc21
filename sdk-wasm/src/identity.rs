//! Who is visiting: the visitor's id, and the session with its rule of thirty minutes.

use crate::campaign::Touch;
use crate::text::Text;

/// A session ends after so long without activity.
pub(crate) const SESSION_MS: f64 = 30.0 * 60.0 * 1000.0;

/// A new id: a lower-case UUID of version 4.
#[inline(never)]
pub(crate) fn new_id(random: [u8; 16]) -> Text {
    let id = uuid::Builder::from_random_bytes(random).into_uuid();
    Text::hexadecimal(id.as_bytes()).replaced(c"^(.{8})(.{4})(.{4})(.{4})", c"$1-$2-$3-$4-")
}

/// Whether a text has the shape of an id.
#[inline(never)]
pub(crate) fn is_id(text: Text) -> bool {
    text.matches(c"^[0-9a-f-]{36}$")
}

/// The session of a tab.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Session {
    pub(crate) id: Text,
    /// When the visitor was last active.
    pub(crate) last_ms: f64,
    /// What brought it.
    pub(crate) touch: Touch,
}

impl Session {
    /// Takes up what [`Session::state`] wrote, where it and the id are whole.
    pub(crate) fn restore(&mut self, id: Text, state: Text) {
        let touch = dated_touch(state);
        if is_id(id) && !touch.0.is_empty() {
            *self = Self { id, last_ms: state.number(), touch };
        }
    }

    /// What is stored beside the id.
    pub(crate) fn state(&self) -> Text {
        dated(self.last_ms, self.touch)
    }

    /// Whether thirty minutes have passed without activity.
    pub(crate) fn is_over(&self, now_ms: f64) -> bool {
        now_ms - self.last_ms >= SESSION_MS
    }
}

/// A touch with its time, as it is stored.
#[inline(never)]
pub(crate) fn dated(at_ms: f64, touch: Touch) -> Text {
    Text::default().with_number(c"", at_ms).with(c"\n", touch.0)
}

/// The touch that [`dated`] wrote.
#[inline(never)]
pub(crate) fn dated_touch(stored: Text) -> Touch {
    Touch(stored.found(cr"^\d+\n([\s\S]*)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_lower_case_uuid_of_version_4() {
        let id = new_id([0xff; 16]);
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(is_id(id));
        for other in
            ["", "FFFFFFFF-ffff-4fff-bfff-ffffffffffff", "ffffffff-ffff-4fff-bfff-fffffffffff", "<script>"]
        {
            assert!(!is_id(other.into()), "{other}");
        }
    }

    #[test]
    fn a_session_is_read_as_it_was_written() {
        let touch = Touch("utm_source=a\nhttps://b.example/\n/c".into());
        let session = Session { id: new_id([1; 16]), last_ms: 1_700_000_000_123.0, touch };
        let restored = |id: Text, state: Text| {
            let mut restored = Session::default();
            restored.restore(id, state);
            restored
        };
        assert_eq!(restored(session.id, session.state()), session);
        assert_eq!(restored("not an id".into(), session.state()), Session::default());
        assert_eq!(restored(session.id, Text::default()), Session::default());
    }

    #[test]
    fn a_session_is_over_after_thirty_minutes_and_not_before() {
        let session = Session { last_ms: 1000.0, ..Session::default() };
        assert!(!session.is_over(1000.0 + SESSION_MS - 1.0));
        assert!(session.is_over(1000.0 + SESSION_MS));
        assert!(!session.is_over(0.0));
    }
}
