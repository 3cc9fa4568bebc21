//! What the machine promises.
