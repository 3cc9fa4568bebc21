//! The story as Stripe tells it, since the API version "basil" and before it.

use serde_json::{Value, json};

use super::{Story, Told, ledger, metadata, needed, spare};
use crate::payments::testing::{object, stripe};

/// The seconds of the three payments, a month between them.
const PAID: [i64; 3] = [1_772_443_798, 1_775_122_198, 1_777_714_198];
const NAMES: [&str; 3] = ["first", "second", "third"];

/// Intent and invoice name each other no more; a third event joins them.
pub(super) fn since_basil() -> Story {
    let payment = |at: usize| {
        let (name, paid_s) = (NAMES[at], PAID[at]);
        let (intent, invoice) = (format!("pi_3{name}"), format!("in_1{name}"));
        let joined = json!({"id": format!("inpay_1{name}"), "invoice": invoice, "payment": {"payment_intent": intent}, "status_transitions": {"paid_at": paid_s + 1}});
        vec![
            spare(stripe(
                &format!("evt_pi_{name}"),
                "payment_intent.succeeded",
                paid_s,
                intent_of(name, json!({})),
            )),
            spare(stripe(
                &format!("evt_inpay_{name}"),
                "invoice_payment.paid",
                paid_s + 2,
                object("stripe/invoice_payment", joined),
            )),
            needed(stripe(&format!("evt_in_{name}"), "invoice.paid", paid_s + 2, invoice_of(at, json!({})))),
        ]
    };
    let told = (0..3).flat_map(payment).chain(the_rest()).collect();
    Story { name: "stripe since basil", told, ledger: ledger(["pi_3first", "pi_3second", "pi_3third"]) }
}

/// Intent and invoice name each other.
pub(super) fn before_basil() -> Story {
    let payment = |at: usize| {
        let (name, paid_s) = (NAMES[at], PAID[at]);
        let old = json!({
            "payment_intent": format!("pi_3{name}"), "charge": format!("ch_3{name}"), "subscription": "sub_1team", "parent": null,
            "tax": 931, "total_taxes": null, "total_tax_amounts": [{"amount": 931, "inclusive": false}],
            "lines": {"data": []}, "subscription_details": {"metadata": {}},
        });
        let invoice = format!("in_1{name}");
        vec![
            spare(stripe(
                &format!("evt_pi_{name}"),
                "payment_intent.succeeded",
                paid_s,
                intent_of(name, json!({"invoice": invoice})),
            )),
            needed(stripe(&format!("evt_in_{name}"), "invoice.paid", paid_s + 2, invoice_of(at, old))),
        ]
    };
    let told = (0..3).flat_map(payment).chain(the_rest()).collect();
    Story { name: "stripe before basil", told, ledger: ledger(["pi_3first", "pi_3second", "pi_3third"]) }
}

fn intent_of(name: &str, more: Value) -> Value {
    let mut intent =
        object("stripe/intent", json!({"id": format!("pi_3{name}"), "latest_charge": format!("ch_3{name}")}));
    super::super::merge(&mut intent, more);
    intent
}

fn invoice_of(at: usize, more: Value) -> Value {
    let reason = if at == 0 { "subscription_create" } else { "subscription_cycle" };
    let mut invoice = object(
        "stripe/invoice",
        json!({"id": format!("in_1{}", NAMES[at]), "billing_reason": reason, "status_transitions": {"paid_at": PAID[at] + 1}}),
    );
    super::super::merge(&mut invoice, more);
    invoice
}

/// The checkout, what went back, what failed to, and the dispute.
fn the_rest() -> Vec<Told> {
    let of = |kind: &str, name: &str, patch: Value| {
        let mut object = object(kind, json!({"payment_intent": format!("pi_3{name}")}));
        super::super::merge(&mut object, patch);
        object
    };
    let session = object("stripe/session", json!({"metadata": metadata()}));
    let back = |status: &str| of("stripe/refund", "first", json!({"status": status}));
    let failing = |status: &str| {
        of(
            "stripe/refund",
            "second",
            json!({"id": "re_3fails", "charge": "ch_3second", "amount": 2_000, "created": 1_775_300_000, "status": status}),
        )
    };
    let dispute = |status: &str| {
        of(
            "stripe/dispute",
            "third",
            json!({"id": "dp_3third", "charge": "ch_3third", "created": 1_777_900_000, "status": status}),
        )
    };
    let charge = |name: &str, refunded: i64| {
        of("stripe/charge", name, json!({"id": format!("ch_3{name}"), "amount_refunded": refunded}))
    };
    vec![
        spare(stripe("evt_cs", "checkout.session.completed", 1_772_443_800, session)),
        spare(stripe("evt_re_1", "refund.created", 1_772_704_800, back("pending"))),
        needed(stripe("evt_re_2", "refund.updated", 1_772_791_200, back("succeeded"))),
        spare(stripe("evt_ch_1", "charge.refunded", 1_772_704_801, charge("first", 1_190))),
        spare(stripe("evt_re_3", "refund.created", 1_775_300_000, failing("succeeded"))),
        spare(stripe("evt_ch_2", "charge.refunded", 1_775_300_001, charge("second", 2_000))),
        needed(stripe("evt_re_4", "refund.failed", 1_775_400_000, failing("failed"))),
        spare(stripe("evt_dp_1", "charge.dispute.created", 1_777_900_000, dispute("needs_response"))),
        needed(stripe(
            "evt_dp_2",
            "charge.dispute.funds_withdrawn",
            1_777_900_001,
            dispute("needs_response"),
        )),
        spare(stripe("evt_dp_3", "charge.dispute.closed", 1_778_500_000, dispute("won"))),
        needed(stripe("evt_dp_4", "charge.dispute.funds_reinstated", 1_778_500_001, dispute("won"))),
    ]
}
