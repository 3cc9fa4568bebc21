//! The log of records: the truth.
