//! Users: the people who sign in, listed, added and taken away by the owner.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use warp::reply::Response;

use super::request::Request;
use super::time::iso;
use super::{body, reply};
use crate::accounts::password::{self, MAX_BYTES, MIN_CHARS};
use crate::accounts::{Scope, access};
use crate::app::App;
use crate::catalogue::{Account, Document, Role};
use crate::error::ApiError;
use crate::secrets::random_hex;

/// Characters of an e-mail and of a name.
const TEXT_CHARS: usize = 254;
/// People who sign in.
const USERS_LIMIT: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    email: String,
    password: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: Option<Role>,
}

/// All users.
pub(crate) async fn list(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::Admin)?;
    let catalogue = app.store.catalogue();
    Ok(reply::data(catalogue.accounts().map(shown).collect::<Vec<_>>()))
}

/// Adds a user: the first is the owner, later ones are admins.
pub(crate) async fn add(app: Arc<App>, mut request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::Admin)?;
    let wanted: NewUser = body::json(&mut request).await?;
    let changing = app.change().await;
    let catalogue = app.store.catalogue();
    let is_first = catalogue.accounts().next().is_none();
    let role = match (wanted.role, is_first) {
        (None | Some(Role::Owner), true) => Role::Owner,
        (None | Some(Role::Admin), false) => Role::Admin,
        (Some(Role::Owner), false) => {
            return Err(ApiError::conflict("owner_exists", "There is exactly one owner."));
        }
        (Some(Role::Admin | Role::Member | Role::Viewer), true) => {
            return Err(ApiError::invalid("role", "The first user is the owner."));
        }
        (Some(Role::Member | Role::Viewer), false) => {
            return Err(ApiError::invalid("role", "This build knows the roles owner and admin."));
        }
    };
    if catalogue.accounts().count() >= USERS_LIMIT {
        return Err(ApiError::conflict("too_many_users", format!("There are {USERS_LIMIT} users.")));
    }
    let account = account(&app, &wanted.email, wanted.name, wanted.password, role).await?;
    if catalogue.account_of_email(&account.email).is_some() {
        return Err(ApiError::conflict("user_exists", "There is a user with this e-mail.")
            .with_field(Some("email".to_owned())));
    }
    changing.add(Document::Account(account.clone())).await?;
    app.setup.close();
    Ok(reply::created(shown(&account)))
}

/// Takes a user away; the owner stays.
pub(crate) async fn remove(app: Arc<App>, request: Request) -> Result<Response, ApiError> {
    access(&app, &request, None, Scope::Admin)?;
    let id = request.parameter(0);
    let changing = app.change().await;
    let account = app.store.catalogue().account(id).cloned();
    let account =
        account.ok_or_else(|| ApiError::not_found("unknown_user", format!("There is no user {id:?}.")))?;
    if account.role == Role::Owner {
        return Err(ApiError::conflict("owner_stays", "The owner cannot be removed."));
    }
    changing.remove([Document::Account(account).key()]).await?;
    Ok(reply::data(json!({})))
}

fn shown(account: &Account) -> Value {
    json!({
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role,
        "created_at": iso(account.created_at_ms),
    })
}

/// A new account, its password judged and hashed.
pub(crate) async fn account(
    app: &Arc<App>,
    email: &str,
    name: String,
    password: String,
    role: Role,
) -> Result<Account, ApiError> {
    let email = email.trim().to_lowercase();
    let is_address = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !is_address || email.len() > TEXT_CHARS || email.contains(char::is_whitespace) {
        return Err(ApiError::invalid("email", "`email` is an address such as you@example.com."));
    }
    if name.chars().count() > TEXT_CHARS {
        return Err(ApiError::invalid("name", format!("`name` has at most {TEXT_CHARS} characters.")));
    }
    if password.chars().count() < MIN_CHARS || password.len() > MAX_BYTES {
        return Err(ApiError::invalid(
            "password",
            format!("A password has at least {MIN_CHARS} characters."),
        ));
    }
    let password_hash = app.work(move |_| password::hash(&password)).await??;
    let id = format!("user_{}", random_hex(8)?);
    let name = if name.trim().is_empty() { email.clone() } else { name.trim().to_owned() };
    Ok(Account { id, email, name, password_hash, role, created_at_ms: app.clock.now_ms() })
}
