//! From bytes to records: decode, validate, enrich.
