//! What a site's settings say about events: whose hosts are its own, and what does not count.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use attribution::source::SiteHosts;
use ipnetwork::IpNetwork;
use url::{Host, Url};

use super::fault::Fault;
use super::page;
use crate::catalogue::{Site, SiteNumber};

/// Sites whose settings are kept at hand; beyond that they are read again.
const SITES: usize = 4_096;

/// A site's settings in the form in which they are asked.
pub(super) struct Policy {
    settings: Settings,
    hosts: SiteHosts,
    excluded_networks: Vec<IpNetwork>,
}

/// The settings that a policy was made of; when they change it is made anew.
#[derive(PartialEq)]
struct Settings {
    domain: String,
    aliases: Vec<String>,
    excluded_paths: Vec<String>,
    excluded_addresses: Vec<String>,
    kept_parameters: Vec<String>,
}

impl Policy {
    fn new(site: &Site) -> Self {
        Self {
            settings: Settings {
                domain: site.domain.clone(),
                aliases: site.aliases.clone(),
                excluded_paths: site.excluded_paths.clone(),
                excluded_addresses: site.excluded_addresses.clone(),
                kept_parameters: site.kept_parameters.clone(),
            },
            hosts: SiteHosts::new(&in_ascii(&site.domain), site.aliases.iter().map(|alias| in_ascii(alias))),
            excluded_networks: site
                .excluded_addresses
                .iter()
                .filter_map(|text| text.trim().parse().ok())
                .collect(),
        }
    }

    fn is_of(&self, site: &Site) -> bool {
        self.settings.domain == site.domain
            && self.settings.aliases == site.aliases
            && self.settings.excluded_paths == site.excluded_paths
            && self.settings.excluded_addresses == site.excluded_addresses
            && self.settings.kept_parameters == site.kept_parameters
    }

    /// Lets in the addresses of the site alone.
    pub(super) fn admit(&self, url: &Url) -> Result<(), Fault> {
        let host = page::host(url);
        if self.hosts.contains(host) { Ok(()) } else { Err(Fault::wrong_domain(host, &self.settings.domain)) }
    }

    /// The query parameters that the site wants kept.
    pub(super) fn kept_parameters(&self) -> &[String] {
        &self.settings.kept_parameters
    }

    /// Whether events from this address do not count.
    pub(super) fn excludes_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.excluded_networks.iter().any(|network| network.contains(address))
    }

    /// Whether events on this path do not count: `/admin` means it and all below it, `/admin*` all that begins so.
    pub(super) fn excludes_path(&self, path: &str) -> bool {
        self.settings.excluded_paths.iter().any(|excluded| {
            if let Some(start) = excluded.strip_suffix('*') {
                return path.starts_with(start);
            }
            let rest = path.strip_prefix(excluded.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// A host in the form in which addresses have it: `bücher.example` as `xn--bcher-kva.example`.
fn in_ascii(host: &str) -> String {
    Host::parse(host).map_or_else(|_| host.to_owned(), |host| host.to_string())
}

/// The policies of the sites that events lately came for.
#[derive(Default)]
pub(super) struct Policies(RwLock<HashMap<SiteNumber, Arc<Policy>>>);

impl Policies {
    pub(super) fn of(&self, site: &Site) -> Arc<Policy> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&site.number).cloned();
        if let Some(policy) = known.filter(|policy| policy.is_of(site)) {
            return policy;
        }
        let policy = Arc::new(Policy::new(site));
        let mut policies = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if policies.len() >= SITES {
            policies.clear();
        }
        policies.insert(site.number, policy.clone());
        policy
    }
}
