//! Which traffic source brought this money: sources, channels, journeys, exact money and attribution models.
//!
//! The crate is pure: it reads no clock, file or network, and its caller decides how anything is stored. The
//! way of an answer through its modules:
//!
//! 1. [`source`] and [`channel`]: what the entry of a session says about where its visitor came from;
//! 2. [`journey`] and [`mod@touch`]: a visitor's sessions, whose they are, and the touches that they make;
//! 3. [`evidence`]: what a payment knows about itself, whose journey that makes it, and why;
//! 4. [`model`]: how the touches of a journey share an order;
//! 5. [`money`]: minor units split so that the parts sum to the whole, and taken back exactly.
//!
//! ```
//! use attribution::evidence::{CustomerKey, CustomerLink, Evidence, Level, Window, World, trace};
//! use attribution::journey::{Identify, Session};
//! use attribution::model::{Model, Point, shares};
//! use attribution::money::split;
//! use attribution::source::{Entry, SiteHosts, campaign_of};
//!
//! /// All that is known of a site: here its sessions, and nothing that joins them.
//! struct Known(Vec<Session>);
//!
//! impl World for Known {
//!     type Error = std::convert::Infallible;
//!     fn sessions_named(&self, id: &str) -> Result<Vec<Session>, Self::Error> {
//!         Ok(self.0.iter().filter(|session| session.id.as_deref() == Some(id)).cloned().collect())
//!     }
//!     fn sessions_of(&self, visitor: &str) -> Result<Vec<Session>, Self::Error> {
//!         Ok(self.0.iter().filter(|session| session.visitor == visitor).cloned().collect())
//!     }
//!     fn identifies_of_visitor(&self, _: &str) -> Result<Vec<Identify>, Self::Error> {
//!         Ok(Vec::new())
//!     }
//!     fn identifies_of_user(&self, _: &str) -> Result<Vec<Identify>, Self::Error> {
//!         Ok(Vec::new())
//!     }
//!     fn identifies_of_email(&self, _: &str) -> Result<Vec<Identify>, Self::Error> {
//!         Ok(Vec::new())
//!     }
//!     fn visitors_of_customer(&self, _: &CustomerKey) -> Result<Vec<CustomerLink>, Self::Error> {
//!         Ok(Vec::new())
//!     }
//! }
//!
//! let session = |id: &str, at_ms, query: &str, referrer: Option<&str>| {
//!     let says = campaign_of(query);
//!     let entry = Entry {
//!         at_ms,
//!         is_pageview: true,
//!         campaign: says.campaign,
//!         click_ids: says.click_ids,
//!         referrer: referrer.map(str::to_owned),
//!         ..Entry::default()
//!     };
//!     Session { visitor: "ana".into(), id: Some(id.into()), last_at_ms: at_ms, entry, ..Session::default() }
//! };
//! let known = Known(vec![
//!     session("s1", 1_000, "", Some("https://www.google.com/")),
//!     session("s2", 2_000, "utm_source=fb&utm_medium=cpc", None),
//! ]);
//! let payment = Evidence { at_ms: 3_000, session_id: Some("s2".into()), ..Evidence::default() };
//! let site = SiteHosts::new("shop.example", ["shop.test"]);
//!
//! let found = trace(&payment, &known, &site, Window::Days(90))?;
//! assert_eq!(found.level, Level::Session);
//! let channels: Vec<_> = found.journey().map(|touch| touch.source.channel.name()).collect();
//! assert_eq!(channels, ["Organic Search", "Paid Social"]);
//!
//! let points: Vec<_> = found
//!     .journey()
//!     .map(|touch| Point { at_ms: touch.at_ms, is_direct: touch.source.is_direct(), value: &touch.source.source })
//!     .collect();
//! let shares = shares(Model::Linear, &points, found.measured_at_ms);
//! assert_eq!(split(24_999, &shares), [12_500, 12_499]);
//! # Ok::<(), std::convert::Infallible>(())
//! ```
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod channel;
pub mod evidence;
pub mod journey;
pub mod model;
pub mod money;
pub mod source;
pub mod touch;
