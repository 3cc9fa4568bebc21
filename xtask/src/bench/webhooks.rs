//! Webhooks under load: how many are verified and durable, and what a flood of forged ones takes from honest ingest.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};

use super::{Arguments, Figures, add_site, load};
use crate::payment::{self, payment, signed};
use crate::server::{Connection, Server};

/// Connections over which the forged ones come.
const FORGERS: u64 = 8;
/// Runs with and without the flood, in turns.
const TURNS: usize = 3;

pub(super) fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let data = folder.join("data-webhooks");
    let site = add_site(&arguments.profile, &data)?;
    payment::connect(&arguments.profile, &data, &site)?;
    let server = Server::start(&arguments.profile, &data)?;
    honest_webhooks(&server, &site, arguments)?;
    flood(&server, &site, arguments)?;
    server.stop()
}

/// As many as can be: each a payment of its own.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn honest_webhooks(server: &Server, site: &str, arguments: &Arguments) -> Result<()> {
    let (stop, next) = (AtomicBool::new(false), AtomicU64::new(0));
    let path = payment::path(site);
    let (begun, taken) = (std::time::Instant::now(), server.processor_time()?);
    std::thread::scope(|scope| -> Result<()> {
        let senders: Vec<_> = (0..arguments.connections)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut connection = Connection::open(server.address)?;
                    while !stop.load(Ordering::Relaxed) {
                        let body = payment(next.fetch_add(1, Ordering::Relaxed));
                        let code = connection.post_with(&path, &signed(&body), &body)?;
                        ensure!(code == 200, "an honest webhook was answered {code}");
                    }
                    Ok(())
                })
            })
            .collect();
        std::thread::sleep(Duration::from_secs(arguments.seconds));
        stop.store(true, Ordering::Relaxed);
        for sender in senders {
            sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
        }
        Ok(())
    })?;
    let webhooks = next.load(Ordering::Relaxed) as f64;
    let processors = server.processor_time()?.saturating_sub(taken).as_secs_f64();
    println!(
        "webhooks, {} connections: {:.0} verified and durable a second, {:.0} per second of the server's processor time",
        arguments.connections,
        webhooks / begun.elapsed().as_secs_f64(),
        webhooks / processors.max(f64::EPSILON),
    );
    Ok(())
}

/// Honest ingest alone and beside a flood, in turns, so that what else the machine does weighs on both.
fn flood(server: &Server, site: &str, arguments: &Arguments) -> Result<()> {
    let (mut alone, mut beside, mut forged) = (Vec::new(), Vec::new(), 0);
    let next = AtomicU64::new(0);
    for _ in 0..TURNS {
        alone.push(ingest(server, site, arguments, &next)?);
        let stop = AtomicBool::new(false);
        let sent = AtomicU64::new(0);
        std::thread::scope(|scope| -> Result<()> {
            let forgers: Vec<_> =
                (0..FORGERS).map(|_| scope.spawn(|| forge(server, site, arguments, &sent, &stop))).collect();
            beside.push(ingest(server, site, arguments, &next)?);
            stop.store(true, Ordering::Relaxed);
            for forger in forgers {
                forger.join().map_err(|_| anyhow::anyhow!("a forger panicked"))??;
            }
            Ok(())
        })?;
        forged += sent.load(Ordering::Relaxed);
    }
    let (alone, beside) = (median(&mut alone), median(&mut beside));
    println!(
        "honest ingest: {alone:.0} events/s alone, {beside:.0} beside {} forged webhooks a second: {:.1} % less",
        forged / (arguments.seconds * TURNS as u64).max(1),
        (1.0 - beside / alone) * 100.0,
    );
    Ok(())
}

fn ingest(server: &Server, site: &str, arguments: &Arguments, next: &AtomicU64) -> Result<f64> {
    let before = next.load(Ordering::Relaxed);
    let figures: Figures = load(server, site, 1, arguments, next)?;
    // The figure counts from the first event of all turns.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let share = 1.0 - before as f64 / next.load(Ordering::Relaxed).max(1) as f64;
    Ok(figures.events_per_second * share)
}

/// Sends forged webhooks at a steady pace until it is stopped.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn forge(
    server: &Server,
    site: &str,
    arguments: &Arguments,
    sent: &AtomicU64,
    stop: &AtomicBool,
) -> Result<()> {
    let path = payment::path(site);
    let (body, header) = (payment(0), signed("another body"));
    let mut connection = Connection::open(server.address)?;
    let begun = std::time::Instant::now();
    let mut own = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        let due = Duration::from_micros(own.saturating_mul(1_000_000 * FORGERS) / arguments.forged.max(1));
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        let code = connection.post_with(&path, &header, &body)?;
        ensure!(code == 401 || code == 429, "a forged webhook was answered {code}");
        own += 1;
        sent.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
