//! Lemon Squeezy: JSON:API with its own media type, pages by number, keys that may do everything.

use serde_json::{Value, json};
use warp::http::Method;

use super::super::{Answer, Asked, Endpoint, State, answer};
use super::{Grant, Judged, MADE, found, is_address, made, number, numbered, removed, unknown_event};

pub(super) const MEDIA: &str = "application/vnd.api+json";
const EVENTS: &str = "order_created order_refunded subscription_created subscription_updated \
    subscription_cancelled subscription_resumed subscription_expired subscription_paused \
    subscription_unpaused subscription_payment_success subscription_payment_failed \
    subscription_payment_recovered subscription_payment_refunded license_key_created license_key_updated \
    affiliate_activated customer_updated";
/// The lists that belong to a store, and what they may be filtered by.
const LISTS: [(&str, &[&str]); 4] = [
    ("/v1/webhooks", &["store_id"]),
    ("/v1/orders", &["store_id", "user_email", "order_number"]),
    ("/v1/subscriptions", &["store_id", "order_id", "product_id", "variant_id", "user_email", "status"]),
    ("/v1/subscription-invoices", &["store_id", "status", "refunded", "subscription_id"]),
];
/// The store that everything is of.
const STORE: &str = "1";

fn refusal(status: u16, title: &str, detail: &str, source: Option<(&str, &str)>) -> Answer {
    let mut error = json!({"status": status.to_string(), "title": title, "detail": detail});
    if let Some((kind, place)) = source {
        error["source"] = json!({ kind: place });
    }
    answer(status, json!({"jsonapi": {"version": "1.0"}, "errors": [error]}))
}

fn invalid(field: &str, detail: &str) -> Answer {
    let pointer = format!("/data/attributes/{}", field.replace('.', "/"));
    refusal(422, "Unprocessable Entity", detail, Some(("pointer", &pointer)))
}

fn query(parameter: &str, detail: &str) -> Answer {
    refusal(400, "Invalid Query Parameter", detail, Some(("parameter", parameter)))
}

fn missing() -> Answer {
    refusal(404, "Not Found", "The requested resource does not exist.", None)
}

pub(super) fn judge(state: &mut State, grant: Grant, asked: &Asked) -> Judged {
    if asked.header("accept") != MEDIA {
        let detail = "The requested resource is capable of generating only content not acceptable \
            according to the Accept headers sent in the request.";
        return Err(refusal(406, "Not Acceptable", detail, None));
    }
    // Both headers are wanted with all requests.
    if asked.header("content-type") != MEDIA {
        let detail = "The request entity has a media type which the server or resource does not support.";
        return Err(refusal(415, "Unsupported Media Type", detail, None));
    }
    // There are no keys that may do less than others.
    if grant != Grant::All {
        return Ok(refusal(401, "Unauthorized", "Unauthenticated.", None));
    }
    let id = asked.path.strip_prefix("/v1/webhooks/");
    match (&asked.method, asked.path.as_str(), id) {
        (&Method::GET, "/v1/users/me", _) => {
            let user = json!({"type": "users", "id": "1", "attributes": {"name": "Jane", "createdAt": MADE}});
            let meta = json!({"test_mode": true});
            Ok(answer(200, json!({"meta": meta, "jsonapi": {"version": "1.0"}, "data": user})))
        }
        (&Method::GET, "/v1/stores", _) => {
            let store = |id: &&str| json!({"type": "stores", "id": id, "attributes": {"name": format!("Store {id}")}});
            let rows: Vec<_> = state.stores.iter().map(store).collect();
            list(asked, &rows, &[], usize::MAX)
        }
        (&Method::POST, "/v1/webhooks", _) => register(state, asked),
        (&Method::GET, _, Some(id)) => {
            Ok(found(state, id).map_or_else(missing, |one| answer(200, document(asked, one))))
        }
        (&Method::DELETE, _, Some(id)) if removed(state, id) => Ok(answer(204, Value::Null)),
        (&Method::DELETE, _, Some(_)) => Ok(missing()),
        (&Method::GET, path, None) => {
            let Some((path, filters)) = LISTS.into_iter().find(|(known, _)| *known == path) else {
                return Err(missing());
            };
            let mut rows = if path == "/v1/webhooks" {
                state.endpoints.iter().map(|one| row(asked, one)).collect()
            } else {
                state.lists.get(path).cloned().unwrap_or_default()
            };
            rows.retain(|_| asked.asks("filter[store_id]").is_none_or(|store| store == STORE));
            let most = if path == "/v1/webhooks" { usize::MAX } else { state.page };
            list(asked, &rows, filters, most)
        }
        _ => Err(missing()),
    }
}

fn list(asked: &Asked, rows: &[Value], filters: &[&str], most: usize) -> Judged {
    for (name, value) in &asked.query {
        let inner = name.split_once('[').map(|(of, inner)| (of, inner.trim_end_matches(']')));
        match inner {
            Some(("page", "number" | "size")) => {}
            Some(("page", inner)) => {
                return Err(query("page", &format!("Page parameter {inner} is not allowed.")));
            }
            Some(("filter", inner)) if filters.contains(&inner) => {}
            Some(("filter", inner)) => {
                return Err(query("filter", &format!("Filter parameter {inner} is not allowed.")));
            }
            // The SDK names no path where it is asked for none.
            None if name == "include" && ["", "store"].contains(&value.as_str()) => {}
            None if name == "include" => {
                return Err(query("include", &format!("Include path {value} is not allowed.")));
            }
            _ => return Err(query(name, &format!("Parameter {name} is not allowed."))),
        }
    }
    let at = number(asked, "page[number]", 1).filter(|number| *number > 0);
    let at = at.ok_or_else(|| query("page.number", "The page.number must be at least 1."))?;
    let size = number(asked, "page[size]", 10).filter(|size| (1..=100).contains(size));
    let size = size.ok_or_else(|| query("page.size", "The page.size must be between 1 and 100."))?.min(most);
    let (page, last) = numbered(rows, at, size);
    let from = (at - 1) * size;
    let link = |number: usize| {
        let place = format!("{}{}", asked.origin(), asked.path);
        json!(format!("{place}?page%5Bnumber%5D={number}&page%5Bsize%5D={size}"))
    };
    let mut links = json!({"first": link(1), "last": link(last)});
    if page.has_more {
        links["next"] = link(at + 1);
    }
    let about = json!({
        "currentPage": at, "from": from + 1, "to": from + page.rows.len(), "perPage": size, "lastPage": last,
        "total": page.total,
    });
    let top = json!({"version": "1.0"});
    Ok(answer(200, json!({"meta": {"page": about}, "jsonapi": top, "links": links, "data": page.rows})))
}

/// A secret is never given out.
fn row(asked: &Asked, endpoint: &Endpoint) -> Value {
    let here = format!("{}/v1/webhooks/{}", asked.origin(), endpoint.id);
    json!({
        "type": "webhooks", "id": endpoint.id,
        "attributes": {
            "store_id": 1, "url": endpoint.url, "events": endpoint.sent["data"]["attributes"]["events"],
            "last_sent_at": null, "created_at": MADE, "updated_at": MADE, "test_mode": true,
        },
        "relationships": {"store": {"links": {"related": format!("{here}/store")}}},
        "links": {"self": here},
    })
}

fn document(asked: &Asked, endpoint: &Endpoint) -> Value {
    let row = row(asked, endpoint);
    json!({"jsonapi": {"version": "1.0"}, "links": row["links"], "data": row})
}

fn register(state: &mut State, asked: &Asked) -> Judged {
    let Ok(sent) = serde_json::from_slice::<Value>(&asked.body) else {
        return Err(refusal(400, "Invalid JSON", "Syntax error", None));
    };
    let data = &sent["data"];
    if data["type"] != "webhooks" {
        let detail = format!("Resource type {} is not supported by this endpoint.", data["type"]);
        return Err(refusal(409, "Conflict", &detail, Some(("pointer", "/data/type"))));
    }
    let attributes = &data["attributes"];
    let known = ["url", "events", "secret", "test_mode"];
    let mut names = attributes.as_object().into_iter().flatten().map(|(name, _)| name);
    if let Some(name) = names.find(|name| !known.contains(&name.as_str())) {
        let detail = format!("The field {name} is not a supported attribute.");
        return Err(refusal(
            400,
            "Non-Compliant JSON:API Document",
            &detail,
            Some(("pointer", "/data/attributes")),
        ));
    }
    for field in ["url", "events", "secret"] {
        if attributes[field].is_null() {
            return Err(invalid(field, &format!("The {field} field is required.")));
        }
    }
    if !is_address(&attributes["url"], &["https", "http"]) {
        return Err(invalid("url", "The url must be a valid URL."));
    }
    let events = attributes["events"].as_array().cloned().unwrap_or_default();
    if events.is_empty() {
        return Err(invalid("events", "The events must be an array."));
    }
    if let Some(at) = unknown_event(&events, EVENTS) {
        return Err(invalid(&format!("events.{at}"), &format!("The selected events.{at} is invalid.")));
    }
    let secret = attributes["secret"].as_str().unwrap_or_default().to_owned();
    if !(6..=40).contains(&secret.chars().count()) {
        return Err(invalid("secret", "The secret must be between 6 and 40 characters."));
    }
    if !attributes["test_mode"].is_null() && !attributes["test_mode"].is_boolean() {
        return Err(invalid("test_mode", "The test mode field must be true or false."));
    }
    if data["relationships"]["store"]["data"] != json!({"type": "stores", "id": STORE}) {
        let place = ("pointer", "/data/relationships/store");
        return Err(refusal(404, "Not Found", "The related resource does not exist.", Some(place)));
    }
    let endpoint = made(state, &attributes["url"], &sent, |number| (number.to_string(), secret.clone()));
    Ok(answer(201, document(asked, &endpoint)))
}
