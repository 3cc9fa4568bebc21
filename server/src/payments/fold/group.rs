//! Groups: the facts that references join for certain, directly or through others.

use std::collections::HashMap;

use super::{Heard, is_strong};

/// The groups of facts, each in the order given. Live and test money are never one group.
pub(super) fn connected<'a>(heard: &[Heard<'a>]) -> Vec<Vec<Heard<'a>>> {
    let mut sets = Sets::new(heard.len());
    let mut first_with: HashMap<(bool, &str), usize> = HashMap::new();
    for (position, one) in heard.iter().enumerate() {
        for reference in one.fact.references.iter().filter(|reference| is_strong(reference)) {
            let first = *first_with.entry((one.live, reference)).or_insert(position);
            sets.join(first, position);
        }
    }
    let mut groups: Vec<Vec<Heard<'a>>> = Vec::new();
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (position, one) in heard.iter().enumerate() {
        let group = *group_of.entry(sets.root(position)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(group) {
            group.push(*one);
        }
    }
    groups
}

/// Disjoint sets of positions.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    fn root(&self, position: usize) -> usize {
        let mut at = position;
        while let Some(parent) = self.parents.get(at).copied().filter(|parent| *parent != at) {
            at = parent;
        }
        at
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        if let Some(parent) = self.parents.get_mut(left.max(right)) {
            *parent = left.min(right);
        }
    }
}
