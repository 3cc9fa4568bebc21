//! The bank's files of exchange rates.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| engagetrack_fuzz::rates(data));
