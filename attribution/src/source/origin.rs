//! Where a referrer points and what a tag names, as far as sources are concerned.

use super::hosts::{Referrer, SiteHosts};
use super::places::{Place, at, named};
use super::{Continuation, Entry, Kind, fold};

/// Where a referrer points, as far as sources are concerned.
pub(super) enum Origin<'a> {
    Nowhere,
    OwnSite,
    Return,
    Place(Place, Referrer<'a>),
    Elsewhere(Referrer<'a>),
}

/// A source's name and kind.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) kind: Kind,
}

impl<'a> Origin<'a> {
    pub(super) fn of(entry: &'a Entry, site: &SiteHosts) -> Self {
        let Some(referrer) = entry.referrer.as_deref().and_then(Referrer::parse) else {
            return Self::Nowhere;
        };
        if site.has(&referrer.host) || referrer.host == entry.host {
            return Self::OwnSite;
        }
        match at(&referrer.host, referrer.path) {
            Some(place) if place.is_return => Self::Return,
            _ if is_return_by_structure(&referrer) => Self::Return,
            Some(place) if place.is_network() => Self::Place(place, referrer),
            _ => Self::Elsewhere(referrer),
        }
    }

    pub(super) fn continuation(&self, entry: &Entry) -> Option<Continuation> {
        match self {
            Self::OwnSite => Some(Continuation::OwnSite),
            Self::Return => Some(Continuation::ReturnHost),
            Self::Nowhere | Self::Place(..) | Self::Elsewhere(_) => {
                entry.checkout_return.then_some(Continuation::CheckoutParameter)
            }
        }
    }

    pub(super) fn named(&self) -> Option<Named> {
        match self {
            Self::Place(place, _) => Some(Named::of_place(*place)),
            Self::Elsewhere(referrer) => {
                let kind = at(&referrer.host, referrer.path).map_or(Kind::Other, |place| place.kind);
                Some(Named { name: referrer.shown().to_owned(), kind })
            }
            Self::Nowhere | Self::OwnSite | Self::Return => None,
        }
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Place(place, _) => Some(place.kind),
            Self::Nowhere | Self::OwnSite | Self::Return | Self::Elsewhere(_) => None,
        }
    }

    pub(super) const fn is_network(&self) -> bool {
        matches!(self, Self::Place(..))
    }

    pub(super) fn shown(&self, entry: &Entry) -> Option<String> {
        match self {
            Self::Place(_, referrer) | Self::Elsewhere(referrer) => Some(referrer.shown().to_owned()),
            Self::OwnSite | Self::Return => entry
                .referrer
                .as_deref()
                .and_then(Referrer::parse)
                .map(|referrer| referrer.shown().to_owned()),
            Self::Nowhere => None,
        }
    }
}

impl Named {
    fn of_place(place: Place) -> Self {
        Self { name: place.name.to_owned(), kind: place.kind }
    }

    /// What a tag names: a network by name, alias, host or address; else what is written there.
    pub(super) fn of_tag(tag: &str) -> Self {
        if let Some(place) = named(&fold(tag)) {
            return Self::of_place(place);
        }
        let looks_like_host =
            !tag.contains(char::is_whitespace) && (tag.contains('.') || tag.contains("://"));
        let Some(referrer) = looks_like_host.then(|| Referrer::parse(tag)).flatten() else {
            return Self { name: tag.to_owned(), kind: Kind::Other };
        };
        match at(&referrer.host, referrer.path) {
            Some(place) if place.is_network() => Self::of_place(place),
            place => {
                let kind = place.filter(|place| !place.is_return).map_or(Kind::Other, |place| place.kind);
                let is_address = tag.contains('/') || tag.len() >= 4 && fold(tag).starts_with("www.");
                let name = if is_address { referrer.shown() } else { tag };
                Self { name: name.to_owned(), kind }
            }
        }
    }
}

/// Bank pages of 3-D Secure and sign-in steps that no list can name, known by a label of their host or by
/// the path that the protocol gives them.
fn is_return_by_structure(referrer: &Referrer<'_>) -> bool {
    let is_bank_label = |label: &str| {
        let is_numbered = |name: &str| {
            label.strip_prefix(name).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        label.starts_with("3dsecure")
            || label.starts_with("3d-secure")
            || ["acs", "3ds", "emv3ds", "3dss", "secureacs"].into_iter().any(is_numbered)
    };
    // The registrable part of a host is a name that anyone can buy; only what stands before it tells.
    let labels: Vec<&str> = referrer.host.split('.').collect();
    let before_domain = labels.len().saturating_sub(2);
    let is_bank = labels.into_iter().take(before_domain).any(is_bank_label);
    is_bank
        || ["/dialog/oauth", "/oauth/authorize", "/oauth2/"].iter().any(|part| referrer.path.contains(part))
}
