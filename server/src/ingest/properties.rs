//! Properties and traits: flat, bounded, numbers as they were written.

use std::collections::BTreeMap;

use protocol::limit;
use serde_json::Value;

use super::fault::{Fault, shown};
use super::validate::within;
use crate::record::Scalar;

/// Characters of a number as written; no double prints longer than a third of it.
const NUMBER_CHARS: usize = 64;

/// Reads the flat object of `field`.
pub(super) fn flat(field: &str, value: Option<Value>) -> Result<BTreeMap<String, Scalar>, Fault> {
    let members = match value {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(members)) => members,
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            let message = format!("`{field}` must be a JSON object with texts, numbers and booleans.");
            return Err(Fault::field(field, message));
        }
    };
    if members.len() > limit::PROPERTIES {
        let message = format!("`{field}` has {} members; send at most {}.", members.len(), limit::PROPERTIES);
        return Err(Fault::field(field, message));
    }
    members.into_iter().map(|(name, value)| Ok((key(field, name)?, value))).try_fold(
        BTreeMap::new(),
        |mut flat, member: Result<(String, Value), Fault>| {
            let (name, value) = member?;
            let value = scalar(field, &name, value)?;
            flat.insert(name, value);
            Ok(flat)
        },
    )
}

fn key(field: &str, name: String) -> Result<String, Fault> {
    if name.is_empty() || name.chars().any(char::is_control) {
        let message =
            format!("The member {} of `{field}` needs a name without control characters.", shown(&name));
        return Err(Fault::field(field, message));
    }
    if within(field, &name, limit::PROPERTY_KEY_CHARS).is_err() {
        let message = format!(
            "The name {} in `{field}` is too long; use at most {} characters.",
            shown(&name),
            limit::PROPERTY_KEY_CHARS
        );
        return Err(Fault::field(field, message));
    }
    Ok(name)
}

fn scalar(field: &str, name: &str, value: Value) -> Result<Scalar, Fault> {
    let too_long = |chars: usize| {
        let message =
            format!("The value of {} in `{field}` is too long; use at most {chars} characters.", shown(name));
        Fault::field(field, message)
    };
    match value {
        Value::Null => Ok(Scalar::Null),
        Value::Bool(truth) => Ok(Scalar::Bool(truth)),
        Value::Number(number) if number.as_str().len() <= NUMBER_CHARS => {
            Ok(Scalar::Number(number.as_str().to_owned()))
        }
        Value::Number(_) => Err(too_long(NUMBER_CHARS)),
        Value::String(text) if within(field, &text, limit::PROPERTY_TEXT_CHARS).is_ok() => {
            Ok(Scalar::Text(text))
        }
        Value::String(_) => Err(too_long(limit::PROPERTY_TEXT_CHARS)),
        Value::Array(_) | Value::Object(_) => {
            let message = format!(
                "The value of {} in `{field}` is an object or an array; send a text, number or boolean.",
                shown(name)
            );
            Err(Fault::field(field, message))
        }
    }
}
