//! The merchant's own backend: verified orders and refunds that it posts with an API key.

use sha2::{Digest, Sha256};

use super::{Clues, Fact, Notice, Paid, Provider, Refund, RefundState, clues, time};
use crate::catalogue::SiteNumber;
use crate::clock::Millis;

/// An order, or a refund of one, as the backend tells it; validated before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnOrder {
    /// Its id; a refund has one of its own.
    pub order_id: String,
    /// Minor units by the ISO 4217 exponent, not negative.
    pub minor: i64,
    /// ISO 4217 code, upper case.
    pub currency: String,
    /// When it was paid or given back, where the backend says so; else when the call arrived.
    pub at_ms: Option<Millis>,
    /// The visitor.
    pub visitor: Option<String>,
    /// The session.
    pub session: Option<String>,
    /// The checkout's address.
    pub checkout_url: Option<String>,
    /// The merchant's id of the customer.
    pub customer: Option<String>,
    /// The customer's e-mail; only its keyed hash is kept.
    pub email: Option<String>,
    /// Whether it renews.
    pub renewal: bool,
    /// The order that it gives money back of; then it is a refund.
    pub refund_of: Option<String>,
    /// The tax in it, minor units.
    pub tax_minor: Option<i64>,
}

/// The notice of a posted order or refund. Posting the same again is the same event; posting it with more evidence
/// is another one of the same order.
pub fn notice(
    order: &OwnOrder,
    site: SiteNumber,
    received_ms: Millis,
    email_hash: &dyn Fn(&str) -> String,
) -> Notice {
    let at_ms = order.at_ms.map_or(received_ms, time::end_of_second);
    let mut fact = match &order.refund_of {
        Some(refunded) => refund(order, refunded, at_ms),
        None => payment(order, at_ms, email_hash),
    };
    let event_id = event_id(order, &fact);
    fact.event_id.clone_from(&event_id);
    Notice {
        site,
        provider: Provider::Api,
        event_id,
        event_type: if order.refund_of.is_some() { "refund" } else { "order" }.to_owned(),
        at_ms,
        received_ms,
        live: true,
        facts: vec![fact],
        payload: None,
    }
}

fn payment(order: &OwnOrder, at_ms: Millis, email_hash: &dyn Fn(&str) -> String) -> Fact {
    let email = order.email.clone().map(serde_json::Value::String);
    Fact {
        references: vec![format!("order:{}", order.order_id)],
        at_ms,
        paid: Some(Paid { rank: 0, minor: order.minor, currency: order.currency.clone(), at_ms }),
        clues: Clues {
            session: order.session.clone(),
            visitor: order.visitor.clone(),
            url: order.checkout_url.as_deref().and_then(clues::kept_url),
            customer: order.customer.clone(),
            user: order.customer.clone(),
            email_hash: clues::hashed(email.as_ref(), email_hash),
            ..Clues::default()
        },
        renewal: Some(order.renewal),
        tax_minor: order.tax_minor,
        ..Fact::default()
    }
}

fn refund(order: &OwnOrder, refunded: &str, at_ms: Millis) -> Fact {
    let mut references = vec![format!("order:{refunded}")];
    // A backend may give back what Stripe took: then the id is one of Stripe's objects.
    let kinds = [("pi_", "intent"), ("in_", "invoice"), ("cs_", "session"), ("ch_", "charge")];
    references.extend(
        kinds
            .iter()
            .filter(|(start, _)| refunded.starts_with(start))
            .map(|(_, kind)| format!("{kind}:{refunded}")),
    );
    Fact {
        references,
        at_ms,
        refund: Some(Refund {
            id: order.order_id.clone(),
            minor: order.minor,
            state: RefundState::Succeeded,
            created_ms: at_ms,
        }),
        ..Fact::default()
    }
}

/// An id made of what was posted, but for the time of arrival: no e-mail is in it, only its keyed hash.
fn event_id(order: &OwnOrder, fact: &Fact) -> String {
    let (clues, mut hash) = (&fact.clues, Sha256::new());
    let minor = order.minor.to_string();
    let at_ms = order.at_ms.map(|at_ms| at_ms.to_string());
    let tax = order.tax_minor.map(|tax| tax.to_string());
    let texts = [
        Some(&order.order_id),
        Some(&minor),
        Some(&order.currency),
        at_ms.as_ref(),
        tax.as_ref(),
        order.refund_of.as_ref(),
        clues.session.as_ref(),
        clues.visitor.as_ref(),
        clues.url.as_ref(),
        clues.customer.as_ref(),
        clues.email_hash.as_ref(),
    ];
    for text in texts {
        // The length stands before each text, so that no two lists of texts are the same bytes.
        hash.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
        hash.update(text.map_or("", String::as_str));
    }
    hash.update([u8::from(order.renewal)]);
    let digest = hex::encode(hash.finalize());
    format!("api:{}", digest.get(..32).unwrap_or(&digest))
}
