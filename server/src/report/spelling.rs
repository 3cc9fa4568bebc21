//! Spelling: the value shown for those that are equal: a known name, or the earliest spelling of the site.

use std::cell::RefCell;
use std::collections::HashMap;

use attribution::source::{Kind, fold};
use attribution::touch::Touch;

use super::dimension::Dimension;
use super::ledger::Ledger;
use crate::store::ReadError;

/// Spellings looked up for one answer.
pub(super) struct Speller<'a> {
    ledger: Ledger<'a>,
    known: RefCell<HashMap<(Dimension, String), Option<String>>>,
}

impl<'a> Speller<'a> {
    pub(super) fn new(ledger: Ledger<'a>) -> Self {
        Self { ledger, known: RefCell::default() }
    }

    /// A touch's value as it is shown.
    pub(super) fn shown(&self, dimension: Dimension, touch: &Touch) -> Result<String, ReadError> {
        let value = dimension.of_touch(touch);
        if !is_spelt_by_people(dimension, touch) {
            return Ok(value.to_owned());
        }
        let key = (dimension, fold(value));
        if let Some(known) = self.known.borrow().get(&key) {
            return Ok(known.clone().unwrap_or_else(|| value.to_owned()));
        }
        let found = self.ledger.store.spelling(self.ledger.site.number, dimension.name(), &key.1)?;
        let shown = found.clone().unwrap_or_else(|| value.to_owned());
        self.known.borrow_mut().insert(key, found);
        Ok(shown)
    }
}

/// Whether the value is one that people write, not a known name, a path or a code.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here is no one's spelling")]
fn is_spelt_by_people(dimension: Dimension, touch: &Touch) -> bool {
    match dimension {
        Dimension::Medium | Dimension::Campaign | Dimension::Term | Dimension::Content => true,
        Dimension::Source => {
            let written = touch.campaign.source.as_deref();
            let is_as_written = written.is_none_or(|written| fold(written) == fold(&touch.source.source));
            touch.source.kind == Kind::Other && is_as_written
        }
        _ => false,
    }
}
