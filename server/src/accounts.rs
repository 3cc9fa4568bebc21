//! Who may do what: accounts, sign-ins and API keys.

pub mod password;
pub mod scope;
pub mod setup;

use std::sync::Arc;

use hyper::Method;
use hyper::header::AUTHORIZATION;

use crate::app::App;
use crate::catalogue::{Account, Catalogue, Key, Role, Site};
use crate::clock::Millis;
use crate::error::ApiError;
use crate::http::host;
use crate::http::request::Request;
use crate::secrets::token_hash;

pub use scope::Scope;

/// The cookie of a sign-in.
pub const COOKIE: &str = "engagetrack_session";
/// How long a sign-in lives.
pub const SIGN_IN_MS: Millis = 30 * 24 * 60 * 60 * 1_000;
/// What every API key begins with.
pub const KEY_PREFIX: &str = "et_live_";

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    /// The owner of the stopped data directory, at its command line.
    Operator,
    /// Someone signed in to the dashboard.
    Account(Account),
    /// A program with a key.
    Key(Key),
}

impl Who {
    /// Whether they may do it, on a site or, where there is none, on all of them.
    pub(crate) fn may(&self, scope: Scope, site: Option<&str>) -> bool {
        match self {
            Self::Operator => true,
            Self::Account(account) => match account.role {
                Role::Owner => true,
                Role::Admin => scope != Scope::Admin,
                // Nobody is given a site yet, so they see none.
                Role::Member | Role::Viewer => false,
            },
            Self::Key(key) => {
                let fits_site = key.site_id.is_none() || key.site_id.as_deref() == site;
                fits_site && key.scopes.iter().any(|held| held == scope.name())
            }
        }
    }

    /// The one site that they are held to, if any.
    pub(crate) fn site(&self) -> Option<&str> {
        match self {
            Self::Key(key) => key.site_id.as_deref(),
            Self::Operator | Self::Account(_) => None,
        }
    }
}

/// Who asks, if it is anyone known. A cookie that changes something must come from the dashboard's own page.
pub(crate) fn identify(app: &App, request: &Request) -> Result<Who, ApiError> {
    if request.arrived.is_operator {
        return Ok(Who::Operator);
    }
    let (catalogue, now_ms) = (app.store.catalogue(), app.clock.now_ms());
    if request.headers.contains_key(AUTHORIZATION) {
        return bearer(request, &catalogue, now_ms).map(Who::Key).ok_or_else(|| {
            let message = "The API key is unknown or has expired: send Authorization: Bearer et_live_….";
            ApiError::unauthorized("invalid_key", message)
        });
    }
    let account = signed_in(request, &catalogue, now_ms).ok_or_else(|| {
        ApiError::unauthorized(
            "not_signed_in",
            "Sign in to the dashboard, or send an API key as a bearer token.",
        )
    })?;
    if !matches!(request.method, Method::GET | Method::HEAD) {
        host::same_origin(app, request)?;
    }
    Ok(Who::Account(account))
}

/// Who asks, if they may do it on the site, or on all sites where none is named.
pub(crate) fn access(
    app: &App,
    request: &Request,
    site: Option<&str>,
    scope: Scope,
) -> Result<Who, ApiError> {
    let who = identify(app, request)?;
    if who.may(scope, site) {
        return Ok(who);
    }
    let place = site.map_or_else(|| "all sites".to_owned(), |site| format!("the site {site}"));
    let message =
        format!("This needs the scope {} for {place}; use a key or an account that has it.", scope.name());
    Err(ApiError::forbidden("missing_scope", message))
}

/// The site that the path names first, if they may do it there.
pub(crate) fn site_access(app: &App, request: &Request, scope: Scope) -> Result<(Who, Site), ApiError> {
    let id = request.parameter(0);
    let who = access(app, request, Some(id), scope)?;
    let catalogue: Arc<Catalogue> = app.store.catalogue();
    let site = catalogue.site(id).cloned().ok_or_else(|| ApiError::unknown_site(id))?;
    Ok((who, site))
}

fn bearer(request: &Request, catalogue: &Catalogue, now_ms: Millis) -> Option<Key> {
    let (scheme, key) = request.header(AUTHORIZATION)?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    // Found by its hash: how long the look-up takes tells nothing of the key.
    let key = catalogue.key_of_hash(&token_hash(key.trim()))?;
    key.expires_at_ms.is_none_or(|ends_ms| now_ms < ends_ms).then(|| key.clone())
}

fn signed_in(request: &Request, catalogue: &Catalogue, now_ms: Millis) -> Option<Account> {
    let sign_in = catalogue.sign_in(&token_hash(request.cookie(COOKIE)?))?;
    if sign_in.expires_at_ms <= now_ms {
        return None;
    }
    catalogue.account(&sign_in.account_id).cloned()
}

/// The cookie that holds a sign-in, or, without a token, the one that ends it.
pub(crate) fn cookie(app: &App, token: Option<&str>) -> String {
    let secure = if app.config.public_url.is_https() { "; Secure" } else { "" };
    let (value, age_s) = token.map_or(("", 0), |token| (token, SIGN_IN_MS / 1_000));
    format!("{COOKIE}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(site: Option<&str>, scopes: &[&str]) -> Who {
        Who::Key(Key {
            id: "k".to_owned(),
            hash: String::new(),
            site_id: site.map(str::to_owned),
            name: String::new(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            created_at_ms: 0,
            expires_at_ms: None,
        })
    }

    fn account(role: Role) -> Who {
        Who::Account(Account {
            id: "a".to_owned(),
            email: "a@b.c".to_owned(),
            name: String::new(),
            password_hash: String::new(),
            role,
            created_at_ms: 0,
        })
    }

    #[test]
    fn a_key_does_what_its_scopes_say_on_its_own_site() {
        let of_one = key(Some("pk_1"), &["analytics:read", "sites:write"]);
        assert!(of_one.may(Scope::AnalyticsRead, Some("pk_1")));
        assert!(!of_one.may(Scope::AnalyticsRead, Some("pk_2")));
        assert!(!of_one.may(Scope::AnalyticsRead, None));
        assert!(!of_one.may(Scope::SitesRead, Some("pk_1")), "writing does not imply reading");
        assert!(key(None, &["analytics:read"]).may(Scope::AnalyticsRead, Some("pk_2")));
        assert!(!key(None, &["admin"]).may(Scope::SitesRead, None), "admin does not imply the rest");
    }

    #[test]
    fn an_admin_does_all_but_administer_keys_and_users() {
        assert!(account(Role::Owner).may(Scope::Admin, None));
        assert!(!account(Role::Admin).may(Scope::Admin, None));
        assert!(account(Role::Admin).may(Scope::SitesWrite, None));
        assert!(!account(Role::Viewer).may(Scope::AnalyticsRead, Some("pk_1")));
    }

    #[test]
    fn every_scope_is_known_by_its_word() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.name()), Some(scope));
        }
        assert_eq!(Scope::parse("everything"), None);
    }
}
