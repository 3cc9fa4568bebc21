//! Event ids that were seen, remembered for 7 days: sets by the day of arrival, in memory, refilled from the log.
//!
//! Of each id a 64-bit `SipHash` under a key of this process is kept. Two ids of 10 million within a week meet by
//! chance in one of 100 billion events, and nobody can make them meet on purpose.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::catalogue::SiteNumber;
use crate::clock::{DAY_MS, Millis};

/// Days for which an id is remembered, at least.
const DAYS: Millis = 7;

/// The ids seen in the last days.
#[derive(Default)]
pub(super) struct SeenIds {
    hasher: RandomState,
    days: BTreeMap<Millis, HashSet<u64>>,
}

impl SeenIds {
    /// The time before which an arrival need not be remembered any more.
    pub(super) fn horizon_ms(now_ms: Millis) -> Millis {
        now_ms.div_euclid(DAY_MS).saturating_sub(DAYS).saturating_mul(DAY_MS)
    }

    /// Remembers an id that arrived at `received_ms`.
    pub(super) fn insert(&mut self, site: SiteNumber, id: &str, received_ms: Millis) {
        let hash = self.hasher.hash_one((site, id));
        self.days.entry(received_ms.div_euclid(DAY_MS)).or_default().insert(hash);
    }

    /// Whether an id is remembered at `now_ms`.
    pub(super) fn contains(&self, site: SiteNumber, id: &str, now_ms: Millis) -> bool {
        let hash = self.hasher.hash_one((site, id));
        let first = now_ms.div_euclid(DAY_MS).saturating_sub(DAYS);
        self.days.range(first..).any(|(_, ids)| ids.contains(&hash))
    }

    /// Forgets what need not be remembered any more.
    pub(super) fn forget(&mut self, now_ms: Millis) {
        self.days = self.days.split_off(&now_ms.div_euclid(DAY_MS).saturating_sub(DAYS));
    }
}

#[cfg(test)]
mod tests {
    //! How long an id is remembered.

    use super::*;

    #[test]
    fn an_id_is_remembered_for_seven_days_within_its_site_alone() {
        let mut seen = SeenIds::default();
        let noon = 20_000 * DAY_MS + DAY_MS / 2;
        seen.insert(1, "a", noon);
        for (site, id, later_days, expected) in
            [(1, "a", 0, true), (1, "a", 7, true), (1, "a", 8, false), (2, "a", 0, false), (1, "b", 0, false)]
        {
            assert_eq!(seen.contains(site, id, noon + later_days * DAY_MS), expected, "{site} {id} {later_days}");
        }
        seen.forget(noon + 7 * DAY_MS);
        assert!(seen.contains(1, "a", noon + 7 * DAY_MS));
        seen.forget(noon + 8 * DAY_MS);
        assert!(seen.days.is_empty());
    }
}
