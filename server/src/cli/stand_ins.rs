//! The setting by which tests put hosts of this machine in the places of the providers' APIs.

use crate::payments::remote::ProviderHost;

/// Stand-ins for the providers' APIs.
#[derive(clap::Args, Clone)]
pub(super) struct StandIns {
    /// A stand-in for a payment provider's API, on this machine; for tests alone.
    #[arg(
        long,
        env = "ENGAGETRACK_PROVIDER_HOST",
        value_delimiter = ',',
        value_name = "NAME=URL",
        hide = true
    )]
    pub(super) provider_host: Vec<ProviderHost>,
}
