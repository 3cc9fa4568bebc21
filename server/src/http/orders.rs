//! `POST` and `DELETE …/orders`: verified revenue from the merchant's own backend, and taking a mistaken one back.

use std::sync::Arc;

use attribution::money::{Currency, parse_major};
use protocol::limit;
use serde::Deserialize;
use serde_json::Value;
use warp::http::StatusCode;
use warp::reply::{Reply, Response};

use super::request::Request;
use super::webhooks::status;
use super::{body, time};
use crate::accounts::{Scope, site_access};
use crate::app::App;
use crate::catalogue::Site;
use crate::error::ApiError;
use crate::payments::own::{self, OwnOrder};
use crate::record::{Record, Withdrawal};
use crate::store::Outcome;

/// The body of `POST …/orders`.
#[derive(Debug, Deserialize)]
struct Posted {
    order_id: String,
    amount: Value,
    currency: String,
    #[serde(default)]
    at: Value,
    #[serde(default)]
    visitor_uid: Option<String>,
    #[serde(default)]
    session_id: Option<String>,
    #[serde(default)]
    checkout_url: Option<String>,
    #[serde(default)]
    customer_id: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    renewal: bool,
    #[serde(default)]
    refund_of: Option<String>,
    #[serde(default)]
    tax: Value,
    #[serde(default)]
    metadata: Value,
}

/// Takes an order, or a refund of one.
pub(crate) async fn add(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::ImportWrite)?;
    let posted: Posted = body::json(&mut request).await?;
    let order = judged(posted)?;
    // One at a time: between looking and putting, no other call may tell another amount.
    let changing = app.change().await;
    contradiction(&app, &site, &order).await?;
    let notice = own::notice(&order, site.number, app.clock.now_ms(), &|email| app.vault.email_hash(email));
    let outcomes = app.store.commit(vec![Record::Notice(Box::new(notice))]).await?;
    drop(changing);
    match outcomes.first().copied().unwrap_or(Outcome::Ignored) {
        Outcome::Recorded => {
            Ok(warp::reply::with_status(status(Outcome::Recorded), StatusCode::CREATED).into_response())
        }
        Outcome::Conflict => Err(changed_amount(&order.order_id)),
        other @ (Outcome::Enriched | Outcome::Duplicate | Outcome::Ignored) => Ok(status(other)),
    }
}

/// Takes an order back and leaves a tombstone.
pub(crate) async fn remove(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    let (_, site) = site_access(&app, &request, Scope::ImportWrite)?;
    let order_id = request.parameter(1).to_owned();
    if order_id.chars().count() > limit::KEY_CHARS {
        return Err(ApiError::invalid(
            "order_id",
            format!("An order id has at most {} characters.", limit::KEY_CHARS),
        ));
    }
    let withdrawal = Withdrawal { site: site.number, order_id, at_ms: app.clock.now_ms() };
    let outcomes = app.store.commit(vec![Record::Withdrawal(withdrawal)]).await?;
    Ok(status(outcomes.first().copied().unwrap_or(Outcome::Ignored)))
}

/// Refuses an order that is there with other money.
async fn contradiction(app: &Arc<App>, site: &Site, order: &OwnOrder) -> Result<(), ApiError> {
    if order.refund_of.is_some() {
        return Ok(());
    }
    let (number, id) = (site.number, order.order_id.clone());
    let known = app.work(move |app| app.store.order(number, true, &id)).await??;
    match known {
        Some(known) if known.minor != order.minor || known.currency != order.currency => {
            Err(changed_amount(&order.order_id))
        }
        Some(_) | None => Ok(()),
    }
}

fn changed_amount(order_id: &str) -> ApiError {
    let message =
        format!("The order {order_id:?} is there with another amount; DELETE it first if that was wrong.");
    ApiError::conflict("amount_differs", message).with_field(Some("amount".to_owned()))
}

fn judged(posted: Posted) -> Result<OwnOrder, ApiError> {
    let mut posted = posted;
    from_metadata(&mut posted);
    let currency = Currency::parse(&posted.currency.trim().to_ascii_uppercase())
        .ok_or_else(|| ApiError::invalid("currency", "`currency` is an ISO 4217 code, for example EUR."))?;
    let given = |value: &Value| (!value.is_null()).then(|| value.clone());
    let at_ms = given(&posted.at)
        .map(|value| {
            time::parse(&value).ok_or_else(|| {
                ApiError::invalid("at", "`at` is a time: ISO 8601, or milliseconds since the epoch.")
            })
        })
        .transpose()?;
    let tax_minor = given(&posted.tax).map(|value| amount("tax", &value, currency)).transpose()?;
    Ok(OwnOrder {
        order_id: text("order_id", posted.order_id, limit::KEY_CHARS)?,
        minor: amount("amount", &posted.amount, currency)?,
        currency: currency.code().to_owned(),
        at_ms,
        visitor: optional("visitor_uid", posted.visitor_uid, limit::ID_CHARS)?,
        session: optional("session_id", posted.session_id, limit::ID_CHARS)?,
        checkout_url: optional("checkout_url", posted.checkout_url, limit::URL_CHARS)?,
        customer: optional("customer_id", posted.customer_id, limit::KEY_CHARS)?,
        email: optional("email", posted.email, limit::TEXT_CHARS)?,
        renewal: posted.renewal,
        refund_of: optional("refund_of", posted.refund_of, limit::KEY_CHARS)?,
        tax_minor,
    })
}

/// What the checkout's metadata says fills what the body does not.
fn from_metadata(posted: &mut Posted) {
    let of = |key: &str| posted.metadata.get(key).and_then(Value::as_str).map(str::to_owned);
    let (visitor, session, url) =
        (of(protocol::metadata::VISITOR_ID), of(protocol::metadata::SESSION_ID), of(protocol::metadata::URL));
    posted.visitor_uid = posted.visitor_uid.take().or(visitor);
    posted.session_id = posted.session_id.take().or(session);
    posted.checkout_url = posted.checkout_url.take().or(url);
}

fn amount(field: &str, value: &Value, currency: Currency) -> Result<i64, ApiError> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    };
    let minor = parse_major(&text, currency).ok().and_then(|money| i64::try_from(money.minor).ok());
    minor.filter(|minor| *minor >= 0).ok_or_else(|| {
        let message =
            format!("`{field}` is an amount in major units, 0 or more and below 10^12, for example 149.99.");
        ApiError::invalid(field, message)
    })
}

fn text(field: &str, text: String, chars: usize) -> Result<String, ApiError> {
    let count = text.chars().count();
    if count == 0 || count > chars {
        return Err(ApiError::invalid(field, format!("`{field}` has 1 to {chars} characters.")));
    }
    Ok(text)
}

fn optional(field: &str, value: Option<String>, chars: usize) -> Result<Option<String>, ApiError> {
    value.filter(|value| !value.is_empty()).map(|value| text(field, value, chars)).transpose()
}
