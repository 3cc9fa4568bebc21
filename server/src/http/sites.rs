//! Sites: listed, added, changed, and how they are doing.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use warp::reply::Response;

use super::request::Request;
use super::time::iso;
use super::{body, reply};
use crate::accounts::{Scope, access, identify, site_access};
use crate::app::App;
use crate::catalogue::{Catalogue, Document, Site, SiteNumber};
use crate::clock::Millis;
use crate::error::ApiError;
use crate::secrets::random_hex;
use crate::store::{ReadError, Store};

/// Aliases, excluded paths and addresses, kept parameters: so many each.
const LIST_LIMIT: usize = 100;
/// Characters of each of them.
const ENTRY_CHARS: usize = 253;
/// The window of a new site.
const DEFAULT_WINDOW_DAYS: u32 = 90;
/// A day.
const DAY_MS: Millis = 24 * 60 * 60 * 1_000;

/// The members of a site that may be given; what is not given stays, or has its default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::option_option, reason = "a window may be missing, or be given as none")]
struct Settings {
    domain: Option<String>,
    aliases: Option<Vec<String>>,
    time_zone: Option<String>,
    currency: Option<String>,
    #[serde(deserialize_with = "given")]
    window_days: Option<Option<u32>>,
    count_orders_once: Option<bool>,
    excluded_paths: Option<Vec<String>>,
    excluded_addresses: Option<Vec<String>>,
    kept_parameters: Option<Vec<String>>,
    signed_identify_only: Option<bool>,
}

/// A member that is `null` is given: the window without end.
#[expect(clippy::option_option, reason = "a window may be missing, or be given as none")]
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The sites that the caller may see.
pub(crate) async fn list(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let who = identify(&app, &request)?;
    access(&app, &request, who.site(), Scope::SitesRead)?;
    let catalogue = app.store.catalogue();
    let sites: Vec<_> =
        catalogue.sites().filter(|site| who.may(Scope::SitesRead, Some(&site.id))).map(shown).collect();
    Ok(reply::data(sites))
}

/// Adds a site.
pub(crate) async fn add(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::SitesWrite)?;
    let settings: Settings = body::json(&mut request).await?;
    if settings.domain.is_none() {
        return Err(ApiError::invalid("domain", "A site needs its `domain`, for example shop.example."));
    }
    let changing = app.change().await;
    let site = Site {
        id: format!("pk_live_{}", random_hex(12)?),
        number: next_number(&app.store.catalogue()),
        domain: String::new(),
        aliases: Vec::new(),
        time_zone: "UTC".to_owned(),
        currency: "USD".to_owned(),
        window_days: Some(DEFAULT_WINDOW_DAYS),
        count_orders_once: false,
        excluded_paths: Vec::new(),
        excluded_addresses: Vec::new(),
        kept_parameters: Vec::new(),
        identify_secret: None,
        signed_identify_only: false,
        created_at_ms: app.clock.now_ms(),
    };
    let site = changed(site, settings)?;
    changing.add(Document::Site(site.clone())).await?;
    Ok(reply::created(shown(&site)))
}

/// One site.
pub(crate) async fn show(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::SitesRead)?;
    Ok(reply::data(shown(&site)))
}

/// Changes some of a site's settings.
pub(crate) async fn change(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    site_access(&app, &request, Scope::SitesWrite)?;
    let settings: Settings = body::json(&mut request).await?;
    let changing = app.change().await;
    // Read again: another change may have come between.
    let (_, site) = site_access(&app, &request, Scope::SitesWrite)?;
    let site = changed(site, settings)?;
    changing.put(Document::Site(site.clone())).await?;
    Ok(reply::data(shown(&site)))
}

/// How a site is doing: whether events and webhooks arrive.
pub(crate) async fn status(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::SitesRead)?;
    let status = app.work(move |app| status_of(app, &site)).await??;
    Ok(reply::data(status))
}

fn status_of(app: &App, site: &Site) -> Result<Value, ReadError> {
    let store: &dyn Store = &*app.store;
    let since_ms = app.clock.now_ms().saturating_sub(DAY_MS);
    let activity = store.activity(site.number)?;
    let mut events = 0_u64;
    store.events(site.number, since_ms..Millis::MAX, &mut |_| events = events.saturating_add(1))?;
    let (refused, last_refused) = app.refused.since(&site.id, None, since_ms);
    let last_event = activity.last_event.as_ref();
    let last_webhook = activity.last_webhooks.iter().max_by_key(|(_, webhook)| webhook.at_ms);
    Ok(json!({
        "first_event_at": activity.first_event_ms.map(iso),
        "last_event_at": last_event.map(|event| iso(event.at_ms)),
        "events_24h": events,
        "last_event": last_event.map(|event| json!({
            "at": iso(event.at_ms),
            "event_type": event.kind,
            "url": format!("https://{}{}", site.domain, event.path),
            "source": null,
        })),
        "last_webhook": last_webhook.map(|(provider, webhook)| json!({
            "at": iso(webhook.at_ms), "provider": provider.name(),
            "type": webhook.event_type, "status": webhook.outcome,
        })),
        "refused_webhooks_24h": refused,
        "last_refused_webhook": last_refused.map(|refusal| json!({
            "at": iso(refusal.at_ms), "provider": refusal.provider.name(), "reason": refusal.reason,
        })),
        "orders": activity.verified_orders.saturating_add(activity.reported_purchases),
        "verified_orders": activity.verified_orders,
    }))
}

/// A site as callers see it.
pub(crate) fn shown(site: &Site) -> Value {
    json!({
        "site_id": site.id,
        "domain": site.domain,
        "aliases": site.aliases,
        "time_zone": site.time_zone,
        "currency": site.currency,
        "window_days": site.window_days,
        "count_orders_once": site.count_orders_once,
        "excluded_paths": site.excluded_paths,
        "excluded_addresses": site.excluded_addresses,
        "kept_parameters": site.kept_parameters,
        "signed_identify_only": site.signed_identify_only,
        "created_at": iso(site.created_at_ms),
    })
}

/// The store's number for a new site. Sites are never taken away, so the highest is never used again.
fn next_number(catalogue: &Catalogue) -> SiteNumber {
    catalogue.sites().map(|site| site.number).max().unwrap_or(0).saturating_add(1)
}

fn changed(mut site: Site, settings: Settings) -> Result<Site, ApiError> {
    if let Some(domain) = settings.domain {
        site.domain = host("domain", &domain)?;
    }
    if let Some(aliases) = settings.aliases {
        bounded("aliases", &aliases)?;
        site.aliases = aliases.iter().map(|alias| host("aliases", alias)).collect::<Result<_, _>>()?;
    }
    if let Some(zone) = settings.time_zone {
        site.time_zone = time_zone(&zone)?;
    }
    if let Some(code) = settings.currency {
        site.currency = currency(&code)?;
    }
    if let Some(window) = settings.window_days {
        site.window_days = self::window(window)?;
    }
    if let Some(once) = settings.count_orders_once {
        site.count_orders_once = once;
    }
    if let Some(paths) = settings.excluded_paths {
        site.excluded_paths = paths_of(paths)?;
    }
    if let Some(addresses) = settings.excluded_addresses {
        site.excluded_addresses = addresses_of(addresses)?;
    }
    if let Some(parameters) = settings.kept_parameters {
        bounded("kept_parameters", &parameters)?;
        site.kept_parameters = parameters;
    }
    if let Some(signed_only) = settings.signed_identify_only {
        site.signed_identify_only = signed_only;
    }
    Ok(site)
}

/// A host, lower case, without scheme, port and path.
fn host(field: &str, text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = url::Url::parse(&with_scheme).ok();
    let host =
        url.as_ref().and_then(url::Url::host_str).map(|host| host.trim_end_matches('.').to_lowercase());
    host.filter(|host| !host.is_empty() && host.len() <= ENTRY_CHARS && !host.contains('*')).ok_or_else(
        || {
            ApiError::invalid(
                field,
                format!("`{field}` holds a host, for example shop.example; {text:?} is none."),
            )
        },
    )
}

fn time_zone(name: &str) -> Result<String, ApiError> {
    let zone = jiff::tz::TimeZone::get(name).ok();
    zone.and_then(|zone| zone.iana_name().map(str::to_owned)).ok_or_else(|| {
        let message = format!("{name:?} is no time zone; use a name such as Europe/Bucharest or UTC.");
        ApiError::invalid("time_zone", message)
    })
}

fn currency(code: &str) -> Result<String, ApiError> {
    let upper = code.trim().to_ascii_uppercase();
    attribution::money::Currency::parse(&upper).map(|currency| currency.code().to_owned()).ok_or_else(|| {
        ApiError::invalid("currency", format!("{code:?} is no ISO 4217 currency; use a code such as EUR."))
    })
}

fn window(days: Option<u32>) -> Result<Option<u32>, ApiError> {
    match days {
        None | Some(30 | 60 | 90) => Ok(days),
        Some(_) => {
            Err(ApiError::invalid("window_days", "The window is 30, 60 or 90 days, or null for no end."))
        }
    }
}

fn paths_of(paths: Vec<String>) -> Result<Vec<String>, ApiError> {
    bounded("excluded_paths", &paths)?;
    if paths.iter().any(|path| !path.starts_with('/')) {
        return Err(ApiError::invalid("excluded_paths", "A path begins with a slash, for example /admin."));
    }
    Ok(paths)
}

fn addresses_of(addresses: Vec<String>) -> Result<Vec<String>, ApiError> {
    bounded("excluded_addresses", &addresses)?;
    if let Some(wrong) = addresses.iter().find(|text| text.parse::<crate::config::Network>().is_err()) {
        let message = format!("{wrong:?} is neither an address nor a network such as 203.0.113.0/24.");
        return Err(ApiError::invalid("excluded_addresses", message));
    }
    Ok(addresses)
}

fn bounded(field: &str, list: &[String]) -> Result<(), ApiError> {
    if list.len() > LIST_LIMIT
        || list.iter().any(|entry| entry.is_empty() || entry.chars().count() > ENTRY_CHARS)
    {
        let message =
            format!("`{field}` holds at most {LIST_LIMIT} entries of 1 to {ENTRY_CHARS} characters.");
        return Err(ApiError::invalid(field, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_read_as_people_write_it() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(host("domain", text).ok().as_deref(), expected, "{text}");
        };
        check("shop.example", Some("shop.example"));
        check(" https://Shop.Example/path?x ", Some("shop.example"));
        check("shop.example:8080", Some("shop.example"));
        check("localhost", Some("localhost"));
        check("127.0.0.1", Some("127.0.0.1"));
        check("münchen.example", Some("xn--mnchen-3ya.example"));
        check("", None);
        check("two words", None);
        check("*.shop.example", None);
    }

    #[test]
    fn settings_that_cannot_be_are_refused_by_name() {
        assert_eq!(time_zone("Europe/Bucharest").unwrap(), "Europe/Bucharest");
        assert!(time_zone("Mars/Olympus").is_err());
        assert_eq!(currency("eur").unwrap(), "EUR");
        assert!(currency("EURO").is_err());
        assert!(window(Some(45)).is_err());
        assert_eq!(window(None).unwrap(), None);
        assert!(addresses_of(vec!["10.0.0.0/99".to_owned()]).is_err());
        assert!(paths_of(vec!["admin".to_owned()]).is_err());
    }

    #[test]
    fn a_window_without_end_differs_from_one_not_given() {
        let read = |text: &str| serde_json::from_str::<Settings>(text).unwrap().window_days;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"window_days": null}"#), Some(None));
        assert_eq!(read(r#"{"window_days": 30}"#), Some(Some(30)));
        assert!(serde_json::from_str::<Settings>(r#"{"site_id": "x"}"#).is_err());
    }
}
