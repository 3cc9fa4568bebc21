//! Headers of signatures.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| engagetrack_fuzz::signature_header(data));
