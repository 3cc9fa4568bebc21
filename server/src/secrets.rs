//! The vault: secrets at rest, and keyed hashes.
