//! Payloads of Paddle Billing.
#![no_main]

use engagetrack::payments::Provider;

libfuzzer_sys::fuzz_target!(|data: &[u8]| engagetrack_fuzz::payload(Provider::Paddle, data));
