//! What a record changes in the derived data, and its outcome.
//!
//! Live, a record is decided against all that came before it, its own batch included, and only what is new is
//! logged. Replayed, a record is one that was decided before, and is only applied.

mod customers;
mod events;
mod orders;

pub(super) use orders::{notice_key, order_key};

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use attribution::money::Currency;

use super::ids::SeenIds;
use super::key::Key;
use super::row;
use super::state::{Bytes, Draft, View};
use crate::catalogue::{Catalogue, Document, DocumentKey, SiteNumber};
use crate::clock::Millis;
use crate::rates::{self, PerEuro, Table, parse_day};
use crate::record::{DayRates, Record};
use crate::store::{Outcome, ReadError};

/// An event id that a batch brought.
pub(super) struct NewId {
    pub(super) site: SiteNumber,
    pub(super) id: String,
    pub(super) received_ms: Millis,
}

/// What readers and the writer keep in memory beside the rows.
#[derive(Clone, Default)]
pub(super) struct Memory {
    /// All small documents.
    pub(super) catalogue: Arc<Catalogue>,
    /// All exchange rates.
    pub(super) rates: Arc<Table>,
}

/// A batch being decided and applied to a draft.
pub(super) struct Batch<'a> {
    draft: Draft<'a>,
    memory: Memory,
    seen: &'a SeenIds,
    new_ids: Vec<NewId>,
    ids: HashSet<(SiteNumber, String)>,
    replaying: bool,
}

/// What a batch comes to.
pub(super) struct Applied {
    pub(super) changes: BTreeMap<Bytes, Option<Bytes>>,
    pub(super) memory: Memory,
    pub(super) new_ids: Vec<NewId>,
}

impl<'a> Batch<'a> {
    /// A batch that decides.
    pub(super) fn new(view: &'a View, memory: Memory, seen: &'a SeenIds) -> Self {
        Self {
            draft: Draft::new(view),
            memory,
            seen,
            new_ids: Vec::new(),
            ids: HashSet::new(),
            replaying: false,
        }
    }

    /// A batch of records that were decided before.
    pub(super) fn replaying(view: &'a View, memory: Memory, seen: &'a SeenIds) -> Self {
        Self { replaying: true, ..Self::new(view, memory, seen) }
    }

    /// Decides and applies a record. What must be logged comes back beside the outcome; nothing is when the record
    /// changes nothing.
    pub(super) fn take(&mut self, record: Record) -> Result<(Outcome, Option<Record>), ReadError> {
        match record {
            Record::Event(event) => {
                let outcome = self.event(&event)?;
                Ok((outcome, logged(outcome, || Record::Event(event))))
            }
            Record::Identify(identify) => {
                let outcome = self.identify(&identify)?;
                Ok((outcome, logged(outcome, || Record::Identify(identify))))
            }
            Record::Notice(notice) => {
                let (outcome, is_new) = self.notice(&notice)?;
                Ok((outcome, is_new.then_some(Record::Notice(notice))))
            }
            Record::Withdrawal(withdrawal) => {
                let outcome = self.withdraw(&withdrawal)?;
                Ok((outcome, logged(outcome, || Record::Withdrawal(withdrawal))))
            }
            Record::Put { document, new } => self.put_document(document, new),
            Record::Remove(key) => {
                let outcome = self.remove_document(&key);
                Ok((outcome, logged(outcome, || Record::Remove(key))))
            }
            Record::Rates(told) => self.rates(told),
        }
    }

    /// All changes.
    pub(super) fn finish(self) -> Applied {
        Applied { changes: self.draft.into_changes(), memory: self.memory, new_ids: self.new_ids }
    }

    fn put_document(
        &mut self,
        mut document: Document,
        new: bool,
    ) -> Result<(Outcome, Option<Record>), ReadError> {
        let key = document.key();
        let row = Key::document(&key.kind, &key.id).done();
        if new && !self.replaying && self.draft.get(&row)?.is_some() {
            return Ok((Outcome::Conflict, None));
        }
        if let Document::Site(site) = &mut document
            && site.number == 0
        {
            let highest = self.memory.catalogue.sites().map(|site| site.number).max().unwrap_or(0);
            site.number = highest.saturating_add(1);
        }
        let bytes = rmp_serde::to_vec_named(&document).map_err(|error| ReadError(error.to_string()))?;
        self.draft.put(row, bytes);
        Arc::make_mut(&mut self.memory.catalogue).put(document.clone());
        Ok((Outcome::Recorded, Some(Record::Put { document, new })))
    }

    fn remove_document(&mut self, key: &DocumentKey) -> Outcome {
        if !Arc::make_mut(&mut self.memory.catalogue).remove(key) {
            return Outcome::Duplicate;
        }
        self.draft.remove(Key::document(&key.kind, &key.id).done());
        Outcome::Recorded
    }

    /// Of what is told of a day, takes what is new or changed.
    fn rates(&mut self, mut told: DayRates) -> Result<(Outcome, Option<Record>), ReadError> {
        let Some(day) = parse_day(&told.day) else { return Ok((Outcome::Ignored, None)) };
        let known = &self.memory.rates;
        let is_new = !known.has(day);
        if !self.replaying {
            told.per_euro.retain(|code, rate| {
                let said = Currency::parse(code).zip(PerEuro::parse(rate));
                said.is_some_and(|(currency, rate)| known.on(day, currency) != Some(rate))
            });
        }
        if told.per_euro.is_empty() {
            return Ok((Outcome::Duplicate, None));
        }
        Arc::make_mut(&mut self.memory.rates).take(&told);
        let key = Key::rates(&told.day).done();
        let mut row: DayRates = self.read(&key)?.unwrap_or_default();
        row.day.clone_from(&told.day);
        row.per_euro.extend(told.per_euro.clone());
        self.put(key, &row)?;
        Ok((if is_new { Outcome::Recorded } else { Outcome::Enriched }, Some(Record::Rates(told))))
    }

    /// Whether an own id was seen within its site; if not, it is remembered from now on.
    fn is_repeated(&mut self, site: SiteNumber, id: &str, received_ms: Millis) -> bool {
        if !self.replaying {
            let known =
                self.seen.contains(site, id, received_ms) || self.ids.contains(&(site, id.to_owned()));
            if known {
                return true;
            }
        }
        self.ids.insert((site, id.to_owned()));
        self.new_ids.push(NewId { site, id: id.to_owned(), received_ms });
        false
    }

    fn put<T: serde::Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), ReadError> {
        self.draft.put(key, row::encode(value)?);
        Ok(())
    }

    fn read<T: serde::de::DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, ReadError> {
        self.draft.get(key)?.map(|bytes| row::decode(&bytes)).transpose()
    }
}

fn logged(outcome: Outcome, record: impl FnOnce() -> Record) -> Option<Record> {
    match outcome {
        Outcome::Recorded | Outcome::Enriched | Outcome::Ignored => Some(record()),
        Outcome::Duplicate | Outcome::Conflict => None,
    }
}

/// Reads what is kept in memory: all documents, and all rates over those built in.
pub(super) fn load(view: &View) -> Result<Memory, ReadError> {
    let mut catalogue = Catalogue::default();
    for row in view.prefixed(&Key::documents()) {
        let (_, bytes) = row?;
        catalogue.put(rmp_serde::from_slice(&bytes).map_err(|error| ReadError(error.to_string()))?);
    }
    let mut rates = rates::built_in();
    for row in view.prefixed(&Key::all_rates()) {
        let (_, bytes) = row?;
        Arc::make_mut(&mut rates).take(&row::decode(&bytes)?);
    }
    Ok(Memory { catalogue: Arc::new(catalogue), rates })
}
