//! Commands about payment providers: connected, listed, turned, fetched from, disconnected.
#![expect(clippy::doc_markdown, reason = "the comments are the help that people read")]

use clap::Subcommand;
use serde_json::json;

use super::admin::{delete, get, post, segment, show, show_list};
use super::target::Target;

/// Payment providers.
#[derive(Subcommand)]
pub(super) enum IntegrationCommand {
    /// Connect a provider by its API key: the webhook is made there, and past payments are fetched while the
    /// server runs. Or by the secret of a webhook made by hand; once more, and both secrets are valid.
    Add {
        /// The provider: stripe, lemonsqueezy, paddle or polar.
        provider: String,
        /// The site.
        #[arg(long, value_name = "ID")]
        site: String,
        /// The provider's API key, as in rk_live_….
        #[arg(
            long,
            env = "ENGAGETRACK_PROVIDER_API_KEY",
            value_name = "KEY",
            hide_env_values = true,
            required_unless_present = "webhook_secret",
            conflicts_with = "webhook_secret"
        )]
        api_key: Option<String>,
        /// The provider's id of the store, where the key opens several (Lemon Squeezy).
        #[arg(long, value_name = "ID", requires = "api_key")]
        store: Option<String>,
        /// The secret of a webhook made by hand, as in whsec_….
        #[arg(long, env = "ENGAGETRACK_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
        webhook_secret: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// List the providers of a site.
    List {
        /// The site.
        #[arg(long, value_name = "ID")]
        site: String,
        #[command(flatten)]
        target: Target,
    },
    /// Give a connected provider a new webhook secret; the old one stays valid for a day.
    Rotate {
        /// The provider.
        provider: String,
        /// The site.
        #[arg(long, value_name = "ID")]
        site: String,
        #[command(flatten)]
        target: Target,
    },
    /// Fetch the past payments of a connected provider anew, while the server runs.
    History {
        /// The provider.
        provider: String,
        /// The site.
        #[arg(long, value_name = "ID")]
        site: String,
        #[command(flatten)]
        target: Target,
    },
    /// Disconnect a provider, and take its webhook away there; what it told stays.
    Remove {
        /// The provider.
        provider: String,
        /// The site.
        #[arg(long, value_name = "ID")]
        site: String,
        /// Disconnect here even where the webhook there cannot be taken away.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        target: Target,
    },
}

impl IntegrationCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let all = |site: &str| format!("/api/v1/sites/{}/integrations", segment(site));
        let one = |site: &str, provider: &str| format!("{}/{}", all(site), segment(provider));
        match self {
            Self::Add { provider, site, api_key, store, webhook_secret, target } => {
                let body = json!({
                    "provider": provider, "api_key": api_key, "store_id": store,
                    "webhook_secret": webhook_secret,
                });
                show(&target, &target.ask(post(&all(&site), body)).await?);
            }
            Self::List { site, target } => {
                let integrations = target.ask(get(&all(&site))).await?;
                show_list(&target, "integrations", &integrations);
            }
            Self::Rotate { provider, site, target } => {
                let path = format!("{}/rotate", one(&site, &provider));
                show(&target, &target.ask(post(&path, json!({}))).await?);
            }
            Self::History { provider, site, target } => {
                let path = format!("{}/history", one(&site, &provider));
                show(&target, &target.ask(post(&path, json!({}))).await?);
            }
            Self::Remove { provider, site, force, target } => {
                let query = if force { "?force=true" } else { "" };
                let path = format!("{}{query}", one(&site, &provider));
                let removed = target.ask(delete(&path)).await?;
                show(&target, &json!({ "removed": provider, "left_behind": removed.get("left_behind") }));
            }
        }
        Ok(())
    }
}
