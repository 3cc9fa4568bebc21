//! Exact money: integer minor units of a currency, and splits whose parts sum to the whole.

mod amount;
mod currency;
mod split;

pub use amount::{AmountFault, Money, decimal, parse_major, rescale};
pub use currency::Currency;
pub use split::{SHARE_ONE, Share, fractions, normalise, refund_credits, split};
