//! Reading through the layers: what was put last is seen, wherever it stands.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;

use super::{Bytes, Layer};
use crate::store::ReadError;
use crate::store::embedded::key;

/// The derived data as a reader sees it.
#[derive(Clone)]
pub(in crate::store::embedded) struct View {
    fresh: Layer,
    sinking: Layer,
    tree: sled::Tree,
}

impl View {
    pub(super) fn new(fresh: Layer, sinking: Layer, tree: sled::Tree) -> Self {
        Self { fresh, sinking, tree }
    }

    /// The value of a key.
    pub(in crate::store::embedded) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, ReadError> {
        for layer in [&self.fresh, &self.sinking] {
            if let Some(value) = layer.get(key) {
                return Ok(value.clone());
            }
        }
        Ok(self.tree.get(key)?)
    }

    /// The rows from `from` (inclusive) to `to` (exclusive), by key.
    pub(in crate::store::embedded) fn range(&self, from: &[u8], to: &[u8]) -> Merge<'_> {
        let bounds = (Bound::Included(Bytes::from(from)), Bound::Excluded(Bytes::from(to)));
        let below = self.tree.range(from.to_vec()..to.to_vec());
        Merge {
            layers: [
                layer_rows(&self.fresh, bounds.clone()).peekable(),
                layer_rows(&self.sinking, bounds).peekable(),
                (Box::new(
                    below.map(|row| row.map(|(key, value)| (key, Some(value))).map_err(ReadError::from)),
                ) as Rows<'_>)
                    .peekable(),
            ],
        }
    }

    /// The rows whose keys begin with `prefix`, by key.
    pub(in crate::store::embedded) fn prefixed(&self, prefix: &[u8]) -> Merge<'_> {
        self.range(prefix, &key::after_prefix(prefix))
    }

    /// The last row whose key begins with `prefix`.
    pub(in crate::store::embedded) fn last(
        &self,
        prefix: &[u8],
    ) -> Result<Option<(Bytes, Bytes)>, ReadError> {
        let mut to = key::after_prefix(prefix);
        loop {
            let mut best: Option<(Bytes, Option<Bytes>)> = self
                .tree
                .range(prefix.to_vec()..to.clone())
                .next_back()
                .transpose()?
                .map(|(key, value)| (key, Some(value)));
            for layer in [&self.sinking, &self.fresh] {
                let bounds =
                    (Bound::Included(Bytes::from(prefix)), Bound::Excluded(Bytes::from(to.as_slice())));
                if let Some((key, value)) = layer.range(bounds).next_back()
                    && best.as_ref().is_none_or(|(found, _)| key >= found)
                {
                    best = Some((key.clone(), value.clone()));
                }
            }
            match best {
                None => return Ok(None),
                Some((key, Some(value))) => return Ok(Some((key, value))),
                Some((key, None)) => to = key.to_vec(),
            }
        }
    }
}

type Row = Result<(Bytes, Option<Bytes>), ReadError>;
type Rows<'a> = Box<dyn Iterator<Item = Row> + 'a>;

fn layer_rows(layer: &Layer, bounds: (Bound<Bytes>, Bound<Bytes>)) -> Rows<'_> {
    Box::new(layer.range(bounds).map(|(key, value)| Ok((key.clone(), value.clone()))))
}

/// Rows of several layers in one order; an upper layer's row hides those below it.
pub(in crate::store::embedded) struct Merge<'a> {
    layers: [Peekable<Rows<'a>>; 3],
}

impl Iterator for Merge<'_> {
    type Item = Result<(Bytes, Bytes), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut smallest: Option<Bytes> = None;
            for layer in &mut self.layers {
                match layer.peek() {
                    Some(Err(error)) => return Some(Err(error.clone())),
                    Some(Ok((key, _))) if smallest.as_ref().is_none_or(|found| key < found) => {
                        smallest = Some(key.clone());
                    }
                    _ => {}
                }
            }
            let key = smallest?;
            let mut shown: Option<Option<Bytes>> = None;
            for layer in &mut self.layers {
                let here = layer.next_if(|row| matches!(row, Ok((found, _)) if *found == key));
                if let (None, Some(Ok((_, value)))) = (&shown, here) {
                    shown = Some(value);
                }
            }
            if let Some(Some(value)) = shown {
                return Some(Ok((key, value)));
            }
        }
    }
}

/// A snapshot with changes of its own on top, which nobody else sees yet.
pub(in crate::store::embedded) struct Draft<'a> {
    view: &'a View,
    changes: BTreeMap<Bytes, Option<Bytes>>,
}

impl<'a> Draft<'a> {
    /// A draft without changes.
    pub(in crate::store::embedded) fn new(view: &'a View) -> Self {
        Self { view, changes: BTreeMap::new() }
    }

    /// The value of a key, the draft's own changes first.
    pub(in crate::store::embedded) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, ReadError> {
        match self.changes.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.view.get(key),
        }
    }

    /// Puts a row in.
    pub(in crate::store::embedded) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.changes.insert(Bytes::from(key), Some(Bytes::from(value)));
    }

    /// Takes a row out.
    pub(in crate::store::embedded) fn remove(&mut self, key: Vec<u8>) {
        self.changes.insert(Bytes::from(key), None);
    }

    /// The rows whose keys begin with `prefix`, the draft's own changes first.
    pub(in crate::store::embedded) fn prefixed(
        &self,
        prefix: &[u8],
    ) -> Result<Vec<(Bytes, Bytes)>, ReadError> {
        let mut rows: BTreeMap<Bytes, Option<Bytes>> = BTreeMap::new();
        for row in self.view.prefixed(prefix) {
            let (key, value) = row?;
            rows.insert(key, Some(value));
        }
        let bounds =
            (Bound::Included(Bytes::from(prefix)), Bound::Excluded(Bytes::from(key::after_prefix(prefix))));
        for (key, value) in self.changes.range(bounds) {
            rows.insert(key.clone(), value.clone());
        }
        Ok(rows.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
    }

    /// All changes.
    pub(in crate::store::embedded) fn into_changes(self) -> BTreeMap<Bytes, Option<Bytes>> {
        self.changes
    }
}
