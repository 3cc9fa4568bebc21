//! Where the providers' APIs are: constants, and stand-ins for tests alone.

use std::str::FromStr;

use url::Url;

/// A provider's API: some have one host for live money and one for a test's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Stripe.
    Stripe,
    /// Lemon Squeezy.
    LemonSqueezy,
    /// Paddle, live.
    Paddle,
    /// Paddle's sandbox.
    PaddleSandbox,
    /// Polar, live.
    Polar,
    /// Polar's sandbox.
    PolarSandbox,
}

impl Service {
    const ALL: [Self; 6] = [
        Self::Stripe,
        Self::LemonSqueezy,
        Self::Paddle,
        Self::PaddleSandbox,
        Self::Polar,
        Self::PolarSandbox,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::LemonSqueezy => "lemonsqueezy",
            Self::Paddle => "paddle",
            Self::PaddleSandbox => "paddle-sandbox",
            Self::Polar => "polar",
            Self::PolarSandbox => "polar-sandbox",
        }
    }

    /// Where it is.
    pub(super) fn origin(self) -> &'static str {
        match self {
            Self::Stripe => "https://api.stripe.com",
            Self::LemonSqueezy => "https://api.lemonsqueezy.com",
            Self::Paddle => "https://api.paddle.com",
            Self::PaddleSandbox => "https://sandbox-api.paddle.com",
            Self::Polar => "https://api.polar.sh",
            Self::PolarSandbox => "https://sandbox-api.polar.sh",
        }
    }
}

/// Another host in a provider's place: a test's, on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderHost {
    service: Service,
    origin: String,
}

impl ProviderHost {
    pub(super) fn service(&self) -> Service {
        self.service
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }
}

impl FromStr for ProviderHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let example = "for example stripe=http://127.0.0.1:12111";
        let (name, url) = text.split_once('=').ok_or_else(|| format!("`{text}` has no `=`; {example}"))?;
        let service = Service::ALL.into_iter().find(|service| service.name() == name);
        let service = service.ok_or_else(|| format!("`{name}` is no provider's API; {example}"))?;
        let url = Url::parse(url).map_err(|error| format!("`{url}` is no URL ({error}); {example}"))?;
        if !url.host_str().is_some_and(crate::config::is_loopback_host) {
            return Err(format!(
                "`{url}` is not on this machine, and keys go to the provider alone; {example}"
            ));
        }
        Ok(Self { service, origin: url.origin().ascii_serialization() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_is_on_this_machine() {
        assert!("stripe=http://127.0.0.1:12111".parse::<ProviderHost>().is_ok());
        for wrong in ["stripe", "other=http://127.0.0.1:1", "stripe=https://evil.example", "stripe=nothing"] {
            assert!(wrong.parse::<ProviderHost>().is_err(), "{wrong}");
        }
    }
}
