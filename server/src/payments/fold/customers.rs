//! What only a customer's own events tell: an order names the customer, they tell the e-mail and the country.

use super::Heard;
use crate::payments::{Clues, Order};

/// Tells an order what it does not know of its customer: as it was at the payment, or as it was first told after.
///
/// `told` are facts about customers, by time.
pub(super) fn tell(order: &mut Order, told: &[Heard<'_>]) {
    let Some(customer) = order.clues.customer.clone() else { return };
    let of_customer = |heard: &&Heard<'_>| {
        heard.provider == order.provider
            && heard.live == order.live
            && heard.fact.clues.customer.as_deref() == Some(customer.as_str())
    };
    let as_it_was = |member: fn(&Clues) -> Option<&String>| {
        let tells = |heard: &&Heard<'_>| of_customer(heard) && member(&heard.fact.clues).is_some();
        let before = told.iter().filter(tells).rfind(|heard| heard.fact.at_ms <= order.at_ms);
        let heard = before.or_else(|| told.iter().find(tells))?;
        member(&heard.fact.clues).cloned()
    };
    let email_hash = as_it_was(|clues| clues.email_hash.as_ref());
    let country = as_it_was(|clues| clues.country.as_ref());
    let clues = std::mem::take(&mut order.clues);
    order.clues = clues.or(Clues { email_hash, country, ..Clues::default() });
}
