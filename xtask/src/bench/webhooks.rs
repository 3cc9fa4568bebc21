//! Webhooks under load: how many are verified and durable, and what a flood of forged ones takes from honest ingest.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{Arguments, Figures, add_site, load};
use crate::server::{self, Connection, Server};
use crate::shell;

const SECRET: &str = "whsec_of_the_benchmark";
/// Connections over which the forged ones come.
const FORGERS: u64 = 8;
/// Runs with and without the flood, in turns.
const TURNS: usize = 3;

pub(super) fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let data = folder.join("data-webhooks");
    let site = add_site(&arguments.profile, &data)?;
    let connect = ["integration", "add", "stripe", "--site", &site, "--webhook-secret", SECRET, "--data-dir"];
    shell::quiet(server::command(&arguments.profile, &connect).arg(&data))?;
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
    let path = format!("/api/v1/webhooks/stripe/{site}");
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
    let path = format!("/api/v1/webhooks/stripe/{site}");
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

/// A payment as Stripe tells it, about as long as it is in life.
fn payment(number: u64) -> String {
    format!(
        r#"{{"id":"evt_{number:016}","object":"event","api_version":"2026-10-28.endive","created":1795600000,"livemode":true,"pending_webhooks":1,"request":{{"id":null,"idempotency_key":null}},"type":"payment_intent.succeeded","data":{{"object":{{"id":"pi_{number:016}","object":"payment_intent","amount":4900,"amount_capturable":0,"amount_details":{{"tip":{{}}}},"amount_received":4900,"application":null,"automatic_payment_methods":null,"canceled_at":null,"capture_method":"automatic","client_secret":"pi_{number:016}_secret_abcdefghijklmnop","confirmation_method":"automatic","created":1795600000,"currency":"eur","customer":"cus_{number:014}","description":"An order of the shop","latest_charge":"ch_{number:016}","livemode":true,"metadata":{{"engagetrack_visitor_id":"8f14e45f-ceea-467f-a0e6-{visitor:012}","engagetrack_session_id":"c9f0f895-fb98-4ab9-9f5e-{visitor:012}"}},"next_action":null,"payment_method":"pm_{number:016}","payment_method_options":{{"card":{{"installments":null,"mandate_options":null,"network":null,"request_three_d_secure":"automatic"}}}},"payment_method_types":["card"],"receipt_email":"buyer{number}@mail.example","shipping":null,"status":"succeeded"}}}}}}"#,
        visitor = number % 20_000,
    )
}

/// The header of Stripe's scheme, signed now.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn signed(body: &str) -> String {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return String::new() };
    mac.update(format!("{now}.{body}").as_bytes());
    format!("stripe-signature: t={now},v1={}\r\n", hex::encode(mac.finalize().into_bytes()))
}
