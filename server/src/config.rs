//! The settings of a server, judged once at its start; every message names the setting and shows a right value.

mod public_url;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::payments::remote::ProviderHost;
pub use public_url::{PublicUrl, is_loopback_host};

use crate::rates::refresh::BANK;

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}; for example {setting} {example}")]
pub struct ConfigError {
    /// The setting, as a flag.
    pub setting: &'static str,
    /// What is wrong with it.
    pub problem: String,
    /// A value that is right.
    pub example: &'static str,
}

/// What a server is told at its start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where its data lives.
    pub data_dir: PathBuf,
    /// The address by which browsers and providers reach it.
    pub public_url: PublicUrl,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// A country database in MaxMind's format.
    pub geoip: Option<PathBuf>,
    /// Another path of the ingest endpoint, beside its own.
    pub event_path: Option<String>,
    /// Another path of the script, beside its own.
    pub script_path: Option<String>,
    /// Events a second from one address; 0 is no limit.
    pub events_per_address: u32,
    /// Events a second of one site; 0 is no limit.
    pub events_per_site: u32,
    /// Connections open at once.
    pub max_connections: usize,
    /// Stand-ins for the APIs of payment providers; for tests alone.
    pub provider_hosts: Vec<ProviderHost>,
    /// After what time an API of a payment provider is given up.
    pub provider_timeout: Duration,
    /// Whether exchange rates are fetched each working day.
    pub refresh_rates: bool,
    /// Where the European Central Bank's files are fetched from.
    pub rates_origin: String,
}

impl Config {
    /// The settings of a server that is told nothing but where it listens and where its data lives.
    pub fn new(listen: SocketAddr, data_dir: PathBuf) -> Self {
        Self {
            listen,
            data_dir,
            public_url: PublicUrl::of_listener(listen),
            trusted_proxies: Vec::new(),
            geoip: None,
            event_path: None,
            script_path: None,
            events_per_address: DEFAULT_EVENTS_PER_ADDRESS,
            events_per_site: DEFAULT_EVENTS_PER_SITE,
            max_connections: DEFAULT_MAX_CONNECTIONS,
            provider_hosts: Vec::new(),
            provider_timeout: PROVIDER_TIMEOUT,
            refresh_rates: true,
            rates_origin: BANK.to_owned(),
        }
    }
}

/// An office behind one address stays far below it, a flood from one machine does not.
pub const DEFAULT_EVENTS_PER_ADDRESS: u32 = 100;
/// Above what one machine of the size described can store; it stops one site from starving the others.
pub const DEFAULT_EVENTS_PER_SITE: u32 = 100_000;
/// Each costs a file descriptor and some kilobytes.
pub const DEFAULT_MAX_CONNECTIONS: usize = 4_096;

/// A page of a provider's long list takes seconds; what takes longer does not answer.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(20);
/// A range of addresses: one address, or CIDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address is in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(range), IpAddr::V4(one)) => {
                let shift = 32_u32.saturating_sub(u32::from(self.prefix));
                range.to_bits().checked_shr(shift) == one.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(range), IpAddr::V6(one)) => {
                let shift = 128_u32.saturating_sub(u32::from(self.prefix));
                range.to_bits().checked_shr(shift) == one.to_bits().checked_shr(shift)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let fault = || ConfigError {
            setting: "--trusted-proxy",
            problem: format!("`{text}` is neither an address nor a network"),
            example: "10.0.0.0/8",
        };
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.trim().parse().map_err(|_| fault())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), |text| text.trim().parse::<u8>().map_err(|_| fault()))?;
        if prefix > longest {
            return Err(fault());
        }
        Ok(Self { address, prefix })
    }
}

/// The address of whoever began the request: the peer, or, behind trusted proxies, the last address of
/// `X-Forwarded-For` that is not one of them.
pub fn client_address(peer: IpAddr, forwarded: &[&str], trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    let hops = forwarded.iter().rev().flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !is_trusted(client) {
            break;
        }
        let Some(address) = forwarded_address(hop.trim()) else { break };
        client = address.to_canonical();
    }
    client
}

fn forwarded_address(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_other() {
        let check = |network: &str, address: &str, expected: bool| {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), expected, "{address} in {network:?}");
        };
        check("10.0.0.0/8", "10.200.3.4", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("10.0.0.1", "10.0.0.1", true);
        check("10.0.0.1", "10.0.0.2", false);
        check("0.0.0.0/0", "203.0.113.9", true);
        check("10.0.0.0/8", "::ffff:10.1.1.1", true);
        check("fd00::/8", "fd12::1", true);
        check("::/0", "10.0.0.1", false);
        assert!("10.0.0.0/33".parse::<Network>().is_err());
        assert!("proxy".parse::<Network>().is_err());
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_has() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let check = |peer: &str, forwarded: &[&str], expected: &str| {
            let client = client_address(peer.parse().unwrap(), forwarded, &trusted);
            assert_eq!(client.to_string(), expected, "{peer} {forwarded:?}");
        };
        check("203.0.113.1", &["198.51.100.7"], "203.0.113.1");
        check("10.0.0.1", &["198.51.100.7"], "198.51.100.7");
        check("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"], "198.51.100.7");
        check("10.0.0.1", &["1.1.1.1", "198.51.100.7"], "198.51.100.7");
        check("10.0.0.1", &["198.51.100.7:4711"], "198.51.100.7");
        check("10.0.0.1", &["unknown"], "10.0.0.1");
        check("10.0.0.1", &[], "10.0.0.1");
    }
}
