//! Tests of what Stripe's events say.
