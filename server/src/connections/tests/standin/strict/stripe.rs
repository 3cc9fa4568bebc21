//! Stripe: forms, cursors, restricted keys and keys of idempotency.

use serde_json::{Map, Value, json};
use warp::http::Method;

use super::super::{Answer, Asked, Endpoint, State, answer};
use super::{Grant, Judged, after, base, found, is_address, made, number, removed, unknown_event, writes};

/// Those that exist, as far as somebody could take them for ours.
const EVENTS: &str = "* charge.captured charge.dispute.closed charge.dispute.created \
    charge.dispute.funds_reinstated charge.dispute.funds_withdrawn charge.dispute.updated charge.failed \
    charge.refund.updated charge.refunded charge.succeeded checkout.session.async_payment_failed \
    checkout.session.async_payment_succeeded checkout.session.completed checkout.session.expired \
    customer.created customer.subscription.created customer.updated invoice.created invoice.finalized \
    invoice.paid invoice.payment_failed invoice.payment_succeeded invoice_payment.paid \
    payment_intent.created payment_intent.payment_failed payment_intent.succeeded refund.created \
    refund.failed refund.updated";
const VERSIONS: [&str; 4] = ["2024-06-20", "2025-03-31.basil", "2025-09-30.clover", "2026-10-28.endive"];
const ENDPOINTS: &str = "/v1/webhook_endpoints";
/// Endpoints that an account may have.
const MOST: usize = 16;

/// A list: what may be asked of it, which states its objects have, and what of them may be expanded.
struct List {
    path: &'static str,
    names: &'static [&'static str],
    states: &'static [&'static str],
    expands: &'static [&'static str],
}

const LISTS: [List; 5] = [
    List {
        path: "/v1/payment_intents",
        names: &["customer", "created"],
        states: &[],
        expands: &["data.latest_charge", "data.customer"],
    },
    List {
        path: "/v1/invoices",
        names: &["customer", "created", "subscription", "status", "collection_method"],
        states: &["draft", "open", "paid", "uncollectible", "void"],
        expands: &["data.payments", "data.customer"],
    },
    List {
        path: "/v1/checkout/sessions",
        names: &["customer", "created", "payment_intent", "subscription", "status"],
        states: &["open", "complete", "expired"],
        expands: &["data.payment_intent", "data.customer"],
    },
    List {
        path: "/v1/refunds",
        names: &["charge", "created", "payment_intent"],
        states: &[],
        expands: &["data.charge", "data.payment_intent"],
    },
    List {
        path: "/v1/disputes",
        names: &["charge", "created", "payment_intent"],
        states: &[],
        expands: &["data.charge", "data.payment_intent"],
    },
];

fn refusal(status: u16, message: &str, code: Option<&str>, param: Option<&str>) -> Answer {
    let mut error = json!({"type": "invalid_request_error", "message": message});
    for (name, value) in [("code", code), ("param", param)] {
        if let Some(value) = value {
            error[name] = json!(value);
        }
    }
    answer(status, json!({ "error": error }))
}

fn bad(message: &str, code: Option<&str>, param: &str) -> Answer {
    refusal(400, message, code, Some(param))
}

pub(super) fn judge(state: &mut State, grant: Grant, asked: &Asked) -> Judged {
    match grant {
        Grant::Absent | Grant::Malformed => {
            let message = "You did not provide an API key. You need to provide your API key in the \
                Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
            return Ok(refusal(401, message, None, None));
        }
        Grant::Unknown => return Ok(refusal(401, "Invalid API Key provided: rk_live_****", None, None)),
        Grant::Read if writes(asked) => {
            let message = "The provided key 'rk_live_****' does not have the required permissions for this \
                endpoint on account 'acct_1'. Having the 'rak_webhook_write' permission would allow this \
                request to continue.";
            return Ok(refusal(403, message, None, None));
        }
        Grant::Read | Grant::All => {}
    }
    let version = asked.header("stripe-version");
    // Without the header it is the version of the account.
    if !version.is_empty() && !VERSIONS.contains(&version) {
        return Err(refusal(400, &format!("Invalid Stripe API version: {version}"), None, None));
    }
    let id = asked.path.strip_prefix(ENDPOINTS).map(|rest| rest.trim_start_matches('/'));
    let missing = |id: &str| {
        let message = format!("No such webhook endpoint: '{id}'");
        refusal(404, &message, Some("resource_missing"), Some("webhook_endpoint"))
    };
    match (&asked.method, id) {
        (&Method::GET, Some("")) => {
            let rows: Vec<_> = state.endpoints.iter().rev().map(|one| row(state, one)).collect();
            list(asked, &rows, &[], &[], usize::MAX)
        }
        (&Method::POST, Some("")) => once(state, asked),
        (&Method::GET, Some(id)) => {
            Ok(found(state, id).map_or_else(|| missing(id), |one| answer(200, row(state, one))))
        }
        (&Method::DELETE, Some(id)) if removed(state, id) => {
            Ok(answer(200, json!({"id": id, "object": "webhook_endpoint", "deleted": true})))
        }
        (&Method::DELETE, Some(id)) => Ok(missing(id)),
        (&Method::GET, None) => {
            let known = LISTS.iter().find(|list| list.path == asked.path);
            known.map_or_else(|| Err(unrecognized(asked)), |known| objects(state, asked, known))
        }
        _ => Err(unrecognized(asked)),
    }
}

fn unrecognized(asked: &Asked) -> Answer {
    let message = format!(
        "Unrecognized request URL ({}: {}). Please see https://stripe.com/docs or we can help at \
         https://support.stripe.com/.",
        asked.method, asked.path
    );
    refusal(404, &message, None, None)
}

fn row(state: &State, endpoint: &Endpoint) -> Value {
    let sent = &endpoint.sent;
    json!({
        "id": endpoint.id, "object": "webhook_endpoint", "url": endpoint.url, "application": null,
        "status": if endpoint.is_enabled { "enabled" } else { "disabled" },
        "api_version": sent["api_version"], "description": sent["description"], "created": 1_793_491_200,
        "enabled_events": sent["enabled_events"], "metadata": sent["metadata"],
        "livemode": state.key.contains("_live_"),
    })
}

/// A page of a list. A cursor is the id of an object that is there.
fn list(asked: &Asked, rows: &[Value], names: &[&str], expands: &[&str], most: usize) -> Judged {
    let known = ["limit", "starting_after", "ending_before", "expand"];
    let mut asked_for = asked.query.iter().map(|(name, _)| name.as_str());
    if let Some(name) = asked_for.find(|name| !known.contains(&base(name)) && !names.contains(&base(name))) {
        let message = format!("Received unknown parameter: {name}");
        return Err(bad(&message, Some("parameter_unknown"), name));
    }
    for (_, what) in asked.query.iter().filter(|(name, _)| base(name) == "expand") {
        if !expands.contains(&what.as_str()) {
            return Err(bad(&format!("This property cannot be expanded ({what})."), None, "expand"));
        }
    }
    let limit = match number(asked, "limit", 10) {
        None => {
            let text = asked.asks("limit").unwrap_or_default();
            return Err(bad(&format!("Invalid integer: {text}"), Some("parameter_invalid_integer"), "limit"));
        }
        Some(limit @ 1..=100) => limit,
        Some(_) => return Err(bad("Limit must be between 1 and 100", None, "limit")),
    };
    let cursor = asked.asks("starting_after");
    let Some(page) = after(rows, cursor, limit.min(most)) else {
        let message = format!("No such object: '{}'", cursor.unwrap_or_default());
        return Err(bad(&message, Some("resource_missing"), "starting_after"));
    };
    let body = json!({"object": "list", "url": asked.path, "has_more": page.has_more, "data": page.rows});
    Ok(answer(200, body))
}

/// What is not asked to be expanded is an id alone, or is not there.
fn objects(state: &State, asked: &Asked, known: &List) -> Judged {
    let status = asked.asks("status").filter(|_| !known.states.is_empty());
    if status.is_some_and(|status| !known.states.contains(&status)) {
        let message = format!("Invalid status: must be one of {}", known.states.join(", "));
        return Err(bad(&message, None, "status"));
    }
    let is_expanded = |what: &str| asked.query.iter().any(|(name, of)| base(name) == "expand" && of == what);
    let mut rows = state.lists.get(known.path).cloned().unwrap_or_default();
    rows.retain(|one| status.is_none_or(|status| one["status"] == status));
    for members in rows.iter_mut().filter_map(Value::as_object_mut) {
        if !is_expanded("data.payments") {
            members.remove("payments");
        }
        if let Some(charge) = members.get_mut("latest_charge").filter(|_| !is_expanded("data.latest_charge"))
            && charge.is_object()
        {
            *charge = charge["id"].clone();
        }
    }
    list(asked, &rows, known.names, known.expands, state.page)
}

/// A second request with the same key of idempotency is answered as the first was, and does nothing.
fn once(state: &mut State, asked: &Asked) -> Judged {
    let key = asked.header("idempotency-key").to_owned();
    if let Some((body, answered)) = state.once.get(&key) {
        if *body == asked.body {
            let mut again = answered.clone();
            again.headers.push(("idempotent-replayed", "true".to_owned()));
            return Ok(again);
        }
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used \
             with. Try using a key other than '{key}' if you meant to execute a different request."
        );
        return Err(answer(400, json!({"error": {"type": "idempotency_error", "message": message}})));
    }
    let answered = register(state, asked)?;
    if !key.is_empty() {
        state.once.insert(key, (asked.body.clone(), answered.clone()));
    }
    Ok(answered)
}

/// A form as JSON: `a[]` and `a[0]` are of a list, `a[b]` is a member.
fn form(asked: &Asked) -> Value {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(&asked.body) {
        let inner = name.split_once('[').map(|(_, rest)| rest.trim_end_matches(']'));
        let member = members.entry(base(&name));
        match inner {
            None => *member.or_insert(Value::Null) = json!(value),
            Some(place) if place.bytes().all(|byte| byte.is_ascii_digit()) => {
                if let Some(list) = member.or_insert_with(|| json!([])).as_array_mut() {
                    list.push(json!(value));
                }
            }
            Some(place) => member.or_insert_with(|| json!({}))[place] = json!(value),
        }
    }
    Value::Object(members)
}

fn register(state: &mut State, asked: &Asked) -> Judged {
    if asked.header("content-type").split(';').next() != Some("application/x-www-form-urlencoded") {
        let message = "Invalid request (check that your POST content type is \
            application/x-www-form-urlencoded). If you have any questions, we can help at \
            https://support.stripe.com/.";
        return Err(refusal(400, message, None, None));
    }
    let sent = form(asked);
    let known = ["url", "enabled_events", "api_version", "description", "metadata", "connect"];
    let mut names = sent.as_object().into_iter().flatten().map(|(name, _)| name);
    if let Some(name) = names.find(|name| !known.contains(&name.as_str())) {
        let message = format!("Received unknown parameter: {name}");
        return Err(bad(&message, Some("parameter_unknown"), name));
    }
    let wanting = |name: &str| {
        let message = format!("Missing required param: {name}.");
        bad(&message, Some("parameter_missing"), name)
    };
    let (url, events) = (&sent["url"], &sent["enabled_events"]);
    if url.is_null() {
        return Err(wanting("url"));
    }
    let Some(events) = events.as_array() else { return Err(wanting("enabled_events")) };
    if let Some(at) = unknown_event(events, EVENTS) {
        let place = format!("enabled_events[{at}]");
        return Err(bad(&format!("Invalid {place}: must be one of {EVENTS}"), None, &place));
    }
    let is_live = state.key.contains("_live_");
    if !is_address(url, if is_live { &["https"] } else { &["https", "http"] }) {
        let message = "Invalid URL: An explicit scheme (such as https) must be provided.";
        return Err(bad(message, Some("url_invalid"), "url"));
    }
    let version = sent["api_version"].as_str().unwrap_or(VERSIONS[0]);
    if !VERSIONS.contains(&version) {
        let message = format!("Invalid api_version: must be one of {}", VERSIONS.join(", "));
        return Err(bad(&message, None, "api_version"));
    }
    if state.endpoints.len() >= MOST {
        let message = "You have reached the maximum of 16 webhook endpoints.";
        return Ok(refusal(400, message, None, None));
    }
    let name = |number| (format!("we_{number}"), format!("whsec_stripe{number}"));
    let endpoint = made(state, url, &sent, name);
    // A secret stands in the answer to the making alone.
    let mut row = row(state, &endpoint);
    row["secret"] = json!(endpoint.secret);
    Ok(answer(200, row))
}
