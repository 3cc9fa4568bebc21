//! The one-time link of the first start: it makes the first account, within an hour, once.

use std::sync::{Mutex, PoisonError};

use subtle::ConstantTimeEq;

use crate::clock::Millis;
use crate::secrets::{VaultError, random_hex, token_hash};

/// How long the link lives.
const LIFETIME_MS: Millis = 60 * 60 * 1_000;

/// What is known of the link; it lives in memory alone, so that no file and no log can give it away.
#[derive(Debug, Default)]
pub struct SetupLink(Mutex<Option<Open>>);

#[derive(Debug)]
struct Open {
    hash: String,
    ends_ms: Millis,
}

impl SetupLink {
    /// Makes a new link, the former one dies. The token is to be shown on the terminal and nowhere else.
    pub fn open(&self, now_ms: Millis) -> Result<String, VaultError> {
        let token = random_hex(24)?;
        let open = Open { hash: token_hash(&token), ends_ms: now_ms.saturating_add(LIFETIME_MS) };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(open);
        Ok(token)
    }

    /// Whether the token is that of the link, and the link still lives.
    pub fn fits(&self, token: &str, now_ms: Millis) -> bool {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().is_some_and(|open| {
            let fits: bool = open.hash.as_bytes().ct_eq(token_hash(token).as_bytes()).into();
            fits && now_ms < open.ends_ms
        })
    }

    /// The link dies.
    pub fn close(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lives_one_hour_and_dies_when_closed() {
        let link = SetupLink::default();
        assert!(!link.fits("", 0));
        let token = link.open(0).unwrap();
        assert!(link.fits(&token, LIFETIME_MS - 1));
        assert!(!link.fits(&token, LIFETIME_MS));
        assert!(!link.fits("other", 0));
        let next = link.open(0).unwrap();
        assert!(!link.fits(&token, 0) && link.fits(&next, 0));
        link.close();
        assert!(!link.fits(&next, 0));
    }
}
