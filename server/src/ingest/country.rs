//! The country of an address, from a database in MaxMind's format.

use std::borrow::Cow;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use maxminddb::Reader;
use serde::Deserialize;

/// The database that is built in, compressed; its origin is told in data/README.md.
static COMPRESSED: &[u8] = include_bytes!("../../data/iptoasn-country.mmdb.zst");
static BUILT_IN: LazyLock<io::Result<Vec<u8>>> = LazyLock::new(|| zstd::decode_all(COMPRESSED));

/// Why the look-up tables could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file of `--geoip` cannot be read.
    #[error("--geoip {path}: {reason}; name a readable file, as in --geoip /var/lib/GeoLite2-Country.mmdb")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The file of `--geoip` is no country database.
    #[error(
        "--geoip {path} is no country database in MaxMind's format (.mmdb); leave the setting out to use the one built in"
    )]
    NoDatabase {
        /// The file.
        path: PathBuf,
    },
}

/// The countries of addresses.
pub(super) struct Countries(Reader<Cow<'static, [u8]>>);

/// The two shapes in which databases tell a country.
#[derive(Deserialize)]
struct Row<'a> {
    country_code: Option<&'a str>,
    #[serde(borrow)]
    country: Option<Country<'a>>,
}

#[derive(Deserialize)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

impl Countries {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, OpenError> {
        let Some(path) = path else {
            let no_database = || OpenError::NoDatabase { path: PathBuf::from("(built in)") };
            let built_in = BUILT_IN.as_ref().map_err(|_| no_database())?;
            return Reader::from_source(Cow::Borrowed(built_in.as_slice()))
                .map(Self)
                .map_err(|_| no_database());
        };
        let bytes =
            std::fs::read(path).map_err(|reason| OpenError::Unreadable { path: path.to_owned(), reason })?;
        Reader::from_source(Cow::Owned(bytes))
            .map(Self)
            .map_err(|_| OpenError::NoDatabase { path: path.to_owned() })
    }

    /// The ISO 3166-1 alpha-2 code, upper case; none for private and unlisted addresses.
    pub(super) fn of(&self, address: IpAddr) -> Option<String> {
        let row: Row<'_> = self.0.lookup(address.to_canonical()).ok()??;
        let code = row.country_code.or(row.country.and_then(|country| country.iso_code))?;
        let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_code.then(|| code.to_ascii_uppercase())
    }
}
