//! Stripe: what its events say.
