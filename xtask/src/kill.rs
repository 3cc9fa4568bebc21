//! `kill`: `kill -9` of the real server under load, at random moments, round after round.
//!
//! What was answered 202 must be stored, nothing may be stored twice, and nothing may be stored that was not sent.
//! Events without an answer are sent again with the same ids, as a browser would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::server::{self, Connection, Server};
use crate::{build, shell};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// How often the server is killed.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// Connections that send at once.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Where the random moments come from; a run can be repeated with it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const PROFILE: &str = "start";
/// The longest time under load before a kill.
const LOAD_MS: u64 = 300;
/// Events of one request at most.
const BATCH: usize = 25;
/// Rounds after which the stored events are compared.
const COMPARE_EVERY: u32 = 20;

/// What was sent, and what was answered.
#[derive(Default)]
struct Ledger {
    sent: u64,
    unanswered: BTreeSet<u64>,
    answered: BTreeSet<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    build::all(PROFILE)?;
    rounds(arguments.rounds, arguments.connections, arguments.seed)
}

/// The shorter run that gates.
pub(crate) fn short() -> Result<()> {
    rounds(12, 8, 1)
}

/// The run of the full count.
pub(crate) fn long() -> Result<()> {
    rounds(1_000, 8, 1)
}

fn rounds(rounds: u32, connections: usize, seed: u64) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("engagetrack-kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let site = add_site(&folder)?;
    let ledger = Mutex::new(Ledger::default());
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 1..=rounds {
        let mut server = Server::start(PROFILE, &folder)?;
        let load = Duration::from_millis(random.u64(5..LOAD_MS));
        std::thread::scope(|scope| -> Result<()> {
            let senders: Vec<_> = (0..connections)
                .map(|_| {
                    let random = random.fork();
                    scope.spawn(|| send(&server.address, &site, &ledger, random))
                })
                .collect();
            std::thread::sleep(load);
            let killed = kill(&server);
            for sender in senders {
                sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
            }
            killed
        })?;
        server.kill()?;
        if round % COMPARE_EVERY == 0 || round == rounds {
            let stored = compare(&folder, &site, &ledger)?;
            println!("  {round} kills: {stored} events stored, none missing, none twice");
        }
    }
    finish(&folder, &site, &ledger)?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn kill(server: &Server) -> Result<()> {
    shell::quiet(&mut shell::program("kill", ["-9", &server.id().to_string()]))?;
    Ok(())
}

/// Sends until the server is gone; what was not answered is sent first.
fn send(
    address: &std::net::SocketAddr,
    site: &str,
    ledger: &Mutex<Ledger>,
    mut random: fastrand::Rng,
) -> Result<()> {
    let Ok(mut connection) = Connection::open(*address) else { return Ok(()) };
    loop {
        let batch = take_batch(ledger, random.usize(1..=BATCH));
        match connection.post("/api/v1/event", &body(site, &batch)) {
            Ok(202) => {
                let mut ledger = ledger.lock().map_err(|_| anyhow::anyhow!("a sender panicked"))?;
                ledger.answered.extend(&batch);
            }
            Ok(503) | Err(_) => {
                let mut ledger = ledger.lock().map_err(|_| anyhow::anyhow!("a sender panicked"))?;
                ledger.unanswered.extend(&batch);
                return Ok(());
            }
            Ok(code) => bail!("an honest event was answered {code}"),
        }
    }
}

fn take_batch(ledger: &Mutex<Ledger>, size: usize) -> Vec<u64> {
    let Ok(mut ledger) = ledger.lock() else { return Vec::new() };
    let mut batch: Vec<u64> = ledger.unanswered.iter().take(size).copied().collect();
    for id in &batch {
        ledger.unanswered.remove(id);
    }
    while batch.len() < size {
        batch.push(ledger.sent);
        ledger.sent = ledger.sent.saturating_add(1);
    }
    batch
}

fn body(site: &str, ids: &[u64]) -> String {
    let events: Vec<String> = ids
        .iter()
        .map(|id| {
            let visitor = id % 97;
            format!(
                r#"{{"site_id":"{site}","url":"https://shop.example/p/{}?utm_source=newsletter","visitor_uid":"v{visitor}","session_id":"s{visitor}","event_id":"k{id}"}}"#,
                id % 13
            )
        })
        .collect();
    format!("[{}]", events.join(","))
}

fn add_site(folder: &Path) -> Result<String> {
    let mut command = server::command(PROFILE, &["site", "add", "shop.example", "--json", "--data-dir"]);
    let said = shell::quiet(command.arg(folder))?;
    said.split('"').find(|word| word.starts_with("pk_live_")).map(str::to_owned).context("no site id")
}

/// The ids that are stored, and how often each.
fn stored(folder: &Path, site: &str) -> Result<BTreeMap<u64, u32>> {
    let mut command = server::command(PROFILE, &["export", "events", "--site", site, "--data-dir"]);
    let said = shell::quiet(command.arg(folder))?;
    let mut counts = BTreeMap::new();
    for line in said.lines() {
        let id = line.split(r#""event_id":"k"#).nth(1).and_then(|rest| rest.split('"').next());
        let id: u64 = id.with_context(|| format!("no event id in {line}"))?.parse()?;
        let count: &mut u32 = counts.entry(id).or_default();
        *count = count.saturating_add(1);
    }
    Ok(counts)
}

/// Compares what is stored with what was sent and answered, both ways.
fn compare(folder: &Path, site: &str, ledger: &Mutex<Ledger>) -> Result<usize> {
    let stored = stored(folder, site)?;
    let ledger = ledger.lock().map_err(|_| anyhow::anyhow!("a sender panicked"))?;
    let missing: Vec<_> = ledger.answered.iter().filter(|id| !stored.contains_key(id)).take(5).collect();
    ensure!(missing.is_empty(), "answered 202 and not stored: {missing:?}, …");
    let twice: Vec<_> = stored.iter().filter(|(_, count)| **count != 1).take(5).collect();
    ensure!(twice.is_empty(), "stored more than once: {twice:?}, …");
    let strange: Vec<_> = stored
        .keys()
        .filter(|id| !ledger.answered.contains(id) && !ledger.unanswered.contains(id))
        .take(5)
        .collect();
    ensure!(strange.is_empty(), "stored and never sent: {strange:?}, …");
    Ok(stored.len())
}

/// Sends what was never answered once more; then exactly what was sent must be stored.
fn finish(folder: &Path, site: &str, ledger: &Mutex<Ledger>) -> Result<()> {
    let server = Server::start(PROFILE, folder)?;
    let mut connection = Connection::open(server.address)?;
    let mut ledger_now = ledger.lock().map_err(|_| anyhow::anyhow!("a sender panicked"))?;
    let rest: Vec<u64> = std::mem::take(&mut ledger_now.unanswered).into_iter().collect();
    for batch in rest.chunks(BATCH) {
        let code = connection.post("/api/v1/event", &body(site, batch))?;
        ensure!(code == 202, "a repeated batch was answered {code}");
        ledger_now.answered.extend(batch);
    }
    let (sent, answered) = (ledger_now.sent, ledger_now.answered.len());
    drop(ledger_now);
    server.stop()?;
    let stored = compare(folder, site, ledger)?;
    ensure!(stored == answered && stored as u64 == sent, "{sent} sent, {answered} answered, {stored} stored");
    println!("  all {sent} events that were sent are stored exactly once");
    Ok(())
}
