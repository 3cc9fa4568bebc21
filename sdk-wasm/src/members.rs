//! Objects on their way out, member by member: messages to the server, and answers to the page.
//!
//! `protocol::Event` and `protocol::Identify` say which members a message has, and the tests read every message by
//! them. Here is a list alone, for a struct of twenty optional members weighs as much as the rest of a file.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::text::own;

/// The value of a member; `V` is any JSON value.
#[derive(Debug)]
enum Member<V> {
    Text(String),
    Number(f64),
    Value(V),
}

/// The members of an object, each name once.
#[derive(Debug)]
pub(crate) struct Members<V>(Vec<(&'static str, Member<V>)>);

impl<V> Default for Members<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Members<V> {
    /// Adds a text, where it is not empty.
    #[inline(never)]
    pub(crate) fn text(&mut self, name: &'static str, text: &str) {
        if !text.is_empty() {
            self.0.push((name, Member::Text(own(text))));
        }
    }

    /// Adds a number.
    #[inline(never)]
    pub(crate) fn number(&mut self, name: &'static str, number: f64) {
        self.0.push((name, Member::Number(number)));
    }

    /// Adds a value, where there is one.
    #[inline(never)]
    pub(crate) fn value(&mut self, name: &'static str, value: Option<V>) {
        if let Some(value) = value {
            self.0.push((name, Member::Value(value)));
        }
    }
}

impl<V: Serialize> Serialize for Members<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, member) in &self.0 {
            map.serialize_entry(name, member)?;
        }
        map.end()
    }
}

impl<V: Serialize> Serialize for Member<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}
