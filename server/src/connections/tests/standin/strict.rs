//! What each provider takes and refuses, from its documentation: what it would not take is a fault of the test.

use base64::Engine as _;
use serde_json::{Value, json};
use warp::http::Method;

use super::{Answer, Asked, Endpoint, State, answer};
use crate::payments::Provider;

const STRIPE_EVENTS: &str = "charge.dispute.closed charge.dispute.created charge.dispute.funds_reinstated \
    charge.dispute.funds_withdrawn charge.dispute.updated charge.refunded \
    checkout.session.async_payment_succeeded checkout.session.completed invoice.paid invoice_payment.paid \
    payment_intent.succeeded refund.created refund.failed refund.updated";
const LEMON_EVENTS: &str = "order_created order_refunded subscription_created subscription_payment_refunded \
    subscription_payment_success";
const PADDLE_EVENTS: &str = "address.created address.updated adjustment.created adjustment.updated customer.created customer.updated \
    transaction.completed";
const POLAR_EVENTS: &str = "order.paid order.refunded refund.created refund.updated";
const JSON_API: &str = "application/vnd.api+json";

/// The answer, or what is wrong with what was sent.
type Judged = Result<Answer, String>;

pub(super) fn judge(state: &mut State, knows: bool, asked: &Asked) -> Answer {
    let is_known = knows && asked.header("authorization") == format!("Bearer {}", state.key);
    let judged = match state.provider {
        Provider::Stripe => stripe(state, is_known, asked),
        Provider::LemonSqueezy => lemon_squeezy(state, is_known, asked),
        Provider::Paddle => paddle(state, is_known, asked),
        Provider::Polar => polar(state, is_known, asked),
        Provider::Api => Err("it has no API".to_owned()),
    };
    judged.unwrap_or_else(|fault| {
        let place = format!("{} {}: {fault}", asked.method, asked.path);
        state.faults.push(place.clone());
        answer(400, json!({"error": {"message": place}}))
    })
}

fn wants(is_so: bool, what: &str) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(format!("it wants {what}")) }
}

fn allows(asked: &Asked, names: &[&str]) -> Result<(), String> {
    let other = asked.query.iter().find(|(name, _)| !names.contains(&name.as_str()));
    other.map_or(Ok(()), |(name, _)| Err(format!("it knows no parameter {name}")))
}

fn only_members(body: &Value, names: &[&str]) -> Result<(), String> {
    let members = body.as_object().ok_or("it wants an object")?;
    let other = members.keys().find(|name| !names.contains(&name.as_str()));
    other.map_or(Ok(()), |name| Err(format!("it knows no member {name}")))
}

fn sorted(events: &Value) -> String {
    let mut names: Vec<&str> = events.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    names.sort_unstable();
    names.join(" ")
}

fn made(state: &mut State, url: &Value, secret: String, prefix: &str) -> Result<Endpoint, String> {
    let url =
        url.as_str().filter(|url| url.starts_with("https://")).ok_or("it wants a public https address")?;
    state.made += 1;
    let endpoint =
        Endpoint { id: format!("{prefix}{}", state.made), url: url.to_owned(), secret, is_enabled: true };
    state.endpoints.push(endpoint.clone());
    Ok(endpoint)
}

fn removed(state: &mut State, id: &str, gone: Answer) -> Answer {
    let before = state.endpoints.len();
    let id = id.trim_start_matches('/');
    state.endpoints.retain(|endpoint| endpoint.id != id);
    let is_gone = state.endpoints.len() < before;
    if is_gone { gone } else { answer(404, json!({"error": {"message": "no such thing"}})) }
}

/// The objects after one, by its id; whether there are more.
fn after(state: &State, path: &str, id: Option<&str>) -> Result<(Vec<Value>, bool, usize), String> {
    let objects = state.lists.get(path).cloned().unwrap_or_default();
    let from = id.map_or(Some(0), |id| Some(objects.iter().position(|one| one["id"] == id)? + 1));
    let from = from.ok_or("it wants the id of an object that it has")?;
    let page: Vec<_> = objects.iter().skip(from).take(state.page).cloned().collect();
    let has_more = from + page.len() < objects.len();
    Ok((page, has_more, objects.len()))
}

/// A page of a list whose pages are numbered: its objects, the last page's number, and how many objects there are.
fn numbered(state: &State, path: &str, number: Option<&str>) -> (Vec<Value>, usize, usize) {
    let objects = state.lists.get(path).cloned().unwrap_or_default();
    let number: usize = number.and_then(|text| text.parse().ok()).unwrap_or(1);
    let rows = objects.iter().skip((number - 1) * state.page).take(state.page).cloned().collect();
    (rows, objects.len().div_ceil(state.page).max(1), objects.len())
}

fn stripe(state: &mut State, is_known: bool, asked: &Asked) -> Judged {
    wants(asked.header("stripe-version") == "2026-10-28.endive", "the header Stripe-Version")?;
    if !is_known {
        return Ok(answer(401, json!({"error": {"message": "Invalid API Key provided"}})));
    }
    match (&asked.method, asked.path.strip_prefix("/v1/webhook_endpoints")) {
        (&Method::GET, Some("")) => {
            allows(asked, &["limit", "starting_after"])?;
            let rows: Vec<_> = state.endpoints.iter().map(stripe_endpoint).collect();
            Ok(answer(200, json!({"object": "list", "data": rows, "has_more": false})))
        }
        (&Method::POST, Some("")) => stripe_register(state, asked),
        (&Method::DELETE, Some(id)) => Ok(removed(state, id, answer(200, json!({"deleted": true})))),
        (&Method::GET, None) => {
            allows(asked, &["limit", "starting_after", "expand[]", "status"])?;
            let (page, has_more, _) = after(state, &asked.path, asked.asks("starting_after"))?;
            Ok(answer(200, json!({"object": "list", "data": page, "has_more": has_more})))
        }
        _ => Err("it has no such call".to_owned()),
    }
}

/// A secret stands in the answer to the making alone.
fn stripe_endpoint(endpoint: &Endpoint) -> Value {
    let status = if endpoint.is_enabled { "enabled" } else { "disabled" };
    json!({"id": endpoint.id, "url": endpoint.url, "status": status})
}

fn stripe_register(state: &mut State, asked: &Asked) -> Judged {
    wants(asked.header("content-type") == "application/x-www-form-urlencoded", "a form")?;
    wants(asked.header("idempotency-key").len() > 20, "the header Idempotency-Key")?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&asked.body).into_owned().collect();
    let all = |wanted: &str| -> Value {
        pairs.iter().filter(|(name, _)| name == wanted).map(|(_, value)| json!(value)).collect()
    };
    let known = ["url", "enabled_events[]", "api_version", "description", "metadata[engagetrack]"];
    wants(pairs.iter().all(|(name, _)| known.contains(&name.as_str())), "parameters that it knows")?;
    wants(sorted(&all("enabled_events[]")) == STRIPE_EVENTS, "the events that we read")?;
    wants(all("api_version") == json!(["2026-10-28.endive"]), "a pinned version")?;
    if state.endpoints.len() >= 16 {
        let message = "You have reached the maximum of 16 webhook endpoints.";
        return Ok(answer(400, json!({"error": {"message": message}})));
    }
    let secret = format!("whsec_stripe{}", state.made);
    let endpoint = made(state, &all("url")[0], secret, "we_")?;
    let mut row = stripe_endpoint(&endpoint);
    row["secret"] = json!(endpoint.secret);
    Ok(answer(200, row))
}

fn lemon_squeezy(state: &mut State, is_known: bool, asked: &Asked) -> Judged {
    wants(asked.header("accept") == JSON_API, "the header Accept of JSON:API")?;
    if !is_known {
        return Ok(answer(401, json!({"errors": [{"detail": "Unauthenticated.", "status": "401"}]})));
    }
    match (&asked.method, asked.path.as_str(), asked.path.strip_prefix("/v1/webhooks")) {
        (&Method::GET, "/v1/users/me", _) => {
            Ok(answer(200, json!({"meta": {"test_mode": true}, "data": {"type": "users", "id": "1"}})))
        }
        (&Method::GET, "/v1/stores", _) => {
            let store = |id: &&str| json!({"type": "stores", "id": id, "attributes": {"name": format!("Store {id}")}});
            let rows: Vec<_> = state.stores.iter().map(store).collect();
            Ok(answer(200, json!({ "data": rows })))
        }
        (&Method::POST, _, Some("")) => lemon_squeezy_register(state, asked),
        (&Method::DELETE, _, Some(id)) => Ok(removed(state, id, answer(204, Value::Null))),
        (&Method::GET, path, of_webhook) => {
            allows(asked, &["page[size]", "page[number]", "filter[store_id]"])?;
            wants(asked.asks("filter[store_id]") == Some("1"), "the store")?;
            if of_webhook.is_some() {
                let row = |one: &Endpoint| json!({"type": "webhooks", "id": one.id, "attributes": {"url": one.url}});
                let rows: Vec<_> = state.endpoints.iter().map(row).collect();
                return Ok(answer(200, json!({ "data": rows })));
            }
            let (rows, last, total) = numbered(state, path, asked.asks("page[number]"));
            let meta = json!({"page": {"lastPage": last, "total": total}});
            Ok(answer(200, json!({"meta": meta, "data": rows})))
        }
        _ => Err("it has no such call".to_owned()),
    }
}

fn lemon_squeezy_register(state: &mut State, asked: &Asked) -> Judged {
    wants(asked.header("content-type") == JSON_API, "JSON:API")?;
    let data = &asked.json()["data"];
    let (attributes, store) = (&data["attributes"], &data["relationships"]["store"]["data"]);
    wants(data["type"] == "webhooks", "the type webhooks")?;
    only_members(attributes, &["url", "events", "secret", "test_mode"])?;
    wants(*store == json!({"type": "stores", "id": "1"}), "the store")?;
    wants(attributes["test_mode"] == true, "the mode of the key")?;
    wants(sorted(&attributes["events"]) == LEMON_EVENTS, "the events that we read")?;
    let secret = attributes["secret"].as_str().unwrap_or_default().to_owned();
    wants((6..=40).contains(&secret.len()), "a secret of 6 to 40 characters")?;
    let endpoint = made(state, &attributes["url"], secret, "")?;
    Ok(answer(201, json!({"data": {"type": "webhooks", "id": endpoint.id}})))
}

fn paddle(state: &mut State, is_known: bool, asked: &Asked) -> Judged {
    wants(asked.header("paddle-version") == "1", "the header Paddle-Version")?;
    if !is_known {
        return Ok(answer(403, json!({"error": {"code": "invalid_token", "detail": "no"}})));
    }
    match (&asked.method, asked.path.as_str(), asked.path.strip_prefix("/notification-settings")) {
        (&Method::GET, "/event-types", _) => Ok(answer(200, json!({"data": [], "meta": {}}))),
        (&Method::GET, _, Some("")) => {
            allows(asked, &["per_page", "after"])?;
            let row =
                |one: &Endpoint| json!({"id": one.id, "destination": one.url, "active": one.is_enabled});
            let rows: Vec<_> = state.endpoints.iter().map(row).collect();
            Ok(answer(200, json!({"data": rows, "meta": {"pagination": {"has_more": false}}})))
        }
        (&Method::POST, _, Some("")) => {
            wants(asked.header("content-type") == "application/json", "JSON")?;
            let body = asked.json();
            let known =
                ["description", "type", "destination", "subscribed_events", "api_version", "traffic_source"];
            only_members(&body, &known)?;
            wants(body["type"] == "url" && body["api_version"] == 1, "a url of version 1")?;
            wants(body["traffic_source"] == "platform", "no simulated traffic")?;
            wants(sorted(&body["subscribed_events"]) == PADDLE_EVENTS, "the events that we read")?;
            let secret = format!("pdl_ntfset_secret{}", state.made);
            let endpoint = made(state, &body["destination"], secret, "ntfset_")?;
            let data = json!({"id": endpoint.id, "endpoint_secret_key": endpoint.secret});
            Ok(answer(201, json!({"data": data, "meta": {}})))
        }
        (&Method::DELETE, _, Some(id)) => Ok(removed(state, id, answer(204, Value::Null))),
        (&Method::GET, path, _) => {
            allows(asked, &["per_page", "after", "order_by", "status"])?;
            let (page, has_more, total) = after(state, path, asked.asks("after"))?;
            let pagination = json!({"has_more": has_more, "estimated_total": total});
            Ok(answer(200, json!({"data": page, "meta": {"pagination": pagination}})))
        }
        _ => Err("it has no such call".to_owned()),
    }
}

fn polar(state: &mut State, is_known: bool, asked: &Asked) -> Judged {
    wants(asked.header("polar-version") == "2026-10", "the header Polar-Version")?;
    if !is_known {
        return Ok(answer(401, json!({"error": "invalid_token", "detail": "The token is invalid."})));
    }
    match (&asked.method, asked.path.as_str(), asked.path.strip_prefix("/v1/webhooks/endpoints")) {
        (&Method::GET, _, Some("")) => {
            allows(asked, &["limit", "page"])?;
            let row = |one: &Endpoint| json!({"id": one.id, "url": one.url, "enabled": one.is_enabled, "secret": one.secret});
            let rows: Vec<_> = state.endpoints.iter().map(row).collect();
            Ok(answer(200, json!({"items": rows, "pagination": {"total_count": rows.len(), "max_page": 1}})))
        }
        (&Method::POST, _, Some("")) => {
            wants(asked.header("content-type") == "application/json", "JSON")?;
            let body = asked.json();
            only_members(&body, &["url", "name", "format", "events", "api_version"])?;
            wants(body["format"] == "raw" && body["api_version"] == "2026-10", "raw of a pinned version")?;
            wants(sorted(&body["events"]) == POLAR_EVENTS, "the events that we read")?;
            let random = format!("polar secret {}", state.made);
            let secret = format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(random));
            let endpoint = made(state, &body["url"], secret, "0000-")?;
            Ok(answer(201, json!({"id": endpoint.id, "secret": endpoint.secret})))
        }
        (&Method::DELETE, _, Some(id)) => Ok(removed(state, id, answer(204, Value::Null))),
        // A path without its last slash is redirected by the real one, and we follow none.
        (&Method::GET, path @ ("/v1/orders/" | "/v1/refunds/"), _) => {
            allows(asked, &["limit", "page"])?;
            let (rows, last, total) = numbered(state, path, asked.asks("page"));
            Ok(answer(200, json!({"items": rows, "pagination": {"total_count": total, "max_page": last}})))
        }
        _ => Err("it has no such call".to_owned()),
    }
}
