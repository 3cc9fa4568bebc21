//! The stand-in for Stripe: it says yes to every payment, and reports it by a signed webhook like the real one.

use anyhow::{Context, bail};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::clock::Clock;
use crate::secrets::random_hex;

/// Pays an order and reports it; the id of the payment intent.
///
/// `order` is what the shop's page sends: `order_id`, `amount` in minor units, `currency`, `email`, `metadata`.
pub(super) async fn pay(webhook_url: &str, secret: &str, order: &Value) -> anyhow::Result<String> {
    let amount = order.get("amount").and_then(Value::as_i64).filter(|amount| *amount > 0);
    let amount = amount.context("`amount` is a number of cents above zero")?;
    let mut metadata = order.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(order_id) = order.get("order_id").and_then(Value::as_str) {
        metadata.insert(protocol::metadata::ORDER_ID.to_owned(), json!(order_id));
    }
    let intent = format!("pi_{}", random_hex(12)?);
    let created = Clock::System.now_ms() / 1_000;
    let event = json!({
        "id": format!("evt_{}", random_hex(12)?),
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": true,
        "created": created,
        "data": { "object": {
            "id": format!("cs_live_{}", random_hex(12)?),
            "object": "checkout.session",
            "mode": "payment",
            "payment_status": "paid",
            "amount_total": amount,
            "currency": order.get("currency").and_then(Value::as_str).unwrap_or("usd").to_lowercase(),
            "payment_intent": intent,
            "customer_details": { "email": order.get("email") },
            "metadata": metadata,
        } },
    });
    report(webhook_url, secret, created, &event.to_string()).await?;
    Ok(intent)
}

async fn report(webhook_url: &str, secret: &str, at_s: i64, body: &str) -> anyhow::Result<()> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).context("the secret makes no key")?;
    mac.update(format!("{at_s}.{body}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    let answer = reqwest::Client::new()
        .post(webhook_url)
        .header("content-type", "application/json")
        .header("stripe-signature", format!("t={at_s},v1={signature}"))
        .body(body.to_owned())
        .send()
        .await
        .context("the webhook did not arrive")?;
    if !answer.status().is_success() {
        bail!("the webhook was answered {}: {}", answer.status(), answer.text().await.unwrap_or_default());
    }
    Ok(())
}
