//! The settings, from flags and environment.
