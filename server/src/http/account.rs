//! The first account, signing in and out, and who is signed in.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use warp::reply::Response;

use super::host::same_origin_if_browser;
use super::limits::GuessKey;
use super::request::Request;
use super::{body, reply, users};
use crate::accounts::{self, COOKIE, SIGN_IN_MS, Who, identify, password};
use crate::app::{App, Changing};
use crate::catalogue::{Account, Document, DocumentKey, Role, SignIn};
use crate::error::ApiError;
use crate::secrets::{random_hex, token_hash};

/// Ended sign-ins that one sign-in clears away.
const CLEARED_AT_ONCE: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    token: String,
    email: String,
    password: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
}

/// Whether the first account is still to be made.
pub(crate) async fn needs_account(app: Arc<App>, _request: Request) -> Result<Response, ApiError> {
    Ok(reply::data(json!({ "needs_account": app.store.catalogue().accounts().next().is_none() })))
}

/// Makes the first account, by the one-time link.
pub(crate) async fn set_up(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    same_origin_if_browser(&app, &request)?;
    let setup: Setup = body::json(&mut request).await?;
    let address = [GuessKey::Address(client(&app, &request))];
    app.limits.guess(&address, app.clock.now_ms())?;
    let changing = app.change().await;
    if app.store.catalogue().accounts().next().is_some() {
        return Err(ApiError::conflict("account_exists", "There is an account already; sign in with it."));
    }
    if !app.setup.fits(&setup.token, app.clock.now_ms()) {
        let message =
            "The link is not valid: it lives one hour and works once. Start the server again for a new one.";
        return Err(ApiError::unauthorized("setup_link_invalid", message));
    }
    app.limits.guessed(&address);
    let account = users::account(&app, &setup.email, setup.name, setup.password, Role::Owner).await?;
    changing.add(Document::Account(account.clone())).await?;
    app.setup.close();
    let token = sign_in(&app, &changing, &account).await?;
    reply::with_cookie(reply::created(shown(&account)), &accounts::cookie(&app, Some(&token)))
}

/// Signs in.
pub(crate) async fn log_in(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    same_origin_if_browser(&app, &request)?;
    let login: Login = body::json(&mut request).await?;
    let email = login.email.trim().to_lowercase();
    let keys = [GuessKey::Address(client(&app, &request)), GuessKey::Email(&email)];
    app.limits.guess(&keys, app.clock.now_ms())?;
    let account = app.store.catalogue().account_of_email(&email).cloned();
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let is_right = app.work(move |_| password::verify(&login.password, stored.as_deref())).await?;
    let Some(account) = account.filter(|_| is_right) else {
        return Err(ApiError::unauthorized("login_failed", "E-mail or password is wrong."));
    };
    app.limits.guessed(&keys);
    let token = sign_in(&app, &app.change().await, &account).await?;
    reply::with_cookie(reply::data(shown(&account)), &accounts::cookie(&app, Some(&token)))
}

/// Signs out.
pub(crate) async fn log_out(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    super::host::same_origin(&app, &request)?;
    if let Some(token) = request.cookie(COOKIE) {
        let hash = token_hash(token);
        let changing = app.change().await;
        if app.store.catalogue().sign_in(&hash).is_some() {
            changing.remove([DocumentKey { kind: "sign_in".to_owned(), id: hash }]).await?;
        }
    }
    reply::with_cookie(reply::data(json!({})), &accounts::cookie(&app, None))
}

/// Who is signed in.
pub(crate) async fn me(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    match identify(&app, &request)? {
        Who::Account(account) => Ok(reply::data(shown(&account))),
        Who::Key(_) | Who::Operator => {
            Err(ApiError::unauthorized("not_signed_in", "A key is no account; sign in to the dashboard."))
        }
    }
}

fn shown(account: &Account) -> Value {
    json!({ "email": account.email, "name": account.name, "role": account.role })
}

/// Whose guesses are counted; within the process there is one caller.
fn client(app: &App, request: &Request) -> IpAddr {
    request.client(&app.config.trusted_proxies).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// Remembers a browser, and clears away those whose time is over. The cookie's value.
async fn sign_in(app: &App, changing: &Changing<'_>, account: &Account) -> Result<String, ApiError> {
    let (token, now_ms) = (random_hex(32)?, app.clock.now_ms());
    let sign_in = SignIn {
        hash: token_hash(&token),
        account_id: account.id.clone(),
        expires_at_ms: now_ms.saturating_add(SIGN_IN_MS),
    };
    changing.add(Document::SignIn(sign_in)).await?;
    let ended = app.store.catalogue().ended_sign_ins(now_ms);
    changing.remove(ended.into_iter().take(CLEARED_AT_ONCE)).await?;
    Ok(token)
}
