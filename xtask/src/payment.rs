//! Payments as Stripe tells them, signed as it signs: what benchmarks and kills send to the real server.

use std::path::Path;

use anyhow::Result;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{server, shell};

const SECRET: &str = "whsec_of_the_benchmark";

/// Lets a site hear Stripe's webhooks.
pub(crate) fn connect(profile: &str, data: &Path, site: &str) -> Result<()> {
    let connect = ["integration", "add", "stripe", "--site", site, "--webhook-secret", SECRET, "--data-dir"];
    shell::quiet(server::command(profile, &connect).arg(data)).map(drop)
}

/// Where a site hears them.
pub(crate) fn path(site: &str) -> String {
    format!("/api/v1/webhooks/stripe/{site}")
}

/// A payment as Stripe tells it, about as long as it is in life.
pub(crate) fn payment(number: u64) -> String {
    format!(
        r#"{{"id":"evt_{number:016}","object":"event","api_version":"2026-10-28.endive","created":1795600000,"livemode":true,"pending_webhooks":1,"request":{{"id":null,"idempotency_key":null}},"type":"payment_intent.succeeded","data":{{"object":{{"id":"pi_{number:016}","object":"payment_intent","amount":4900,"amount_capturable":0,"amount_details":{{"tip":{{}}}},"amount_received":4900,"application":null,"automatic_payment_methods":null,"canceled_at":null,"capture_method":"automatic","client_secret":"pi_{number:016}_secret_abcdefghijklmnop","confirmation_method":"automatic","created":1795600000,"currency":"eur","customer":"cus_{number:014}","description":"An order of the shop","latest_charge":"ch_{number:016}","livemode":true,"metadata":{{"engagetrack_visitor_id":"8f14e45f-ceea-467f-a0e6-{visitor:012}","engagetrack_session_id":"c9f0f895-fb98-4ab9-9f5e-{visitor:012}"}},"next_action":null,"payment_method":"pm_{number:016}","payment_method_options":{{"card":{{"installments":null,"mandate_options":null,"network":null,"request_three_d_secure":"automatic"}}}},"payment_method_types":["card"],"receipt_email":"buyer{number}@mail.example","shipping":null,"status":"succeeded"}}}}}}"#,
        visitor = number % 20_000,
    )
}

/// The header of Stripe's scheme, signed now.
#[expect(clippy::disallowed_methods, reason = "a signature is of the present moment")]
pub(crate) fn signed(body: &str) -> String {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return String::new() };
    mac.update(format!("{now}.{body}").as_bytes());
    format!("stripe-signature: t={now},v1={}\r\n", hex::encode(mac.finalize().into_bytes()))
}
