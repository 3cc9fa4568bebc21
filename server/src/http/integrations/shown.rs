//! An integration as callers see it: how it was connected, how its webhooks do, how far its history has come.

use serde_json::{Value, json};

use crate::app::App;
use crate::catalogue::{Connection, Found, History, Integration};
use crate::clock::DAY_MS;
use crate::connections::webhook_url;
use crate::http::time::iso;
use crate::payments::Provider;
use crate::payments::history::parts;
use crate::store::SiteActivity;

/// An integration as callers see it. No key and no secret is in it.
pub(super) fn shown(app: &App, integration: &Integration, activity: Option<&SiteActivity>) -> Value {
    let (provider, now_ms) = (integration.provider, app.clock.now_ms());
    let connection = integration.connection.as_deref();
    let last = activity.and_then(|activity| activity.last_webhooks.get(&provider));
    let since_ms = now_ms.saturating_sub(DAY_MS);
    let (refused, last_refused) = app.refused.since(&integration.site_id, Some(provider), since_ms);
    json!({
        "provider": provider.name(),
        "name": provider.title(),
        "connected_by": if connection.is_some() { "api_key" } else { "webhook_secret" },
        "mode": connection.map(|connection| if connection.live { "live" } else { "test" }),
        "store_id": connection.and_then(|connection| connection.store.clone()),
        "webhook_url": webhook_url(app, provider, &integration.site_id),
        "secrets": integration.valid_secrets(now_ms).count(),
        "created_at": iso(integration.created_at_ms),
        "last_event_at": last.map(|webhook| iso(webhook.at_ms)),
        "last_event": last.map(|webhook| json!({
            "at": iso(webhook.at_ms), "type": webhook.event_type, "status": webhook.outcome,
        })),
        "refused_24h": refused,
        "last_refused": last_refused.map(|refusal| json!({
            "at": iso(refusal.at_ms), "reason": refusal.reason,
        })),
        "endpoint": connection.map(endpoint),
        "history": connection.map(|connection| history(provider, &connection.history, now_ms)),
    })
}

/// Our endpoint at the provider. Until it was looked at it is as it was made.
fn endpoint(connection: &Connection) -> Value {
    let checkup = connection.checkup.as_ref();
    json!({
        "id": connection.endpoint_id,
        "state": checkup.map_or(Found::Present, |checkup| checkup.found),
        "checked_at": iso(checkup.map_or(connection.registered_at_ms, |checkup| checkup.at_ms)),
        "problem": checkup.and_then(|checkup| checkup.problem.clone()),
    })
}

fn history(provider: Provider, history: &History, now_ms: i64) -> Value {
    let parts = parts(provider);
    let state = match history.finished_at_ms {
        Some(_) => "done",
        None if history.is_due(now_ms) => "running",
        None => "waiting",
    };
    json!({
        "state": state,
        "part": parts.get(history.part).map(|part| part.name),
        "parts_done": history.part.min(parts.len()),
        "parts": parts.len(),
        "read": history.read,
        "read_of_part": history.read_of_part,
        "of_part": history.of_part,
        "told": history.told,
        "started_at": iso(history.started_at_ms),
        "finished_at": history.finished_at_ms.map(iso),
        "next_at": history.wait_until_ms.filter(|_| state == "waiting").map(iso),
        "problem": history.problem,
        "left_out": history.left_out,
    })
}
