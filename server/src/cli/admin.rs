//! Administrative commands: each is one question to an endpoint, and prints its answer.
#![expect(clippy::doc_markdown, reason = "the comments are the help that people read")]

use std::io::BufRead;

use anyhow::Context;
use clap::Subcommand;
use hyper::Method;
use serde_json::{Map, Value, json};

use super::target::{Body, Call, Target};

/// Sites.
#[derive(Subcommand)]
pub(super) enum SiteCommand {
    /// Add a website.
    Add {
        /// Its domain, as in shop.example.
        domain: String,
        /// Another host that is the same site; may be given several times.
        #[arg(long, value_name = "HOST")]
        alias: Vec<String>,
        /// The time zone in which its days are cut, as in Europe/Bucharest.
        #[arg(long, value_name = "ZONE")]
        time_zone: Option<String>,
        /// Its reporting currency, as in EUR.
        #[arg(long, value_name = "CODE")]
        currency: Option<String>,
        /// How far back a journey reaches, in days.
        #[arg(long, value_parser = ["30", "60", "90", "unlimited"])]
        window: Option<String>,
        /// Count reported purchases of one order id once.
        #[arg(long)]
        count_orders_once: bool,
        #[command(flatten)]
        target: Target,
    },
    /// List the websites.
    List {
        #[command(flatten)]
        target: Target,
    },
}

impl SiteCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Add { domain, alias, time_zone, currency, window, count_orders_once, target } => {
                let mut body = Map::from_iter([("domain".to_owned(), json!(domain))]);
                let mut give = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
                if !alias.is_empty() {
                    give("aliases", json!(alias));
                }
                if let Some(zone) = time_zone {
                    give("time_zone", json!(zone));
                }
                if let Some(code) = currency {
                    give("currency", json!(code));
                }
                if let Some(window) = window {
                    give("window_days", json!(window.parse::<u32>().ok()));
                }
                if count_orders_once {
                    give("count_orders_once", json!(true));
                }
                let site = target.ask(post("/api/v1/sites", Value::Object(body))).await?;
                show(&target, &site);
            }
            Self::List { target } => {
                let sites = target.ask(get("/api/v1/sites")).await?;
                show_list(&target, "sites", &sites);
            }
        }
        Ok(())
    }
}

/// API keys.
#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key; it is shown this once.
    Add {
        /// The site that it opens; without, all sites.
        #[arg(long, value_name = "ID")]
        site: Option<String>,
        /// What it may do, as in analytics:read; may be given several times.
        #[arg(long, value_name = "SCOPE", value_delimiter = ',', required = true)]
        scope: Vec<String>,
        /// What you call it.
        #[arg(long, default_value = "")]
        name: String,
        /// When it stops working, as in 2030-01-01T00:00:00Z.
        #[arg(long, value_name = "TIME")]
        expires_at: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// List the keys of a site, or those that open all sites.
    List {
        /// The site.
        #[arg(long, value_name = "ID")]
        site: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// Take a key away; it stops working at once.
    Remove {
        /// The key's public id, as in key_0123456789ab.
        id: String,
        /// The site that it opens.
        #[arg(long, value_name = "ID")]
        site: Option<String>,
        #[command(flatten)]
        target: Target,
    },
}

impl KeyCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let path = |site: Option<&str>| match site {
            Some(site) => format!("/api/v1/sites/{}/keys", segment(site)),
            None => "/api/v1/keys".to_owned(),
        };
        match self {
            Self::Add { site, scope, name, expires_at, target } => {
                let body = json!({ "scopes": scope, "name": name, "expires_at": expires_at });
                show(&target, &target.ask(post(&path(site.as_deref()), body)).await?);
            }
            Self::List { site, target } => {
                let keys = target.ask(get(&path(site.as_deref()))).await?;
                show_list(&target, "keys", &keys);
            }
            Self::Remove { id, site, target } => {
                target.ask(delete(&format!("{}/{}", path(site.as_deref()), segment(&id)))).await?;
                show(&target, &json!({ "removed": id }));
            }
        }
        Ok(())
    }
}

/// People who sign in.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Add a user; the password is the first line of standard input.
    Add {
        /// The e-mail that signs in.
        email: String,
        /// The name shown.
        #[arg(long, default_value = "")]
        name: String,
        #[command(flatten)]
        target: Target,
    },
    /// List the users.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Take a user away; the owner stays.
    Remove {
        /// The user's id.
        id: String,
        #[command(flatten)]
        target: Target,
    },
}

impl UserCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Add { email, name, target } => {
                let mut password = String::new();
                std::io::stdin().lock().read_line(&mut password).context("the password could not be read")?;
                let body = json!({ "email": email, "name": name, "password": password.trim_end_matches(['\r', '\n']) });
                show(&target, &target.ask(post("/api/v1/users", body)).await?);
            }
            Self::List { target } => {
                let users = target.ask(get("/api/v1/users")).await?;
                show_list(&target, "users", &users);
            }
            Self::Remove { id, target } => {
                target.ask(delete(&format!("/api/v1/users/{}", segment(&id)))).await?;
                show(&target, &json!({ "removed": id }));
            }
        }
        Ok(())
    }
}

pub(super) fn get(path: &str) -> Call {
    Call { method: Method::GET, path: path.to_owned(), body: None }
}

pub(super) fn post(path: &str, body: Value) -> Call {
    Call { method: Method::POST, path: path.to_owned(), body: Some(Body::Json(body)) }
}

pub(super) fn delete(path: &str) -> Call {
    Call { method: Method::DELETE, path: path.to_owned(), body: None }
}

/// A text as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// One thing: an object, or a line for each of its members that says something.
pub(super) fn show(target: &Target, value: &Value) {
    if target.json {
        println!("{value}");
        return;
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Null => {}
            Value::String(text) => println!("{name}: {text}"),
            Value::Array(items) if items.is_empty() => {}
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                println!("{name}: {value}");
            }
        }
    }
}

/// Several things: an object with one member, or each after the other.
pub(super) fn show_list(target: &Target, name: &str, values: &Value) {
    if target.json {
        println!("{}", json!({ name: values }));
        return;
    }
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    if values.is_empty() {
        println!("There are no {name} yet.");
    }
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            println!();
        }
        show(target, value);
    }
}
