//! The fourth level: what the address that came with a payment says by itself.

use super::levels::last_used;
use super::{CheckoutUrl, ConsideredTouch, Evidence, LevelReason, LevelTried};
use crate::source::{Entry, SiteHosts, classify, fold};
use crate::touch::Touch;

/// Level 4, and the campaign that a purchase brings along: the touch that the payment's own address makes.
pub(super) fn try_url(
    tried: &mut LevelTried,
    evidence: &Evidence,
    site: &SiteHosts,
    journey: Option<&[ConsideredTouch]>,
) -> Option<Touch> {
    if journey.is_some() && !evidence.is_purchase_event {
        return None;
    }
    let Some(url) = &evidence.url else {
        tried.reason = LevelReason::NothingGiven;
        return None;
    };
    tried.looked_for = named_by(url);
    let last = journey.and_then(last_used);
    let (speaks, reason) = match last {
        Some(last) if url.says.has_campaign() && is_carried(url, last) => {
            (false, LevelReason::AlreadyCarried)
        }
        Some(_) if url.says.has_campaign() => (true, LevelReason::Appended),
        None if url.says.names_source() => (true, LevelReason::Holds),
        _ => (false, LevelReason::NothingGiven),
    };
    tried.reason = reason;
    tried.holds = speaks;
    tried.touch = speaks.then(|| touch_of(url, evidence, site));
    tried.touch.clone()
}

fn named_by(url: &CheckoutUrl) -> Vec<(&'static str, String)> {
    let campaign = url.says.campaign.parameters().map(|(name, value)| format!("{name}={value}"));
    let click_ids = url.says.click_ids.iter().map(|(name, value)| format!("{name}={value}"));
    let tags = &url.says.tags;
    let tags = [("ref", &tags.reference), ("source", &tags.source), ("via", &tags.via)];
    let tags =
        tags.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")));
    campaign.chain(click_ids).chain(tags).map(|parameter| ("url", parameter)).collect()
}

/// Whether every campaign parameter and click id of the address has the same folded value in the touch.
fn is_carried(url: &CheckoutUrl, touch: &Touch) -> bool {
    let has_parameter = |(name, value): (&str, &str)| {
        touch.campaign.parameters().any(|(other, carried)| other == name && fold(carried) == fold(value))
    };
    let has_click_id = |(name, value): &(String, String)| {
        touch
            .click_ids
            .iter()
            .any(|(other, carried)| other.eq_ignore_ascii_case(name) && fold(carried) == fold(value))
    };
    url.says.campaign.parameters().all(has_parameter) && url.says.click_ids.iter().all(has_click_id)
}

fn touch_of(url: &CheckoutUrl, evidence: &Evidence, site: &SiteHosts) -> Touch {
    let entry = Entry {
        at_ms: evidence.at_ms,
        event_id: evidence.event_id.clone(),
        is_pageview: true,
        host: url.host.clone(),
        landing_page: url.landing_page.clone(),
        campaign: url.says.campaign.clone(),
        click_ids: url.says.click_ids.clone(),
        tags: url.says.tags.clone(),
        ..Entry::default()
    };
    Touch {
        at_ms: entry.at_ms,
        source: classify(&entry, site).source,
        event_id: entry.event_id,
        visitor: evidence.visitor_id.clone(),
        session: None,
        campaign: entry.campaign,
        click_ids: entry.click_ids,
        referrer: None,
        landing_page: entry.landing_page,
        country: None,
        device: None,
        browser: None,
        os: None,
    }
}
