//! Payloads of Polar.
#![no_main]

use engagetrack::payments::Provider;

libfuzzer_sys::fuzz_target!(|data: &[u8]| engagetrack_fuzz::payload(Provider::Polar, data));
