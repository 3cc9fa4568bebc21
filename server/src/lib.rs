//! The server: it takes events and payments, makes them durable, and answers which source brought the money.

pub mod accounts;
pub mod app;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connections;
pub mod demo;
pub mod error;
pub mod http;
pub mod ingest;
mod jobs;
pub mod payments;
pub mod rates;
pub mod record;
pub mod report;
pub mod secrets;
pub mod store;
pub mod telemetry;
