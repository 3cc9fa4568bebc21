//! Paddle Billing: errors with codes and a list of fields, cursors with the address of the next page.

use serde_json::{Value, json};
use warp::http::Method;

use super::super::{Answer, Asked, Endpoint, State, answer};
use super::{
    Grant, Judged, after, found, is_address, made, number, removed, stranger, unknown_event, writes,
};

const EVENTS: &str = "address.created address.imported address.updated adjustment.created \
    adjustment.updated api_key.created business.created business.updated customer.created \
    customer.imported customer.updated discount.created payment_method.saved payout.paid price.created \
    product.created subscription.activated subscription.canceled subscription.created \
    subscription.past_due subscription.updated transaction.billed transaction.canceled \
    transaction.completed transaction.created transaction.paid transaction.past_due \
    transaction.payment_failed transaction.ready transaction.revised transaction.updated";
const SETTINGS: &str = "/notification-settings";
/// Endpoints that may be switched on at once.
const MOST: usize = 10;

/// A list: what its ids begin with, what may be asked of it, its states, rows of a page unless told, and at most.
struct List {
    path: &'static str,
    prefix: &'static str,
    names: &'static [&'static str],
    states: &'static [&'static str],
    rows: usize,
    most: usize,
}

const LISTS: [List; 4] = [
    List {
        path: SETTINGS,
        prefix: "ntfset_",
        names: &["after", "per_page", "order_by", "active", "traffic_source"],
        states: &[],
        rows: 200,
        most: 200,
    },
    List {
        path: "/transactions",
        prefix: "txn_",
        names: &["after", "per_page", "order_by", "status", "customer_id", "id", "origin", "subscription_id"],
        states: &["draft", "ready", "billed", "paid", "completed", "canceled", "past_due"],
        rows: 30,
        most: 30,
    },
    List {
        path: "/adjustments",
        prefix: "adj_",
        names: &["after", "per_page", "order_by", "status", "customer_id", "id", "action", "transaction_id"],
        states: &["pending_approval", "approved", "rejected", "reversed"],
        rows: 10,
        most: 50,
    },
    List {
        path: "/customers",
        prefix: "ctm_",
        names: &["after", "per_page", "order_by", "status", "email", "id", "search"],
        states: &["active", "archived"],
        rows: 50,
        most: 200,
    },
];

fn refusal(status: u16, group: &str, code: &str, detail: &str) -> Answer {
    let error = json!({
        "type": "request_error", "code": code, "detail": detail,
        "documentation_url": format!("https://developer.paddle.com/errors/{group}/{code}"),
    });
    answer(status, json!({"error": error, "meta": meta()}))
}

fn meta() -> Value {
    json!({"request_id": "00000000-0000-0000-0000-000000000000"})
}

fn invalid(field: &str, message: &str) -> Answer {
    let mut refused = refusal(400, "shared", "invalid_field", "Request does not pass validation.");
    refused.body["error"]["errors"] = json!([{"field": field, "message": message}]);
    refused
}

fn missing(id: &str) -> Answer {
    refusal(404, "shared", "not_found", &format!("Entity {id} not found"))
}

fn of_key(grant: Grant, asked: &Asked) -> Option<Answer> {
    let (code, detail) = match grant {
        Grant::Absent => ("authentication_missing", "Authentication header missing."),
        Grant::Malformed => {
            ("authentication_malformed", "Authentication header included, but incorrectly formatted.")
        }
        Grant::Unknown => ("invalid_token", "Invalid or revoked API key."),
        Grant::Read if writes(asked) => ("forbidden", "You aren't permitted to perform this request."),
        Grant::Read | Grant::All => return None,
    };
    Some(refusal(403, "shared", code, detail))
}

pub(super) fn judge(state: &mut State, grant: Grant, asked: &Asked) -> Judged {
    if let Some(refused) = of_key(grant, asked) {
        return Ok(refused);
    }
    let id = asked.path.strip_prefix(SETTINGS).map(|rest| rest.trim_start_matches('/'));
    match (&asked.method, asked.path.as_str(), id) {
        (&Method::GET, "/event-types", _) => {
            let rows: Vec<_> = EVENTS.split(' ').map(event_type).collect();
            Ok(answer(200, json!({"data": rows, "meta": meta()})))
        }
        (&Method::POST, _, Some("")) => register(state, asked),
        (&Method::GET, _, Some(id)) if !id.is_empty() => {
            let one = |one: &Endpoint| answer(200, json!({"data": row(one), "meta": meta()}));
            Ok(found(state, id).map_or_else(|| missing(id), one))
        }
        (&Method::DELETE, _, Some(id)) if removed(state, id) => Ok(answer(204, Value::Null)),
        (&Method::DELETE, _, Some(id)) => Ok(missing(id)),
        (&Method::GET, path, _) => {
            let Some(known) = LISTS.iter().find(|list| list.path == path) else { return Err(nowhere()) };
            list(state, asked, known)
        }
        _ => Err(nowhere()),
    }
}

fn nowhere() -> Answer {
    refusal(404, "shared", "invalid_url", "Invalid URL.")
}

fn event_type(name: &str) -> Value {
    let group = name.split('.').next().unwrap_or(name);
    json!({"name": name, "description": format!("Occurs: {name}"), "group": group, "available_versions": [1]})
}

fn row(endpoint: &Endpoint) -> Value {
    let sent = &endpoint.sent;
    let events = sent["subscribed_events"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let or =
        |member: &str, default: Value| if sent[member].is_null() { default } else { sent[member].clone() };
    json!({
        "id": endpoint.id, "description": sent["description"], "type": "url", "destination": endpoint.url,
        "active": endpoint.is_enabled, "api_version": or("api_version", json!(1)),
        "include_sensitive_fields": or("include_sensitive_fields", json!(false)),
        "traffic_source": or("traffic_source", json!("platform")),
        "subscribed_events": events.map(event_type).collect::<Vec<_>>(),
        "endpoint_secret_key": endpoint.secret,
    })
}

/// Asked for more rows than it gives at most, it gives that many.
fn list(state: &State, asked: &Asked, known: &List) -> Judged {
    if let Some(name) = stranger(asked, known.names) {
        return Err(invalid(name, "unknown parameter"));
    }
    let status: Option<Vec<&str>> = asked.asks("status").map(|status| status.split(',').collect());
    if status.iter().flatten().any(|status| !known.states.contains(status)) {
        return Err(invalid("status", &format!("must be one of {}", known.states.join(", "))));
    }
    let order = asked.asks("order_by").unwrap_or("id[DESC]");
    if !["id[DESC]", "id[ASC]"].contains(&order) {
        return Err(invalid("order_by", "must be a field to order by, with [ASC] or [DESC]"));
    }
    let size = number(asked, "per_page", known.rows).filter(|size| *size > 0);
    let size = size.ok_or_else(|| invalid("per_page", "must be a number above 0"))?.min(known.most);
    let cursor = asked.asks("after");
    if cursor.is_some_and(|cursor| !cursor.starts_with(known.prefix)) {
        return Err(invalid("after", &format!("must be an ID that begins with {}", known.prefix)));
    }
    let (mut rows, most): (Vec<Value>, _) = if known.path == SETTINGS {
        (state.endpoints.iter().rev().map(row).collect(), usize::MAX)
    } else {
        (state.lists.get(known.path).cloned().unwrap_or_default(), state.page)
    };
    rows.retain(|one| status.as_ref().is_none_or(|all| all.iter().any(|status| one["status"] == *status)));
    if order == "id[ASC]" {
        rows.reverse();
    }
    let page = after(&rows, cursor, size.min(most));
    let page = page.ok_or_else(|| invalid("after", "must be the ID of an entity that is there"))?;
    let last = page.rows.last().and_then(|one| one["id"].as_str()).or(cursor).unwrap_or_default();
    let mut next = form_urlencoded::Serializer::new(String::new());
    next.extend_pairs(asked.query.iter().filter(|(name, _)| name != "after")).append_pair("after", last);
    let pagination = json!({
        "per_page": size, "has_more": page.has_more, "estimated_total": page.total,
        "next": format!("{}{}?{}", asked.origin(), asked.path, next.finish()),
    });
    let meta = json!({"request_id": meta()["request_id"], "pagination": pagination});
    Ok(answer(200, json!({"data": page.rows, "meta": meta})))
}

fn register(state: &mut State, asked: &Asked) -> Judged {
    if asked.header("content-type").split(';').next() != Some("application/json") {
        let detail = "Content-Type must be \"application/json\".";
        return Err(refusal(415, "shared", "unsupported_media_type", detail));
    }
    let Ok(sent) = serde_json::from_slice::<Value>(&asked.body) else {
        return Err(refusal(400, "shared", "bad_request", "Invalid request."));
    };
    for field in ["description", "type", "destination", "subscribed_events"] {
        if sent[field].is_null() {
            return Err(invalid(field, "is required"));
        }
    }
    let known = ["api_version", "include_sensitive_fields", "traffic_source"];
    let needed = ["description", "type", "destination", "subscribed_events"];
    let mut names = sent.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    if let Some(name) = names.find(|name| !known.contains(name) && !needed.contains(name)) {
        return Err(invalid(name, "is not allowed"));
    }
    let words = sent["description"].as_str().map_or(0, |text| text.chars().count());
    if !(1..=500).contains(&words) {
        return Err(invalid("description", "must have 1 to 500 characters"));
    }
    if sent["type"] != "url" && sent["type"] != "email" {
        return Err(invalid("type", "must be one of email, url"));
    }
    if !is_address(&sent["destination"], &["https"]) {
        let detail = "A URL Notification Setting destination must be a URL.";
        return Err(refusal(400, "notifications", "url_notification_setting_incorrect", detail));
    }
    let events = sent["subscribed_events"].as_array().cloned().unwrap_or_default();
    if let Some(at) = unknown_event(&events, EVENTS).or(events.is_empty().then_some(0)) {
        return Err(invalid(&format!("subscribed_events.{at}"), "must be the name of an event type"));
    }
    if !sent["api_version"].is_null() && sent["api_version"] != 1 {
        return Err(invalid("api_version", "must be a version of the API"));
    }
    let sources = ["platform", "simulation", "all"];
    if sent["traffic_source"].as_str().is_some_and(|source| !sources.contains(&source)) {
        return Err(invalid("traffic_source", "must be one of platform, simulation, all"));
    }
    if state.endpoints.iter().filter(|endpoint| endpoint.is_enabled).count() >= MOST {
        let code = "notification_maximum_active_settings_reached";
        return Ok(refusal(400, "notifications", code, "Maximum number of notification settings reached"));
    }
    let name = |number| (format!("ntfset_{number:026}"), format!("pdl_ntfset_{number:026}_{number:032}"));
    let endpoint = made(state, &sent["destination"], &sent, name);
    Ok(answer(201, json!({"data": row(&endpoint), "meta": meta()})))
}
