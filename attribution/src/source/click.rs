//! Ad click ids: whose they are, and what they say of a visit.

use super::{Kind, present};

/// What a click id says of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The visit was paid for, at a place of this kind.
    Paid(Kind),
    /// The visit was paid for as a banner.
    Display,
    /// The visit came by an affiliate programme.
    Affiliate,
    /// Nothing about money: it is added to unpaid links too.
    Unpaid,
}

/// An ad click id that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClickId {
    /// The parameter's name, as its network spells it.
    pub(crate) name: &'static str,
    /// The name of the network that adds it.
    pub(crate) network: &'static str,
    /// The network's kind.
    pub(crate) kind: Kind,
    /// What it says.
    pub(crate) meaning: Meaning,
    /// Other sources whose links carry it.
    partners: &'static [&'static str],
}

const fn paid(name: &'static str, network: &'static str, kind: Kind) -> ClickId {
    ClickId {
        name,
        network,
        kind,
        meaning: Meaning::Paid(kind),
        partners: &[],
    }
}

/// Every click id that is captured, in the order in which they are asked.
pub(crate) const CLICK_IDS: [ClickId; 14] = [
    paid("gclid", "Google", Kind::Search),
    paid("gbraid", "Google", Kind::Search),
    paid("wbraid", "Google", Kind::Search),
    ClickId {
        meaning: Meaning::Display,
        ..paid("dclid", "Google", Kind::Search)
    },
    ClickId {
        partners: &["Yahoo", "DuckDuckGo"],
        ..paid("msclkid", "Bing", Kind::Search)
    },
    paid("ttclid", "TikTok", Kind::Social),
    paid("twclid", "X", Kind::Social),
    paid("li_fat_id", "LinkedIn", Kind::Social),
    paid("rdt_cid", "Reddit", Kind::Social),
    paid("epik", "Pinterest", Kind::Social),
    paid("ScCid", "Snapchat", Kind::Social),
    paid("yclid", "Yandex", Kind::Search),
    ClickId {
        meaning: Meaning::Affiliate,
        ..paid("irclickid", "Impact", Kind::Other)
    },
    ClickId {
        meaning: Meaning::Unpaid,
        partners: &["Instagram", "Threads", "WhatsApp"],
        ..paid("fbclid", "Facebook", Kind::Social)
    },
];

impl ClickId {
    /// The click id of that parameter, in any case.
    pub(crate) fn named(parameter: &str) -> Option<Self> {
        CLICK_IDS
            .into_iter()
            .find(|known| known.name.eq_ignore_ascii_case(parameter))
    }

    /// Whether it counts beside a source of that name: its own network's, or none.
    fn counts_beside(&self, source: Option<&str>) -> bool {
        source.is_none_or(|source| {
            source.eq_ignore_ascii_case(self.network) || self.partners.contains(&source)
        })
    }
}

/// The first click id that counts: it has a value, and the tagged source (as shown), if any, is of its own
/// network. People paste links with somebody else's click id in them.
pub(super) fn counting(
    click_ids: &[(String, String)],
    tagged_source: Option<&str>,
) -> Option<ClickId> {
    CLICK_IDS.into_iter().find(|known| {
        let is_given = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case(known.name) && present(value).is_some()
        };
        known.counts_beside(tagged_source) && click_ids.iter().any(is_given)
    })
}
