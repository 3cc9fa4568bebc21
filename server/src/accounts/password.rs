//! Passwords: hashed with argon2id, compared in constant time, in the same time for accounts that are not there.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::secrets::VaultError;

/// Characters that a password has at least.
pub const MIN_CHARS: usize = 10;
/// Bytes that are hashed at most: more would only cost time.
pub const MAX_BYTES: usize = 1_024;

/// 19 MiB, two passes, one lane: the parameters that OWASP's password storage page names first for argon2id.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// The hash of a new password, PHC format. It takes tens of milliseconds: call it off the asynchronous threads.
pub fn hash(password: &str) -> Result<String, VaultError> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(VaultError::Randomness)?;
    let salt = SaltString::encode_b64(&salt).map_err(|_| VaultError::Sealed)?;
    let hash = hasher().hash_password(password.as_bytes(), &salt).map_err(|_| VaultError::Sealed)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed; `None` stands for an account that is not there, and takes as
/// long.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody =
        || NOBODY.get_or_init(|| hash("a password that no account has").unwrap_or_default()).as_str();
    let is_known = stored.is_some();
    let matches = PasswordHash::new(stored.unwrap_or_else(nobody))
        .is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok());
    matches && is_known && password.len() <= MAX_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_and_no_other() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse", Some(&stored)));
        assert!(!verify("correct hors", Some(&stored)));
        assert_ne!(stored, hash("correct horse").unwrap(), "each has its own salt");
    }

    #[test]
    fn nobody_has_no_password() {
        assert!(!verify("a password that no account has", None));
        assert!(!verify("", Some("not a hash")));
    }
}
