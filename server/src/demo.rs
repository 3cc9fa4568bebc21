//! The demo shop, and the stand-in that pays its orders.
