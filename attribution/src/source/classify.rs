//! Judges an entry: which source brought it, and whether it continues the touch before it.

use super::click::{ClickId, Meaning, counting};
use super::hosts::{Referrer, SiteHosts};
use super::places::{Place, at, named};
use super::{
    Arrival, Continuation, DIRECT, Entry, Kind, NO_MEDIUM, NOT_SET, Source, fold, present,
};
use crate::channel::{self, Channel, Signs};

/// An entry judged, with what its visitor's history needs to know of it.
pub(crate) struct Judged {
    /// What is said of the entry by itself.
    pub(crate) arrival: Arrival,
    /// The referrer's host as shown.
    pub(crate) referrer: Option<String>,
    /// Whether it is a return from paying if its visitor started a checkout shortly before.
    pub(crate) may_return: bool,
}

/// Where a referrer points, as far as sources are concerned.
enum Origin<'a> {
    Nowhere,
    OwnSite,
    Return,
    Place(Place, Referrer<'a>),
    Elsewhere(Referrer<'a>),
}

/// A source's name and kind.
struct Named {
    name: String,
    kind: Kind,
}

/// Judges an entry by itself. What its visitor did before is the concern of [`crate::journey::visits`].
pub fn classify(entry: &Entry, site: &SiteHosts) -> Arrival {
    judge(entry, site).arrival
}

/// As [`classify`], with what the visitor's history needs.
pub(crate) fn judge(entry: &Entry, site: &SiteHosts) -> Judged {
    let origin = Origin::of(entry, site);
    let tagged = entry
        .campaign
        .source
        .as_deref()
        .and_then(present)
        .map(Named::of_tag);
    let click = counting(
        &entry.click_ids,
        tagged.as_ref().map(|tagged| tagged.name.as_str()),
    );
    let has_campaign = !entry.campaign.is_empty();
    let source = if has_campaign {
        campaign_source(entry, tagged, click, &origin)
    } else if let Some(click) = click {
        click_source(click, &origin)
    } else {
        plain_source(entry, &origin, site)
    };
    let stands_alone = has_campaign || click.is_some();
    let continues = if stands_alone {
        None
    } else {
        origin.continuation(entry)
    };
    let continues = continues.or((!entry.is_pageview).then_some(Continuation::TurnedOver));
    let may_return = !stands_alone && !origin.is_network();
    Judged {
        arrival: Arrival { source, continues },
        referrer: origin.shown(entry),
        may_return,
    }
}

impl<'a> Origin<'a> {
    fn of(entry: &'a Entry, site: &SiteHosts) -> Self {
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

    fn continuation(&self, entry: &Entry) -> Option<Continuation> {
        match self {
            Self::OwnSite => Some(Continuation::OwnSite),
            Self::Return => Some(Continuation::ReturnHost),
            Self::Nowhere | Self::Place(..) | Self::Elsewhere(_) => entry
                .checkout_return
                .then_some(Continuation::CheckoutParameter),
        }
    }

    fn named(&self) -> Option<Named> {
        match self {
            Self::Place(place, _) => Some(Named::of_place(*place)),
            Self::Elsewhere(referrer) => {
                let kind =
                    at(&referrer.host, referrer.path).map_or(Kind::Other, |place| place.kind);
                Some(Named {
                    name: referrer.shown().to_owned(),
                    kind,
                })
            }
            Self::Nowhere | Self::OwnSite | Self::Return => None,
        }
    }

    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Place(place, _) => Some(place.kind),
            Self::Nowhere | Self::OwnSite | Self::Return | Self::Elsewhere(_) => None,
        }
    }

    const fn is_network(&self) -> bool {
        matches!(self, Self::Place(..))
    }

    fn shown(&self, entry: &Entry) -> Option<String> {
        match self {
            Self::Place(_, referrer) | Self::Elsewhere(referrer) => {
                Some(referrer.shown().to_owned())
            }
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
        Self {
            name: place.name.to_owned(),
            kind: place.kind,
        }
    }

    /// What a tag names: a network by name, alias, host or address; else what is written there.
    fn of_tag(tag: &str) -> Self {
        if let Some(place) = named(&fold(tag)) {
            return Self::of_place(place);
        }
        let looks_like_host =
            !tag.contains(char::is_whitespace) && (tag.contains('.') || tag.contains("://"));
        let Some(referrer) = looks_like_host.then(|| Referrer::parse(tag)).flatten() else {
            return Self {
                name: tag.to_owned(),
                kind: Kind::Other,
            };
        };
        match at(&referrer.host, referrer.path) {
            Some(place) if place.is_network() => Self::of_place(place),
            place => {
                let kind = place
                    .filter(|place| !place.is_return)
                    .map_or(Kind::Other, |place| place.kind);
                let is_address =
                    tag.contains('/') || tag.len() >= 4 && fold(tag).starts_with("www.");
                let name = if is_address { referrer.shown() } else { tag };
                Self {
                    name: name.to_owned(),
                    kind,
                }
            }
        }
    }
}

/// A source by its `utm_…` parameters.
fn campaign_source(
    entry: &Entry,
    tagged: Option<Named>,
    click: Option<ClickId>,
    origin: &Origin<'_>,
) -> Source {
    let campaign = &entry.campaign;
    if tagged
        .as_ref()
        .is_some_and(|tagged| is_word_direct(&tagged.name))
        && campaign.parameters().all(|(name, value)| {
            name == "utm_source" || name == "utm_medium" && is_no_medium(value)
        })
    {
        return direct();
    }
    let by_click = click
        .filter(|click| names_source(click, origin))
        .map(|click| Named {
            name: click.network.to_owned(),
            kind: click.kind,
        });
    let Named { name, kind } = tagged
        .or(by_click)
        .or_else(|| origin.named())
        .unwrap_or_else(|| Named {
            name: NOT_SET.to_owned(),
            kind: Kind::Other,
        });
    let shown = |value: &Option<String>| {
        value
            .as_deref()
            .and_then(present)
            .unwrap_or(NOT_SET)
            .to_owned()
    };
    let (medium, campaign_name) = (shown(&campaign.medium), shown(&campaign.campaign));
    let signs = Signs {
        source: &fold(&name),
        kind,
        medium: &fold(&medium),
        campaign: &fold(&campaign_name),
        click: click.map(|click| click.meaning),
        is_from_assistant: origin.kind() == Some(Kind::AiAssistant),
    };
    Source {
        channel: channel::decide(&signs),
        paid: signs.is_paid(),
        source: name,
        medium,
        campaign: campaign_name,
        term: shown(&campaign.term),
        content: shown(&campaign.content),
        kind,
        click_id: click.map(|click| click.name),
    }
}

/// A source by its click id alone.
fn click_source(click: ClickId, origin: &Origin<'_>) -> Source {
    let is_unpaid = click.meaning == Meaning::Unpaid;
    let source = match origin.named() {
        Some(named) if !names_source(&click, origin) => untagged(named, None, origin),
        _ => {
            let medium = if is_unpaid { "social" } else { "cpc" };
            let named = Named {
                name: click.network.to_owned(),
                kind: click.kind,
            };
            with_medium(named, medium, Some(click.meaning), origin)
        }
    };
    Source {
        click_id: Some(click.name),
        ..source
    }
}

/// Facebook's click id is on links that are passed on: another network that sent the visitor names itself.
fn names_source(click: &ClickId, origin: &Origin<'_>) -> bool {
    click.meaning != Meaning::Unpaid || !origin.is_network()
}

/// A source without campaign and click id: the referrer, else a tag, else Direct.
fn plain_source(entry: &Entry, origin: &Origin<'_>, site: &SiteHosts) -> Source {
    if origin.continuation(entry).is_some() {
        return direct();
    }
    if let Some(named) = origin.named() {
        return untagged(named, None, origin);
    }
    let tags = [&entry.tags.reference, &entry.tags.source, &entry.tags.via];
    let mut values = tags
        .into_iter()
        .filter_map(|tag| tag.as_deref().and_then(present))
        .filter(|tag| !site.contains(tag));
    match values.next() {
        Some(tag) => Source {
            channel: Channel::Referral,
            ..with_medium(Named::of_tag(tag), "referral", None, origin)
        },
        None => direct(),
    }
}

fn untagged(named: Named, click: Option<Meaning>, origin: &Origin<'_>) -> Source {
    let medium = match named.kind {
        Kind::Search => "organic",
        Kind::Social => "social",
        Kind::Video => "video",
        Kind::AiAssistant => "ai-assistant",
        Kind::Direct | Kind::Shopping | Kind::Mail | Kind::Other => "referral",
    };
    with_medium(named, medium, click, origin)
}

fn with_medium(named: Named, medium: &str, click: Option<Meaning>, origin: &Origin<'_>) -> Source {
    let signs = Signs {
        source: &fold(&named.name),
        kind: named.kind,
        medium,
        campaign: "",
        click,
        is_from_assistant: origin.kind() == Some(Kind::AiAssistant),
    };
    Source {
        channel: channel::decide(&signs),
        paid: signs.is_paid(),
        source: named.name,
        medium: medium.to_owned(),
        campaign: NOT_SET.to_owned(),
        term: NOT_SET.to_owned(),
        content: NOT_SET.to_owned(),
        kind: named.kind,
        click_id: None,
    }
}

fn direct() -> Source {
    Source {
        source: DIRECT.to_owned(),
        medium: NO_MEDIUM.to_owned(),
        campaign: NOT_SET.to_owned(),
        term: NOT_SET.to_owned(),
        content: NOT_SET.to_owned(),
        channel: Channel::Direct,
        paid: false,
        kind: Kind::Direct,
        click_id: None,
    }
}

fn is_word_direct(source: &str) -> bool {
    source.eq_ignore_ascii_case("direct") || source.eq_ignore_ascii_case("(direct)")
}

fn is_no_medium(medium: &str) -> bool {
    let medium = medium.trim();
    medium.eq_ignore_ascii_case(NO_MEDIUM) || medium.eq_ignore_ascii_case("none")
}

/// Bank pages of 3-D Secure and sign-in steps that no list can name, known by a label of their host or by
/// the path that the protocol gives them.
fn is_return_by_structure(referrer: &Referrer<'_>) -> bool {
    let is_bank_label = |label: &str| {
        let is_numbered = |name: &str| {
            label
                .strip_prefix(name)
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        label.starts_with("3dsecure")
            || label.starts_with("3d-secure")
            || ["acs", "3ds", "emv3ds", "3dss", "secureacs"]
                .into_iter()
                .any(is_numbered)
    };
    // The registrable part of a host is a name that anyone can buy; only what stands before it tells.
    let labels: Vec<&str> = referrer.host.split('.').collect();
    let before_domain = labels.len().saturating_sub(2);
    let is_bank = labels.into_iter().take(before_domain).any(is_bank_label);
    is_bank
        || ["/dialog/oauth", "/oauth/authorize", "/oauth2/"]
            .iter()
            .any(|part| referrer.path.contains(part))
}
