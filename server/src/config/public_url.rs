//! The address by which browsers and providers reach the server.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use url::{Host, Url};

use super::ConfigError;

/// The ends of names that mean something in one network alone.
const PRIVATE_NAMES: [&str; 6] = [".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test"];

/// The address by which browsers and providers reach the server: scheme, host and port, no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// The address of a listener that has no other: loopback where it listens on every address.
    pub fn of_listener(listen: SocketAddr) -> Self {
        let mut shown = listen;
        if listen.ip().is_unspecified() {
            shown.set_ip(IpAddr::from([127, 0, 0, 1]));
        }
        let text = format!("http://{shown}");
        Self(Url::parse(&text).unwrap_or_else(|_| unreachable!("a socket address makes a URL: {text}")))
    }

    /// The host, lower case.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Scheme, host and port, as browsers send it in `Origin`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether browsers reach it by TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether a payment provider can send webhooks to it: https, and a name or address that all networks share.
    pub fn is_public(&self) -> bool {
        let is_shared = match self.0.host() {
            Some(Host::Domain(name)) => {
                name.contains('.') && !PRIVATE_NAMES.iter().any(|end| name.ends_with(end))
            }
            Some(Host::Ipv4(address)) => {
                !(address.is_private()
                    || address.is_loopback()
                    || address.is_link_local()
                    || address.is_unspecified())
            }
            Some(Host::Ipv6(address)) => {
                !(address.is_loopback()
                    || address.is_unspecified()
                    || address.is_unique_local()
                    || address.is_unicast_link_local())
            }
            None => false,
        };
        self.is_https() && is_shared
    }

    /// Whether it names this machine alone.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(self.host())
    }
}

/// Whether a host (without port) can only be this machine.
pub fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl FromStr for PublicUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let fault = |problem: String| ConfigError {
            setting: "--public-url",
            problem,
            example: "https://analytics.example.com",
        };
        let url = Url::parse(text).map_err(|error| fault(format!("`{text}` is not a URL ({error})")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(fault(format!("`{text}` does not begin with http:// or https://")));
        }
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
        {
            return Err(fault(format!("`{text}` holds more than scheme, host and port")));
        }
        Ok(Self(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_host_and_port_alone() {
        let check = |text: &str, origin: Option<&str>| {
            assert_eq!(text.parse::<PublicUrl>().ok().map(|url| url.origin()).as_deref(), origin, "{text}");
        };
        check("https://stats.example", Some("https://stats.example"));
        check("https://stats.example:443/", Some("https://stats.example"));
        check("http://Stats.Example:8080", Some("http://stats.example:8080"));
        check("stats.example", None);
        check("ftp://stats.example", None);
        check("https://stats.example/path", None);
        check("https://me@stats.example", None);
        let message = "stats.example".parse::<PublicUrl>().unwrap_err().to_string();
        assert!(
            message.contains("--public-url") && message.contains("https://analytics.example.com"),
            "{message}"
        );
    }

    #[test]
    fn a_provider_reaches_https_at_shared_names_and_addresses_alone() {
        let check = |text: &str, expected| {
            assert_eq!(text.parse::<PublicUrl>().unwrap().is_public(), expected, "{text}");
        };
        check("https://stats.example", true);
        check("https://203.0.113.9:8443", true);
        for private in [
            "http://stats.example",
            "https://localhost",
            "https://server",
            "https://stats.local",
            "https://127.0.0.1",
            "https://192.168.1.9",
            "https://[::1]",
            "https://[fd00::1]",
        ] {
            check(private, false);
        }
    }

    #[test]
    fn a_listener_on_every_address_is_reached_on_loopback() {
        let check = |listen: &str, origin: &str| {
            assert_eq!(PublicUrl::of_listener(listen.parse().unwrap()).origin(), origin);
        };
        check("0.0.0.0:8080", "http://127.0.0.1:8080");
        check("127.0.0.1:9000", "http://127.0.0.1:9000");
        check("[::1]:9000", "http://[::1]:9000");
    }
}
