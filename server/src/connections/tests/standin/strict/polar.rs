//! Polar: a version in a header, errors by name, faults with the place that they are in, pages by number.

use base64::Engine as _;
use serde_json::{Value, json};
use warp::http::Method;

use super::super::{Answer, Asked, Endpoint, State, answer};
use super::{
    Grant, Judged, MADE, base, found, is_address, made, number, numbered, removed, unknown_event, writes,
};

const EVENTS: &str = "checkout.created checkout.updated checkout.expired customer.created \
    customer.updated customer.deleted customer.state_changed order.created order.updated order.paid \
    order.refunded subscription.created subscription.updated subscription.active subscription.canceled \
    subscription.uncanceled subscription.cycled subscription.revoked subscription.past_due refund.created \
    refund.updated product.created product.updated benefit.created benefit.updated organization.updated";
const VERSIONS: [&str; 3] = ["2026-04", "2026-10", "2027-01"];
const ENDPOINTS: &str = "/v1/webhooks/endpoints";
/// What may be asked of lists. Other parameters are not refused by Polar, but they do nothing.
const NAMES: [&str; 8] =
    ["organization_id", "page", "limit", "sorting", "customer_id", "order_id", "status", "succeeded"];

fn refusal(status: u16, error: &str, detail: &str) -> Answer {
    answer(status, json!({"error": error, "detail": detail}))
}

fn of_token(status: u16, error: &str, description: &str) -> Answer {
    answer(status, json!({"error": error, "error_description": description}))
}

/// A fault in what was sent, at its place.
fn invalid(place: &Value, kind: &str, message: &str) -> Answer {
    let fault = json!({"loc": place, "type": kind, "msg": message});
    answer(422, json!({"error": "RequestValidationError", "detail": [fault]}))
}

fn nowhere() -> Answer {
    answer(404, json!({"detail": "Not Found"}))
}

pub(super) fn judge(state: &mut State, grant: Grant, asked: &Asked) -> Judged {
    let version = asked.header("polar-version");
    if !version.is_empty() && !VERSIONS.contains(&version) {
        return Err(nowhere());
    }
    match grant {
        Grant::Absent | Grant::Malformed => return Ok(refusal(401, "Unauthorized", "Unauthorized")),
        Grant::Unknown => {
            let description = "The access token provided is expired, revoked, malformed, or invalid for \
                other reasons.";
            return Ok(of_token(401, "invalid_token", description));
        }
        Grant::Read if writes(asked) => {
            let description = "The request requires higher privileges than provided by the access token.";
            return Ok(of_token(403, "insufficient_scope", description));
        }
        Grant::Read | Grant::All => {}
    }
    let id = asked.path.strip_prefix(ENDPOINTS);
    match (&asked.method, asked.path.as_str(), id.and_then(|rest| rest.strip_prefix('/'))) {
        (&Method::GET, ENDPOINTS, _) => {
            let rows: Vec<_> = state.endpoints.iter().rev().map(row).collect();
            list(state, asked, &rows, usize::MAX)
        }
        (&Method::POST, ENDPOINTS, _) => register(state, asked),
        (_, _, Some(id)) if uuid::Uuid::parse_str(id).is_err() => {
            let message = "Input should be a valid UUID";
            Err(invalid(&json!(["path", "id"]), "uuid_parsing", message))
        }
        (&Method::GET, _, Some(id)) => {
            let one = |one: &Endpoint| answer(200, row(one));
            Ok(found(state, id).map_or_else(|| refusal(404, "ResourceNotFound", "Not found"), one))
        }
        (&Method::DELETE, _, Some(id)) if removed(state, id) => Ok(answer(204, Value::Null)),
        (&Method::DELETE, _, Some(_)) => Ok(refusal(404, "ResourceNotFound", "Not found")),
        (&Method::GET, path @ ("/v1/orders/" | "/v1/refunds/"), _) => {
            let rows = state.lists.get(path).cloned().unwrap_or_default();
            list(state, asked, &rows, state.page)
        }
        // The slash at the end belongs to these paths.
        (&Method::GET, "/v1/orders" | "/v1/refunds", _) => {
            let place = format!("{}{}/", asked.origin(), asked.path);
            Err(Answer { headers: vec![("location", place)], ..answer(307, Value::Null) })
        }
        (_, ENDPOINTS | "/v1/orders/" | "/v1/refunds/", _) => {
            Err(answer(405, json!({"detail": "Method Not Allowed"})))
        }
        _ => Err(nowhere()),
    }
}

fn list(state: &mut State, asked: &Asked, rows: &[Value], most: usize) -> Judged {
    let strange = asked.query.iter().map(|(name, _)| base(name)).find(|name| !NAMES.contains(name));
    if let Some(name) = strange {
        state.faults.push(format!("{}: {name} does nothing", asked.path));
    }
    let positive = |name: &str, default| {
        let place = json!(["query", name]);
        let message = "Input should be a valid integer, unable to parse string as an integer";
        let text = asked.asks(name).map_or(Ok(1), str::parse::<i64>);
        match (text, number(asked, name, default)) {
            (Ok(1..), Some(number)) => Ok(number),
            (Ok(_), _) => Err(invalid(&place, "greater_than", "Input should be greater than 0")),
            (Err(_), _) => Err(invalid(&place, "int_parsing", message)),
        }
    };
    let (at, limit) = (positive("page", 1)?, positive("limit", 10)?);
    // More than a hundred are not refused: a hundred come.
    let (page, last) = numbered(rows, at, limit.min(100).min(most));
    let pagination = json!({"total_count": page.total, "max_page": last});
    Ok(answer(200, json!({"items": page.rows, "pagination": pagination})))
}

fn row(endpoint: &Endpoint) -> Value {
    let sent = &endpoint.sent;
    json!({
        "id": endpoint.id, "url": endpoint.url, "name": sent["name"], "format": sent["format"],
        "secret": endpoint.secret, "events": sent["events"], "enabled": endpoint.is_enabled,
        "organization_id": "00000000-0000-4000-8000-0000000000aa", "created_at": MADE, "modified_at": null,
        "api_version": sent["api_version"], "uses_standard_webhook_signature": true,
    })
}

fn register(state: &mut State, asked: &Asked) -> Judged {
    if asked.header("content-type").split(';').next() != Some("application/json") {
        let message = "Input should be a valid dictionary or object to extract fields from";
        return Err(invalid(&json!(["body"]), "model_attributes_type", message));
    }
    let Ok(sent) = serde_json::from_slice::<Value>(&asked.body) else {
        return Err(invalid(&json!(["body", 0]), "json_invalid", "JSON decode error"));
    };
    for field in ["url", "format", "events"] {
        if sent[field].is_null() {
            return Err(invalid(&json!(["body", field]), "missing", "Field required"));
        }
    }
    let at_url = json!(["body", "url"]);
    if !is_address(&sent["url"], &["https"]) {
        return Err(invalid(&at_url, "url_scheme", "URL scheme should be 'https'"));
    }
    let host = sent["url"].as_str().and_then(|url| Some(url::Url::parse(url).ok()?.host_str()?.to_owned()));
    let own = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"];
    if host.is_some_and(|host| own.contains(&host.as_str())) {
        let message = "Value error, Webhook URLs cannot point to localhost.";
        return Err(invalid(&at_url, "value_error", message));
    }
    if !["raw", "discord", "slack"].iter().any(|format| sent["format"] == *format) {
        let message = "Input should be 'raw', 'discord' or 'slack'";
        return Err(invalid(&json!(["body", "format"]), "enum", message));
    }
    let events = sent["events"].as_array().cloned().unwrap_or_default();
    if let Some(at) = unknown_event(&events, EVENTS) {
        let message = format!("Input should be one of {EVENTS}");
        return Err(invalid(&json!(["body", "events", at]), "enum", &message));
    }
    if sent["api_version"].as_str().is_some_and(|version| !VERSIONS.contains(&version)) {
        let message = format!("Input should be one of {}", VERSIONS.join(", "));
        return Err(invalid(&json!(["body", "api_version"]), "enum", &message));
    }
    let name = |number: usize| {
        let random = format!("polar secret {number}");
        let secret = base64::engine::general_purpose::STANDARD.encode(random);
        (format!("00000000-0000-4000-8000-{number:012}"), format!("whsec_{secret}"))
    };
    let endpoint = made(state, &sent["url"], &sent, name);
    Ok(answer(201, row(&endpoint)))
}
