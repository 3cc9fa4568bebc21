//! What a customer's own events change: each of the customer's orders is folded anew with them.

use std::collections::BTreeSet;

use super::Batch;
use crate::payments::{Notice, Order};
use crate::store::embedded::key::{Key, Kind, Parts};
use crate::store::{CustomerKey, Outcome, ReadError};

/// Orders of a customer that are folded anew; later ones keep what they know.
const ORDERS_OF_A_CUSTOMER: usize = 1_000;

impl Batch<'_> {
    /// Folds the orders of the customer that a notice is about; what that changed.
    pub(super) fn fold_orders_of(
        &mut self,
        customer: &str,
        notice: &Notice,
    ) -> Result<(Outcome, Vec<String>), ReadError> {
        let orders = self.orders_of(customer, notice)?;
        if orders.is_empty() {
            return self.fold_with(notice, BTreeSet::new());
        }
        let mut outcome = Outcome::Duplicate;
        let mut members: BTreeSet<String> = BTreeSet::new();
        for order in orders {
            let (of_order, changed) = self.fold_with(notice, order.references.into_iter().collect())?;
            if of_order != Outcome::Duplicate {
                outcome = of_order;
            }
            members.extend(changed);
        }
        Ok((outcome, members.into_iter().collect()))
    }

    fn orders_of(&self, customer: &str, notice: &Notice) -> Result<Vec<Order>, ReadError> {
        let customer = CustomerKey::Id(customer.to_owned());
        let prefix = Key::of(Kind::OrderCustomer, notice.site).claim(notice.live).customer(&customer);
        let mut orders = Vec::new();
        for (key, _) in self.draft.prefixed(&prefix.done())?.into_iter().take(ORDERS_OF_A_CUSTOMER) {
            let Some(id) = order_id(&key) else { continue };
            orders.extend(self.read::<Order>(&super::orders::order_key(notice.site, notice.live, &id))?);
        }
        orders.retain(|order| order.provider == notice.provider);
        Ok(orders)
    }
}

/// The order that a row of the index by customer names.
fn order_id(key: &[u8]) -> Option<String> {
    let mut parts = Parts::of(key)?;
    parts.claim()?;
    parts.claim()?;
    parts.text()?;
    parts.time()?;
    parts.text()
}
