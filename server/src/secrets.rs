//! The vault: secrets sealed at rest, keyed hashes of e-mails, and the random tokens of keys and sign-ins.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// The file of the key that seals provider secrets.
const DATA_KEY_FILE: &str = "data.key";
/// The file of the key of the e-mail hashes; it never turns, or payments would lose their people.
const EMAIL_KEY_FILE: &str = "email.key";

/// Why the vault could not be opened, or a sealed thing not be read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A key file cannot be read or made.
    #[error("the key file {path} cannot be read or made: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key file does not hold a key.
    #[error("the key file {0} is damaged: put back its copy from your backup")]
    Damaged(PathBuf),
    /// The system gives no randomness.
    #[error("the system gives no random bytes: {0}")]
    Randomness(getrandom::Error),
    /// The bytes were not sealed under this vault's key.
    #[error("a stored secret cannot be opened: data.key is not the one that sealed it")]
    Sealed,
}

/// Two keys of one data directory: one seals secrets, the other hashes e-mails.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    email_key: [u8; KEY_BYTES],
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault")
    }
}

impl Vault {
    /// Opens the vault of a data directory; makes its two key files where they are missing, readable by their
    /// owner alone.
    pub fn open(directory: &Path) -> Result<Self, VaultError> {
        let failed = |source| VaultError::File { path: directory.to_owned(), source };
        std::fs::create_dir_all(directory).map_err(failed)?;
        let data_key = read_or_make(&directory.join(DATA_KEY_FILE))?;
        Ok(Self {
            cipher: XChaCha20Poly1305::new(Key::from_slice(&data_key)),
            email_key: read_or_make(&directory.join(EMAIL_KEY_FILE))?,
        })
    }

    /// A vault of two given keys, kept nowhere.
    pub fn of_keys(data_key: [u8; KEY_BYTES], email_key: [u8; KEY_BYTES]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(Key::from_slice(&data_key)), email_key }
    }

    /// Seals a secret: a random nonce, then the ciphertext with its tag.
    pub fn seal(&self, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(VaultError::Randomness)?;
        let ciphertext =
            self.cipher.encrypt(XNonce::from_slice(&nonce), secret).map_err(|_| VaultError::Sealed)?;
        Ok([nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens what [`Vault::seal`] sealed.
    pub fn unseal(&self, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_BYTES).ok_or(VaultError::Sealed)?;
        self.cipher.decrypt(XNonce::from_slice(nonce), ciphertext).map_err(|_| VaultError::Sealed)
    }

    /// The keyed hash of an e-mail, trimmed and lower-cased before: HMAC-SHA256, lower-case hexadecimal.
    pub fn email_hash(&self, email: &str) -> String {
        let mut block = [0_u8; 64];
        block.iter_mut().zip(self.email_key).for_each(|(place, byte)| *place = byte);
        let mut mac = <Hmac<Sha256> as Mac>::new(&block.into());
        mac.update(email.trim().to_lowercase().as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// What is kept of an API key, a cookie or a one-time link: SHA-256, lower-case hexadecimal. They are long and
/// random, so nothing slower is needed.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// So many random bytes, lower-case hexadecimal.
pub fn random_hex(bytes: usize) -> Result<String, VaultError> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(VaultError::Randomness)?;
    Ok(hex::encode(random))
}

fn read_or_make(path: &Path) -> Result<[u8; KEY_BYTES], VaultError> {
    let failed = |source| VaultError::File { path: path.to_owned(), source };
    match File::open(path) {
        Ok(file) => {
            let mut text = String::new();
            file.take(1_024).read_to_string(&mut text).map_err(failed)?;
            let mut key = [0_u8; KEY_BYTES];
            hex::decode_to_slice(text.trim(), &mut key).map_err(|_| VaultError::Damaged(path.to_owned()))?;
            Ok(key)
        }
        Err(missing) if missing.kind() == ErrorKind::NotFound => {
            let mut key = [0_u8; KEY_BYTES];
            getrandom::fill(&mut key).map_err(VaultError::Randomness)?;
            make(path, &hex::encode(key)).map_err(failed)?;
            Ok(key)
        }
        Err(other) => Err(failed(other)),
    }
}

/// Writes a key file whole or not at all: a torn one would lock every secret away.
fn make(path: &Path, text: &str) -> std::io::Result<()> {
    let unfinished = path.with_extension("key.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    path.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_again_and_only_whole() {
        let vault = Vault::of_keys([1; 32], [2; 32]);
        let sealed = vault.seal(b"whsec_one").unwrap();
        assert_eq!(vault.unseal(&sealed).unwrap(), b"whsec_one");
        assert_ne!(sealed, vault.seal(b"whsec_one").unwrap(), "each sealing has its own nonce");
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.unseal(&changed).is_err());
        assert!(vault.unseal(&sealed[..10]).is_err());
        assert!(Vault::of_keys([3; 32], [2; 32]).unseal(&sealed).is_err());
    }

    #[test]
    fn the_key_files_survive_and_are_private() {
        let directory = tempfile::tempdir().unwrap();
        let first = Vault::open(directory.path()).unwrap();
        let sealed = first.seal(b"secret").unwrap();
        let again = Vault::open(directory.path()).unwrap();
        assert_eq!(again.unseal(&sealed).unwrap(), b"secret");
        assert_eq!(first.email_hash("a@b.c"), again.email_hash("a@b.c"));
        for name in [DATA_KEY_FILE, EMAIL_KEY_FILE] {
            let metadata = std::fs::metadata(directory.path().join(name)).unwrap();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o600);
        }
        std::fs::write(directory.path().join(DATA_KEY_FILE), "short").unwrap();
        assert!(matches!(Vault::open(directory.path()), Err(VaultError::Damaged(_))));
    }

    #[test]
    fn an_email_hash_forgets_spaces_and_case_and_depends_on_the_key() {
        let vault = Vault::of_keys([1; 32], [2; 32]);
        assert_eq!(vault.email_hash(" Ann@Shop.Example "), vault.email_hash("ann@shop.example"));
        assert_eq!(vault.email_hash("a").len(), 64);
        assert_ne!(vault.email_hash("a"), Vault::of_keys([1; 32], [9; 32]).email_hash("a"));
    }
}
