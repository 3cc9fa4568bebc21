//! Visitors whose browser keeps no id: known for one UTC day by a keyed hash, unknowable after it.
//!
//! The key is the day's salt. It lives in a directory of its own, outside log and backups, and is destroyed when
//! the day is over; without it no one can tell which address and agent a visitor had, nor join two days.

use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::clock::{DAY_MS, Millis};

const EXTENSION: &str = "salt";

type Salt = [u8; 64];

/// The day's salt, and where it is kept.
pub(super) struct Salts {
    directory: Option<PathBuf>,
    current: Mutex<Option<(Day, Salt)>>,
}

/// Days since the epoch, UTC.
type Day = i64;

impl Salts {
    /// Salts kept in a directory of their own, or in memory alone.
    pub(super) fn new(directory: Option<&Path>) -> Self {
        Self { directory: directory.map(Path::to_owned), current: Mutex::new(None) }
    }

    /// The visitor that an address and an agent are today, 32 hexadecimal digits.
    pub(super) fn visitor(&self, now_ms: Millis, site_id: &str, address: IpAddr, agent: &str) -> String {
        let salt = self.of_day(now_ms);
        let address = address.to_canonical().to_string();
        let mut visitor = Hmac::<Sha256>::new(&salt.into());
        for part in [site_id, &address, agent] {
            visitor.update(&(part.len() as u64).to_be_bytes());
            visitor.update(part.as_bytes());
        }
        let hash = visitor.finalize().into_bytes();
        hex::encode(hash.get(..16).unwrap_or(&hash))
    }

    /// Destroys the salt of a day that is over, on disk too.
    pub(super) fn turn(&self, now_ms: Millis) {
        let day = now_ms.div_euclid(DAY_MS);
        let mut current = self.lock();
        if current.is_some_and(|(of, _)| is_over(of, day)) {
            *current = None;
        }
        if let Some(directory) = &self.directory {
            forget_all_but(directory, current.map_or(day, |(of, _)| of));
        }
    }

    fn of_day(&self, now_ms: Millis) -> Salt {
        let day = now_ms.div_euclid(DAY_MS);
        let mut current = self.lock();
        match *current {
            Some((of, salt)) if !is_over(of, day) => salt,
            _ => {
                let salt = self.directory.as_deref().map_or_else(fresh, |directory| kept(directory, day));
                *current = Some((day, salt));
                salt
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Day, Salt)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that arrived just before midnight may be read just after it; it does not turn the day back.
fn is_over(of: Day, day: Day) -> bool {
    day != of && day != of - 1
}

fn fresh() -> Salt {
    let mut salt = [0; 64];
    // Without randomness there is no salt; a thread that cannot have any must not go on with a known one.
    #[expect(clippy::expect_used, reason = "the operating system gives randomness once it has started")]
    getrandom::fill(&mut salt).expect("the operating system gives randomness");
    salt
}

/// The day's salt from its file, or a new one put there; those of other days are removed.
fn kept(directory: &Path, day: Day) -> Salt {
    forget_all_but(directory, day);
    let path = directory.join(format!("{day}.{EXTENSION}"));
    if let Some(salt) = fs::read(&path).ok().and_then(|bytes| Salt::try_from(bytes).ok()) {
        return salt;
    }
    let salt = fresh();
    if let Err(reason) = write(directory, &path, &salt) {
        tracing::warn!(%reason, "the day's salt cannot be kept: visitors without an id count anew after a restart");
    }
    salt
}

fn write(directory: &Path, path: &Path, salt: &Salt) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let partial = path.with_extension("partial");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    file.write_all(salt)?;
    file.sync_all()?;
    fs::rename(&partial, path)
}

/// Overwrites and removes the salts of other days. A file that resists is tried again at the next turn.
fn forget_all_but(directory: &Path, day: Day) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    let today = format!("{day}.{EXTENSION}");
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_salt =
            path.extension().is_some_and(|extension| extension == EXTENSION || extension == "partial");
        if is_salt && path.file_name().is_none_or(|name| name != today.as_str()) {
            let overwritten = fs::write(&path, [0; 64]);
            if let Err(reason) = overwritten.and_then(|()| fs::remove_file(&path)) {
                tracing::warn!(%reason, "a former day's salt could not be destroyed");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = 20_000 * DAY_MS + DAY_MS / 2;

    fn visitor(salts: &Salts, now_ms: Millis) -> String {
        salts.visitor(now_ms, "pk_live_a", "192.0.2.7".parse().unwrap(), "Firefox")
    }

    fn files(directory: &Path) -> Vec<String> {
        fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_visitor_is_the_same_all_day_and_another_the_next() {
        let salts = Salts::new(None);
        let today = visitor(&salts, NOON);
        assert_eq!(visitor(&salts, 20_000 * DAY_MS), today);
        assert_eq!(visitor(&salts, 20_001 * DAY_MS - 1), today);
        assert_ne!(visitor(&salts, 20_001 * DAY_MS), today);
        assert_eq!(today.len(), 32);
    }

    #[test]
    fn site_address_and_agent_each_make_another_visitor() {
        let salts = Salts::new(None);
        let of = |site: &str, address: &str, agent: &str| {
            salts.visitor(NOON, site, address.parse().unwrap(), agent)
        };
        let one = of("a", "192.0.2.7", "Firefox");
        assert_eq!(of("a", "::ffff:192.0.2.7", "Firefox"), one);
        for other in
            [of("b", "192.0.2.7", "Firefox"), of("a", "192.0.2.8", "Firefox"), of("a", "192.0.2.7", "Safari")]
        {
            assert_ne!(other, one);
        }
        assert_ne!(of("a1", "2.0.0.7", "x"), of("a", "12.0.0.7", "x"));
    }

    #[test]
    fn a_restart_keeps_the_days_salt_and_no_older_one() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Salts::new(Some(directory.path()));
        let today = visitor(&open(), NOON);
        assert_eq!(visitor(&open(), NOON), today);
        assert_eq!(files(directory.path()), ["20000.salt"]);
        assert_ne!(visitor(&open(), NOON + DAY_MS), today);
        assert_eq!(files(directory.path()), ["20001.salt"]);
        assert_ne!(visitor(&open(), NOON), today, "a destroyed salt does not come back");
    }

    #[test]
    fn the_end_of_a_day_destroys_its_salt_without_a_visitor() {
        let directory = tempfile::tempdir().unwrap();
        let salts = Salts::new(Some(directory.path()));
        visitor(&salts, NOON);
        salts.turn(NOON + 1);
        assert_eq!(files(directory.path()), ["20000.salt"]);
        salts.turn(NOON + DAY_MS);
        assert!(files(directory.path()).is_empty());
    }

    #[test]
    fn a_request_that_straddles_midnight_does_not_turn_the_day_back() {
        let salts = Salts::new(None);
        let tomorrow = visitor(&salts, NOON + DAY_MS);
        visitor(&salts, NOON + DAY_MS / 2 - 1);
        assert_eq!(visitor(&salts, NOON + DAY_MS), tomorrow);
    }
}
