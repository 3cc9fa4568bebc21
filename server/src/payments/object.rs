//! A provider's object as it came: its ids, texts and amounts, read leniently and within bounds.

use attribution::money::{Currency, rescale};
use serde_json::Value;

use super::{Paid, time};
use crate::clock::Millis;

/// Characters of an id that a provider gives, and of an event's id and type.
const ID_CHARS: usize = 255;

/// The text at a pointer.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer)?.as_str()
}

/// The provider's id at a pointer: a text, a number, or the `id` of an object in its place.
pub(super) fn id(object: &Value, pointer: &str) -> Option<String> {
    let value = object.pointer(pointer)?;
    let value = value.get("id").unwrap_or(value);
    let id = match value {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!id.is_empty() && id.chars().count() <= ID_CHARS).then_some(id)
}

/// The id or type of an event, which it must have; the error says what is wrong with it.
pub(super) fn name(body: &Value, pointer: &str) -> Result<String, String> {
    let missing = || {
        format!(
            "the event's `{}` is missing, or longer than {ID_CHARS} characters",
            pointer.trim_start_matches('/')
        )
    };
    id(body, pointer).ok_or_else(missing)
}

/// The references of an object, each `kind:id`.
pub(super) fn references(object: &Value, named: &[(&str, &str)]) -> Vec<String> {
    named.iter().filter_map(|(kind, pointer)| Some(format!("{kind}:{}", id(object, pointer)?))).collect()
}

/// An integer at a pointer, as a number or as a decimal text.
pub(super) fn integer(object: &Value, pointer: &str) -> Option<i64> {
    let value = object.pointer(pointer)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The first of these pointers that has a time.
pub(super) fn first_time(object: &Value, pointers: &[&str]) -> Option<Millis> {
    pointers.iter().find_map(|pointer| time::of_text(object.pointer(pointer)?))
}

/// The units in which a provider counts an object's amounts: its currency, and how many decimals they have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units {
    pub(super) currency: Currency,
    pub(super) exponent: u8,
}

impl Units {
    /// The units of an object whose currency stands at a pointer; none where that is no currency.
    pub(super) fn of(object: &Value, pointer: &str, exponent: impl Fn(Currency) -> u8) -> Option<Self> {
        let currency = Currency::parse(text(object, pointer)?)?;
        Some(Self { currency, exponent: exponent(currency) })
    }

    /// So many of these units in minor units of ISO 4217's exponent.
    pub(super) fn iso(self, amount: i64) -> Option<i64> {
        i64::try_from(rescale(amount.into(), self.exponent, self.currency.exponent())?).ok()
    }

    /// The amount at a pointer in minor units of ISO 4217's exponent; one below zero is none.
    pub(super) fn minor(self, object: &Value, pointer: &str) -> Option<i64> {
        self.iso(integer(object, pointer).filter(|amount| *amount >= 0)?)
    }

    /// So many of these units as money that came in; none where nothing came in.
    pub(super) fn paid(self, amount: i64, rank: u8, at_ms: Millis) -> Option<Paid> {
        let minor = self.iso(amount).filter(|minor| *minor > 0)?;
        let currency = self.currency.code().to_owned();
        Some(Paid { rank, minor, currency, at_ms: time::end_of_second(at_ms) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_is_a_text_a_number_or_an_objects_own() {
        let object =
            json!({"a": "x", "b": 7, "c": {"id": "y"}, "d": "", "e": null, "f": true, "g": "é".repeat(256)});
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(id(&object, &format!("/{name}")).as_deref(), expected, "{name}");
        };
        check("a", Some("x"));
        check("b", Some("7"));
        check("c", Some("y"));
        for missing in ["d", "e", "f", "g", "h"] {
            check(missing, None);
        }
        assert!(name(&object, "/d").unwrap_err().contains("`d`"));
    }

    #[test]
    fn amounts_are_numbers_or_decimal_texts_in_the_providers_exponent() {
        let object = json!({"currency": "isk", "number": 12_350, "text": "12350", "negative": -1, "float": 1.5, "words": "a"});
        let units = Units::of(&object, "/currency", Currency::stripe_exponent).unwrap();
        let check = |name: &str, expected| {
            assert_eq!(units.minor(&object, &format!("/{name}")), expected, "{name}");
        };
        check("number", Some(124));
        check("text", Some(124));
        check("negative", None);
        check("float", None);
        check("words", None);
        assert_eq!(units.paid(0, 0, 0), None);
        assert_eq!(units.paid(i64::MAX, 0, 0).unwrap().minor, 92_233_720_368_547_758);
        assert!(Units::of(&object, "/text", Currency::exponent).is_none());
    }
}
