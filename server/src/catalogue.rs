//! The small documents: sites, keys, integrations, accounts and sign-ins, all of them in memory.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::payments::Provider;

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

/// A payment provider connected to a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Integration {
    /// The site.
    pub site_id: String,
    /// The provider.
    pub provider: Provider,
    /// The webhook secrets that are valid, each sealed by the vault.
    pub secrets: Vec<Vec<u8>>,
    /// When it was added.
    pub created_at_ms: Millis,
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

/// A small document, kept whole in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Document {
    /// A site.
    Site(Site),
    /// An API key.
    Key(Key),
    /// A connected provider.
    Integration(Integration),
    /// A person who signs in.
    Account(Account),
    /// A browser that is signed in.
    SignIn(SignIn),
}

/// What kind of document it is, and which.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentKey {
    /// `site`, `key`, `integration`, `account` or `sign_in`.
    pub kind: String,
    /// Its id within the kind.
    pub id: String,
}

impl Document {
    /// Where the document stands; putting another one there replaces it.
    pub fn key(&self) -> DocumentKey {
        let (kind, id) = match self {
            Self::Site(site) => ("site", site.id.clone()),
            Self::Key(key) => ("key", key.id.clone()),
            Self::Integration(integration) => {
                ("integration", format!("{}/{}", integration.site_id, integration.provider.name()))
            }
            Self::Account(account) => ("account", account.id.clone()),
            Self::SignIn(sign_in) => ("sign_in", sign_in.hash.clone()),
        };
        DocumentKey { kind: kind.to_owned(), id }
    }
}

/// Everything small, as of one commit. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    documents: imbl::OrdMap<DocumentKey, Arc<Document>>,
    sites_by_number: imbl::HashMap<SiteNumber, Arc<Document>>,
    keys_by_hash: imbl::HashMap<String, Arc<Document>>,
    accounts_by_email: imbl::HashMap<String, Arc<Document>>,
}

impl Catalogue {
    /// Puts a document in, in the place of a former one of the same key.
    pub fn put(&mut self, document: Document) {
        let key = document.key();
        self.remove(&key);
        let document = Arc::new(document);
        match &*document {
            Document::Site(site) => drop(self.sites_by_number.insert(site.number, document.clone())),
            Document::Key(key) => drop(self.keys_by_hash.insert(key.hash.clone(), document.clone())),
            Document::Account(account) => {
                drop(self.accounts_by_email.insert(account.email.clone(), document.clone()));
            }
            Document::Integration(_) | Document::SignIn(_) => {}
        }
        self.documents.insert(key, document);
    }

    /// Takes a document out; whether there was one.
    pub fn remove(&mut self, key: &DocumentKey) -> bool {
        let Some(document) = self.documents.remove(key) else { return false };
        match &*document {
            Document::Site(site) => drop(self.sites_by_number.remove(&site.number)),
            Document::Key(key) => drop(self.keys_by_hash.remove(&key.hash)),
            Document::Account(account) => drop(self.accounts_by_email.remove(&account.email)),
            Document::Integration(_) | Document::SignIn(_) => {}
        }
        true
    }

    fn get(&self, kind: &str, id: &str) -> Option<&Document> {
        self.documents.get(&DocumentKey { kind: kind.to_owned(), id: id.to_owned() }).map(|document| &**document)
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Document> {
        self.documents
            .range(DocumentKey { kind: kind.to_owned(), id: String::new() }..)
            .take_while(move |(key, _)| key.kind == kind)
            .map(|(_, document)| &**document)
    }

    /// The site of a public id.
    pub fn site(&self, id: &str) -> Option<&Site> {
        match self.get("site", id) {
            Some(Document::Site(site)) => Some(site),
            _ => None,
        }
    }

    /// The site of a number.
    pub fn site_numbered(&self, number: SiteNumber) -> Option<&Site> {
        match self.sites_by_number.get(&number).map(|document| &**document) {
            Some(Document::Site(site)) => Some(site),
            _ => None,
        }
    }

    /// All sites, by id.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.of_kind("site").filter_map(|document| match document {
            Document::Site(site) => Some(site),
            _ => None,
        })
    }

    /// The key whose SHA-256 (hexadecimal) this is.
    pub fn key_of_hash(&self, hash: &str) -> Option<&Key> {
        match self.keys_by_hash.get(hash).map(|document| &**document) {
            Some(Document::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.of_kind("key").filter_map(|document| match document {
            Document::Key(key) => Some(key),
            _ => None,
        })
    }

    /// The integration of a provider with a site.
    pub fn integration(&self, site_id: &str, provider: Provider) -> Option<&Integration> {
        match self.get("integration", &format!("{site_id}/{}", provider.name())) {
            Some(Document::Integration(integration)) => Some(integration),
            _ => None,
        }
    }

    /// All integrations of a site.
    pub fn integrations(&self, site_id: &str) -> impl Iterator<Item = &Integration> {
        self.of_kind("integration").filter_map(move |document| match document {
            Document::Integration(integration) if integration.site_id == site_id => Some(integration),
            _ => None,
        })
    }

    /// The account of an address (lower case).
    pub fn account_of_email(&self, email: &str) -> Option<&Account> {
        match self.accounts_by_email.get(email).map(|document| &**document) {
            Some(Document::Account(account)) => Some(account),
            _ => None,
        }
    }

    /// The account of an id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        match self.get("account", id) {
            Some(Document::Account(account)) => Some(account),
            _ => None,
        }
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.of_kind("account").filter_map(|document| match document {
            Document::Account(account) => Some(account),
            _ => None,
        })
    }

    /// The sign-in whose SHA-256 (hexadecimal) this is.
    pub fn sign_in(&self, hash: &str) -> Option<&SignIn> {
        match self.get("sign_in", hash) {
            Some(Document::SignIn(sign_in)) => Some(sign_in),
            _ => None,
        }
    }

    /// The sign-ins that have ended by `now_ms`.
    pub fn ended_sign_ins(&self, now_ms: Millis) -> Vec<DocumentKey> {
        self.of_kind("sign_in")
            .filter(|document| matches!(document, Document::SignIn(sign_in) if sign_in.expires_at_ms <= now_ms))
            .map(Document::key)
            .collect()
    }

    /// All documents, for counting and export, by kind.
    pub fn count_by_kind(&self) -> HashMap<&str, usize> {
        let mut counts = HashMap::new();
        for key in self.documents.keys() {
            *counts.entry(key.kind.as_str()).or_default() += 1;
        }
        counts
    }
}
