//! What a record changes in the derived data, and its outcome.
//!
//! Live, a record is decided against all that came before it, its own batch included, and only what is new is
//! logged. Replayed, a record is one that was decided before, and is only applied.

mod customers;
mod events;
mod orders;

pub(super) use orders::{notice_key, order_key};

use std::collections::{BTreeMap, HashSet};

use super::ids::SeenIds;
use super::key::Key;
use super::row;
use super::state::{Bytes, Draft, View};
use crate::catalogue::{Catalogue, Document, DocumentKey, SiteNumber};
use crate::clock::Millis;
use crate::record::Record;
use crate::store::{Outcome, ReadError};

/// An event id that a batch brought.
pub(super) struct NewId {
    pub(super) site: SiteNumber,
    pub(super) id: String,
    pub(super) received_ms: Millis,
}

/// A batch being decided and applied to a draft.
pub(super) struct Batch<'a> {
    draft: Draft<'a>,
    catalogue: Catalogue,
    seen: &'a SeenIds,
    new_ids: Vec<NewId>,
    ids: HashSet<(SiteNumber, String)>,
    replaying: bool,
}

/// What a batch comes to.
pub(super) struct Applied {
    pub(super) changes: BTreeMap<Bytes, Option<Bytes>>,
    pub(super) catalogue: Catalogue,
    pub(super) new_ids: Vec<NewId>,
}

impl<'a> Batch<'a> {
    /// A batch that decides.
    pub(super) fn new(view: &'a View, catalogue: Catalogue, seen: &'a SeenIds) -> Self {
        Self {
            draft: Draft::new(view),
            catalogue,
            seen,
            new_ids: Vec::new(),
            ids: HashSet::new(),
            replaying: false,
        }
    }

    /// A batch of records that were decided before.
    pub(super) fn replaying(view: &'a View, catalogue: Catalogue, seen: &'a SeenIds) -> Self {
        Self { replaying: true, ..Self::new(view, catalogue, seen) }
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
        }
    }

    /// All changes.
    pub(super) fn finish(self) -> Applied {
        Applied { changes: self.draft.into_changes(), catalogue: self.catalogue, new_ids: self.new_ids }
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
            let highest = self.catalogue.sites().map(|site| site.number).max().unwrap_or(0);
            site.number = highest.saturating_add(1);
        }
        let bytes = rmp_serde::to_vec_named(&document).map_err(|error| ReadError(error.to_string()))?;
        self.draft.put(row, bytes);
        self.catalogue.put(document.clone());
        Ok((Outcome::Recorded, Some(Record::Put { document, new })))
    }

    fn remove_document(&mut self, key: &DocumentKey) -> Outcome {
        if !self.catalogue.remove(key) {
            return Outcome::Duplicate;
        }
        self.draft.remove(Key::document(&key.kind, &key.id).done());
        Outcome::Recorded
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

/// Reads all documents into a catalogue.
pub(super) fn load_catalogue(view: &View) -> Result<Catalogue, ReadError> {
    let mut catalogue = Catalogue::default();
    for row in view.prefixed(&Key::documents()) {
        let (_, bytes) = row?;
        catalogue.put(rmp_serde::from_slice(&bytes).map_err(|error| ReadError(error.to_string()))?);
    }
    Ok(catalogue)
}
