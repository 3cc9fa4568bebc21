//! Webhooks that have verified, read: what a provider says becomes a notice, whichever provider it is.

use super::signature::Headers;
use super::{Notice, Provider, stripe};
use crate::catalogue::SiteNumber;
use crate::clock::Millis;

/// A webhook whose signature has been verified.
pub struct Webhook<'a> {
    /// Who sent it.
    pub provider: Provider,
    /// The site that it was sent to.
    pub site: SiteNumber,
    /// Whether the account is for tests alone; it decides where the payload does not say so itself.
    pub sandbox: bool,
    /// Looks up its headers.
    pub headers: &'a Headers<'a>,
    /// Its raw bytes.
    pub body: &'a [u8],
    /// When it arrived.
    pub received_ms: Millis,
    /// The keyed hash under which e-mails are kept.
    pub email_hash: &'a dyn Fn(&str) -> String,
}

/// Reads a webhook.
pub fn read(webhook: &Webhook<'_>) -> Result<Notice, String> {
    match webhook.provider {
        Provider::Stripe => stripe::read(webhook.body, webhook.site, webhook.received_ms, webhook.email_hash),
        Provider::LemonSqueezy | Provider::Paddle | Provider::Polar | Provider::Api => {
            Err("unread as yet".to_owned())
        }
    }
}
