//! Tests of revenue reports.
