//! The HTTP interface: every route on one screen.
