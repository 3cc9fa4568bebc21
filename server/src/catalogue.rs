//! The small documents: sites, keys, integrations, goals, accounts and sign-ins, all of them in memory.

mod document;
mod goal;
mod integration;

use std::sync::Arc;

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::payments::Provider;

pub use document::{Document, DocumentKey};
pub use goal::{Goal, ReachedBy};
pub use integration::{Checkup, Connection, Found, History, Integration, RetiredSecret};

/// The short number by which the store knows a site.
pub type SiteNumber = u32;

/// A website whose visits and payments are counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// The public id, `pk_live_` and 24 hexadecimal digits.
    pub id: String,
    /// The store's own short number for it; given once, never reused.
    pub number: SiteNumber,
    /// The domain, lower case, without port.
    pub domain: String,
    /// Other hosts that are the same site.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The IANA time zone in which days are cut.
    pub time_zone: String,
    /// The ISO 4217 code of the reporting currency.
    pub currency: String,
    /// The lookback window in days; none is unlimited.
    pub window_days: Option<u32>,
    /// Whether reported purchases of one order id count once.
    #[serde(default)]
    pub count_orders_once: bool,
    /// Path prefixes whose events are dropped.
    #[serde(default)]
    pub excluded_paths: Vec<String>,
    /// Addresses or networks (CIDR) whose events are dropped.
    #[serde(default)]
    pub excluded_addresses: Vec<String>,
    /// Query parameters that stored URLs keep beside campaign parameters and click ids.
    #[serde(default)]
    pub kept_parameters: Vec<String>,
    /// The secret of signed identifies, sealed by the vault.
    #[serde(default)]
    pub identify_secret: Option<Vec<u8>>,
    /// Whether an identify without a valid signature is refused.
    #[serde(default)]
    pub signed_identify_only: bool,
    /// When it was added.
    pub created_at_ms: Millis,
}

/// An API key; the key itself is never kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// A short public id, to name it in lists.
    pub id: String,
    /// SHA-256 of the key, hexadecimal.
    pub hash: String,
    /// The site that it opens; none opens all.
    pub site_id: Option<String>,
    /// What its owner calls it.
    pub name: String,
    /// What it may do, the contract's words (`analytics:read`, …).
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at_ms: Millis,
    /// When it stops working.
    pub expires_at_ms: Option<Millis>,
}

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything; there is exactly one.
    Owner,
    /// Everything but owning.
    Admin,
    /// Goals, funnels and annotations of the sites given.
    Member,
    /// Reads the sites given.
    Viewer,
}

/// A person who signs in to the dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// A stable id.
    pub id: String,
    /// The address that signs in, lower case.
    pub email: String,
    /// The name shown.
    pub name: String,
    /// The argon2id hash of the password, PHC format.
    pub password_hash: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at_ms: Millis,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// SHA-256 of the cookie's value, hexadecimal.
    pub hash: String,
    /// The account.
    pub account_id: String,
    /// When it ends.
    pub expires_at_ms: Millis,
}

/// Everything small, as of one commit. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    sites: OrdMap<String, Arc<Site>>,
    keys: OrdMap<String, Arc<Key>>,
    integrations: OrdMap<(String, Provider), Arc<Integration>>,
    goals: OrdMap<(String, String), Arc<Goal>>,
    accounts: OrdMap<String, Arc<Account>>,
    sign_ins: OrdMap<String, Arc<SignIn>>,
    sites_by_number: OrdMap<SiteNumber, Arc<Site>>,
    keys_by_hash: OrdMap<String, Arc<Key>>,
    accounts_by_email: OrdMap<String, Arc<Account>>,
}

impl Catalogue {
    /// Puts a document in, in the place of a former one of the same key.
    pub fn put(&mut self, document: Document) {
        self.remove(&document.key());
        match document {
            Document::Site(site) => {
                let site = Arc::new(site);
                self.sites_by_number.insert(site.number, site.clone());
                self.sites.insert(site.id.clone(), site);
            }
            Document::Key(key) => {
                let key = Arc::new(key);
                self.keys_by_hash.insert(key.hash.clone(), key.clone());
                self.keys.insert(key.id.clone(), key);
            }
            Document::Integration(integration) => {
                let place = (integration.site_id.clone(), integration.provider);
                self.integrations.insert(place, Arc::new(integration));
            }
            Document::Goal(goal) => {
                self.goals.insert((goal.site_id.clone(), goal.id.clone()), Arc::new(goal));
            }
            Document::Account(account) => {
                let account = Arc::new(account);
                self.accounts_by_email.insert(account.email.clone(), account.clone());
                self.accounts.insert(account.id.clone(), account);
            }
            Document::SignIn(sign_in) => {
                self.sign_ins.insert(sign_in.hash.clone(), Arc::new(sign_in));
            }
        }
    }

    /// Takes a document out; whether there was one.
    pub fn remove(&mut self, key: &DocumentKey) -> bool {
        match key.kind.as_str() {
            "site" => {
                self.sites.remove(&key.id).map(|site| self.sites_by_number.remove(&site.number)).is_some()
            }
            "key" => self.keys.remove(&key.id).map(|key| self.keys_by_hash.remove(&key.hash)).is_some(),
            "account" => self
                .accounts
                .remove(&key.id)
                .map(|account| self.accounts_by_email.remove(&account.email))
                .is_some(),
            "sign_in" => self.sign_ins.remove(&key.id).is_some(),
            "integration" => {
                let place =
                    key.id.split_once('/').and_then(|(site, name)| Some((site, Provider::parse(name)?)));
                place.is_some_and(|(site, provider)| {
                    self.integrations.remove(&(site.to_owned(), provider)).is_some()
                })
            }
            "goal" => key
                .id
                .split_once('/')
                .is_some_and(|(site, goal)| self.goals.remove(&(site.to_owned(), goal.to_owned())).is_some()),
            _ => false,
        }
    }

    /// The site of a public id.
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.get(id).map(|site| &**site)
    }

    /// The site of a number.
    pub fn site_numbered(&self, number: SiteNumber) -> Option<&Site> {
        self.sites_by_number.get(&number).map(|site| &**site)
    }

    /// All sites, by id.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.sites.values().map(|site| &**site)
    }

    /// The key whose SHA-256 (hexadecimal) this is.
    pub fn key_of_hash(&self, hash: &str) -> Option<&Key> {
        self.keys_by_hash.get(hash).map(|key| &**key)
    }

    /// All keys, by id.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.values().map(|key| &**key)
    }

    /// The integration of a provider with a site.
    pub fn integration(&self, site_id: &str, provider: Provider) -> Option<&Integration> {
        self.integrations.get(&(site_id.to_owned(), provider)).map(|integration| &**integration)
    }

    /// All integrations, by site.
    pub fn all_integrations(&self) -> impl Iterator<Item = &Integration> {
        self.integrations.values().map(|integration| &**integration)
    }

    /// The goals of a site, by id.
    pub fn goals(&self, site_id: &str) -> impl Iterator<Item = &Goal> {
        self.goals.values().map(|goal| &**goal).filter(move |goal| goal.site_id == site_id)
    }

    /// All integrations of a site.
    pub fn integrations(&self, site_id: &str) -> impl Iterator<Item = &Integration> {
        self.all_integrations().filter(move |found| found.site_id == site_id)
    }

    /// The account of an address (lower case).
    pub fn account_of_email(&self, email: &str) -> Option<&Account> {
        self.accounts_by_email.get(email).map(|account| &**account)
    }

    /// The account of an id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id).map(|account| &**account)
    }

    /// All accounts, by id.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values().map(|account| &**account)
    }

    /// The sign-in whose SHA-256 (hexadecimal) this is.
    pub fn sign_in(&self, hash: &str) -> Option<&SignIn> {
        self.sign_ins.get(hash).map(|sign_in| &**sign_in)
    }

    /// The sign-ins that have ended by `now_ms`.
    pub fn ended_sign_ins(&self, now_ms: Millis) -> Vec<DocumentKey> {
        let ended = self.sign_ins.values().filter(|sign_in| sign_in.expires_at_ms <= now_ms);
        ended.map(|sign_in| Document::SignIn((**sign_in).clone()).key()).collect()
    }
}
