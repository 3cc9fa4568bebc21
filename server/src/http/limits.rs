//! How much one address and one site may send, and how often a password may be guessed.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as GovernorClock, Reference};
use governor::middleware::{NoOpMiddleware, StateInformationMiddleware};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use warp::http::HeaderMap;
use warp::http::header::{HeaderName, HeaderValue};

use crate::catalogue::SiteNumber;
use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::error::ApiError;

/// A sender may use this many seconds of its rate at once.
const BURST_SECONDS: u32 = 10;
/// Senders remembered at once; those at rest are forgotten when there are more.
const MAX_KEYS: usize = 100_000;

/// The events that may be sent within a second.
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
/// How many more may be sent now.
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
/// In how many seconds the whole burst is there again.
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Governor's view of our clock, so that tests turn it by hand.
#[derive(Clone, Debug)]
struct Time(Clock);

impl GovernorClock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now_ms()).unwrap_or(0))
    }
}

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, Time, StateInformationMiddleware>;

/// Rate per key.
struct Rate<K: Hash + Eq + Clone> {
    per_second: NonZeroU32,
    buckets: Buckets<K>,
    swept_s: AtomicU64,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    /// None where there is no limit.
    fn new(per_second: u32, clock: &Clock) -> Option<Self> {
        let per_second = NonZeroU32::new(per_second)?;
        // An array of events may always be sent whole by a sender at rest.
        let burst = per_second.saturating_mul(NonZeroU32::new(BURST_SECONDS)?).max(NonZeroU32::new(64)?);
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let buckets: RateLimiter<K, _, Time, NoOpMiddleware<Duration>> =
            RateLimiter::new(quota, DashMapStateStore::default(), Time(clock.clone()));
        Some(Self { per_second, buckets: buckets.with_middleware(), swept_s: AtomicU64::new(0) })
    }

    /// Takes so many from the key's bucket. What is left, or the seconds to wait.
    fn take(&self, key: &K, amount: NonZeroU32) -> Result<Left, u64> {
        let now_s = self.buckets.clock().now().as_secs();
        // At most once a second: a flood of addresses must not make each of its requests look at all of them.
        if self.buckets.len() > MAX_KEYS && self.swept_s.swap(now_s, Ordering::Relaxed) != now_s {
            self.buckets.retain_recent();
        }
        let taken = self.buckets.check_key_n(key, amount);
        match taken {
            Ok(Ok(state)) => {
                let remaining = state.remaining_burst_capacity();
                let missing = state.quota().burst_size().get().saturating_sub(remaining);
                Ok(Left {
                    limit: self.per_second.get(),
                    remaining,
                    reset_s: missing.div_ceil(self.per_second.get()),
                })
            }
            Ok(Err(wait)) => {
                let now = self.buckets.clock().now();
                let wait: Duration = wait.earliest_possible().duration_since(now).into();
                Err(wait.as_secs().saturating_add(1))
            }
            Err(_beyond_the_burst) => Err(u64::from(BURST_SECONDS)),
        }
    }
}

/// What a sender may still send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    limit: u32,
    remaining: u32,
    reset_s: u32,
}

impl Left {
    /// Says it in the answer's headers.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [(LIMIT, self.limit), (REMAINING, self.remaining), (RESET, self.reset_s)] {
            headers.insert(name, HeaderValue::from(value));
        }
    }
}

/// The limits of one server.
pub struct Limits {
    addresses: Option<Rate<u128>>,
    sites: Option<Rate<SiteNumber>>,
    guesses: Mutex<HashMap<String, Guesses>>,
}

impl Limits {
    /// The limits that the settings ask for.
    pub fn new(config: &Config, clock: &Clock) -> Self {
        Self {
            addresses: Rate::new(config.events_per_address, clock),
            sites: Rate::new(config.events_per_site, clock),
            guesses: Mutex::default(),
        }
    }

    /// Counts events of an address; this machine's own is a proxy that nobody named, or its owner, and is not
    /// counted.
    pub(crate) fn take_for_address(&self, address: IpAddr, events: u32) -> Result<Option<Left>, ApiError> {
        let (Some(rate), Some(amount)) = (&self.addresses, NonZeroU32::new(events)) else { return Ok(None) };
        if address.to_canonical().is_loopback() {
            return Ok(None);
        }
        let left = rate.take(&sender(address), amount);
        left.map(Some).map_err(|wait_s| refuse("This address sends too many events", rate.per_second, wait_s))
    }

    /// Counts events of a site.
    pub(crate) fn take_for_site(&self, site: SiteNumber, events: u32) -> Result<Option<Left>, ApiError> {
        let (Some(rate), Some(amount)) = (&self.sites, NonZeroU32::new(events)) else { return Ok(None) };
        let left = rate.take(&site, amount);
        left.map(Some).map_err(|wait_s| refuse("This site sends too many events", rate.per_second, wait_s))
    }

    /// Counts a guess of a password as wrong until [`Limits::guessed`] says otherwise.
    pub(crate) fn guess(&self, keys: &[GuessKey<'_>], now_ms: Millis) -> Result<(), ApiError> {
        let mut all = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_KEYS {
            all.retain(|_, guesses| guesses.ends_ms > now_ms);
        }
        for key in keys {
            let guesses = all.get(&key.name()).filter(|guesses| guesses.ends_ms > now_ms);
            let wait_ms =
                guesses.filter(|guesses| guesses.wrong >= key.limit()).map(|found| found.ends_ms - now_ms);
            if let Some(wait_ms) = wait_ms.or((all.len() >= MAX_KEYS).then_some(GUESS_WINDOW_MS)) {
                let message = "Too many attempts to sign in failed; wait, then try again.";
                return Err(ApiError::too_many(message, u64::try_from(wait_ms).unwrap_or(0).div_ceil(1_000)));
            }
        }
        for key in keys {
            let guesses = all.entry(key.name()).or_default();
            if guesses.ends_ms <= now_ms {
                *guesses = Guesses { wrong: 0, ends_ms: now_ms.saturating_add(GUESS_WINDOW_MS) };
            }
            guesses.wrong = guesses.wrong.saturating_add(1);
        }
        Ok(())
    }

    /// Takes a guess back that was right.
    pub(crate) fn guessed(&self, keys: &[GuessKey<'_>]) {
        let mut all = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(guesses) = all.get_mut(&key.name()) {
                guesses.wrong = guesses.wrong.saturating_sub(1);
            }
        }
    }
}

/// A window of attempts to sign in.
const GUESS_WINDOW_MS: Millis = 15 * 60 * 1_000;

#[derive(Clone, Copy, Debug, Default)]
struct Guesses {
    wrong: u32,
    ends_ms: Millis,
}

/// Whose wrong guesses are counted together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GuessKey<'a> {
    /// Those of one address.
    Address(IpAddr),
    /// Those at one account; more are allowed, so that a stranger does not lock its owner out at once.
    Email(&'a str),
}

impl GuessKey<'_> {
    fn name(self) -> String {
        match self {
            Self::Address(address) => format!("address {:x}", sender(address)),
            Self::Email(email) => format!("email {}", crate::secrets::token_hash(email)),
        }
    }

    fn limit(self) -> u32 {
        match self {
            Self::Address(_) => 10,
            Self::Email(_) => 50,
        }
    }
}

/// One sender: an address, or the /64 that one household or host has in version 6.
fn sender(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

fn refuse(who: &str, per_second: NonZeroU32, wait_s: u64) -> ApiError {
    ApiError::too_many(format!("{who}; {per_second} a second are taken. Try again later."), wait_s)
        .with_header(LIMIT, &per_second.to_string())
        .with_header(REMAINING, "0")
        .with_header(RESET, &wait_s.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_address: u32, clock: &Clock) -> Limits {
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), "data".into());
        config.events_per_address = per_address;
        Limits::new(&config, clock)
    }

    #[test]
    fn an_address_that_spent_its_burst_waits_and_others_do_not() {
        let clock = Clock::manual(1_000_000);
        let limits = limits(10, &clock);
        let (one, other) = (IpAddr::from([203, 0, 113, 1]), IpAddr::from([203, 0, 113, 2]));
        let left = limits.take_for_address(one, 99).unwrap().unwrap();
        assert_eq!(left, Left { limit: 10, remaining: 1, reset_s: 10 });
        assert_eq!(limits.take_for_address(one, 2).unwrap_err().code(), "rate_limited");
        assert!(limits.take_for_address(other, 2).is_ok());
        clock.set_ms(1_001_000);
        assert!(limits.take_for_address(one, 2).is_ok());
    }

    #[test]
    fn this_machine_and_a_limit_of_zero_are_not_counted() {
        let clock = Clock::manual(0);
        let stranger = IpAddr::from([203, 0, 113, 1]);
        assert_eq!(limits(1, &clock).take_for_address(IpAddr::from([127, 0, 0, 1]), 1_000).unwrap(), None);
        assert_eq!(limits(0, &clock).take_for_address(stranger, 1_000).unwrap(), None);
    }

    #[test]
    fn a_password_is_guessed_ten_times_from_one_address_and_right_ones_do_not_count() {
        let clock = Clock::manual(0);
        let limits = limits(1, &clock);
        let keys = [GuessKey::Address(IpAddr::from([203, 0, 113, 1])), GuessKey::Email("a@b.c")];
        for _ in 0..30 {
            limits.guess(&keys, 0).unwrap();
            limits.guessed(&keys);
        }
        for _ in 0..10 {
            limits.guess(&keys, 0).unwrap();
        }
        assert!(limits.guess(&keys, 1_000).is_err());
        assert!(limits.guess(&keys[1..], 1_000).is_ok());
        assert!(limits.guess(&keys, GUESS_WINDOW_MS).is_ok());
    }
}
