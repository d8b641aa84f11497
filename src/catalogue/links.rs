//! Relations in both directions, from the one that is stored.

use std::collections::HashMap;

use super::kind::Domain;

/// What one entity says of others, and what they call it.
pub(super) struct Stored<'a> {
    pub(super) from: Domain,
    pub(super) id: i32,
    pub(super) relation: &'static str,
    pub(super) to: Domain,
    pub(super) inverse: &'static str,
    pub(super) ids: &'a [i32],
}

/// The ids that each entity is related to, ascending.
#[derive(Default)]
pub(super) struct Links(HashMap<(Domain, i32, &'static str), Vec<i32>>);

impl Links {
    pub(super) fn new(stored: &[Stored<'_>]) -> Self {
        let mut links = Self::default();
        for from in stored {
            for id in from.ids {
                links.add((from.from, from.id, from.relation), *id);
                links.add((from.to, *id, from.inverse), from.id);
            }
        }
        for ids in links.0.values_mut() {
            ids.sort_unstable();
        }
        links
    }

    fn add(&mut self, key: (Domain, i32, &'static str), id: i32) {
        self.0.entry(key).or_default().push(id);
    }

    /// What the entity is related to; empty when to nothing.
    pub(super) fn of(&self, domain: Domain, id: i32, relation: &'static str) -> &[i32] {
        self.0
            .get(&(domain, id, relation))
            .map_or(&[], Vec::as_slice)
    }

    /// Every entity's relations and how many each leads to.
    pub(super) fn counts(&self) -> impl Iterator<Item = (Domain, i32, &'static str, usize)> {
        self.0
            .iter()
            .map(|(&(domain, id, relation), ids)| (domain, id, relation, ids.len()))
    }
}
