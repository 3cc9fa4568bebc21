//! What is said to whoever connects a provider when it cannot be done.

use serde_json::{Value, json};

use crate::config::Config;
use crate::error::{ApiError, ErrorKind};
use crate::payments::Provider;
use crate::payments::remote::Problem;

/// Seconds after which a provider that fails may be tried again.
const RETRY_S: u64 = 30;

/// What went wrong at a provider, as the caller sees it.
pub(super) fn refused(provider: Provider, problem: Problem) -> ApiError {
    let name = provider.title();
    let of_key = |code, message: String| {
        ApiError::new(ErrorKind::Invalid, code, message).with_field(Some("api_key".to_owned()))
    };
    match problem {
        Problem::WrongKey(_) => of_key(
            "wrong_api_key",
            format!(
                "{name} does not know this API key; copy it again, and see that it has not been revoked."
            ),
        ),
        Problem::UnfitKey(sentence) => of_key("wrong_api_key", format!("{sentence}.")),
        Problem::MissingPermission(permission) => of_key(
            "missing_permission",
            format!("The API key lacks the permission {permission}; give it that at {name}, then try again."),
        )
        .with_member("permission", json!(permission)),
        Problem::SeveralStores(stores) => {
            let stores: Vec<Value> =
                stores.into_iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
            let message = format!("The API key opens several stores of {name}; say which one as `store_id`.");
            ApiError::invalid("store_id", message).with_member("stores", json!(stores))
        }
        Problem::TooMany { wait_s, .. } => {
            let message = format!("{name} is asked too often; try again in {wait_s} seconds.");
            ApiError::provider_rate_limited(message, wait_s)
        }
        Problem::Refused { .. } | Problem::NotFound(_) => {
            ApiError::new(ErrorKind::Invalid, "provider_refused", format!("{problem}."))
        }
        Problem::Failing { .. } | Problem::TimedOut(_) | Problem::Unreachable(_) | Problem::Unreadable(_) => {
            let message = format!("{problem}; nothing was changed. Try again in a while.");
            ApiError::provider_unavailable(message, RETRY_S)
        }
    }
}

/// A provider sends webhooks to public addresses alone.
pub(super) fn needs_public_url(config: &Config, provider: Provider) -> Result<(), ApiError> {
    if config.public_url.is_public() {
        return Ok(());
    }
    let name = provider.title();
    let origin = config.public_url.origin();
    let message = format!(
        "{name} must reach this server to connect it by an API key, and {origin} is no public https address. \
         Start the server with --public-url, for example --public-url https://analytics.example.com, \
         or make the webhook by hand and give its secret."
    );
    Err(ApiError::new(ErrorKind::Invalid, "public_url_needed", message))
}

/// Another change of the same integration is under way.
pub(super) fn busy(provider: Provider) -> ApiError {
    let message = format!("{} is being connected or disconnected just now; wait for that.", provider.title());
    ApiError::conflict("busy", message)
}

/// There is no such integration.
pub(crate) fn no_integration(provider: &str) -> ApiError {
    ApiError::not_found("no_integration", format!("The site has no integration {provider:?}; add it first."))
}

/// There is no API key to do it with.
pub(super) fn not_connected(provider: Provider) -> ApiError {
    let message = format!("{} is not connected by an API key here; connect it first.", provider.title());
    ApiError::not_found("no_connection", message)
}

/// The webhook at the provider could not be taken away.
pub(super) fn not_removed(provider: Provider, endpoint_id: &str, reason: &str) -> ApiError {
    let name = provider.title();
    let message = format!(
        "The webhook {endpoint_id} could not be removed at {name}: {reason}. Nothing was changed. Try again, \
         or disconnect here alone (force=true, --force) and delete the webhook at {name} yourself."
    );
    ApiError::conflict("not_removed", message).with_member("reason", json!(reason))
}
