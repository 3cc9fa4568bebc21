//! Signatures of webhooks, verified over the raw bytes.
