//! The application: everything that handlers share.
