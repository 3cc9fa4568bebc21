//! Tests of reports over whole scenes.
