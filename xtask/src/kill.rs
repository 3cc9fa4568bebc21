//! `kill`: `kill -9` of the real server under load, at random moments, round after round.
//!
//! What was answered 202, and of webhooks 200, must be stored, nothing may be stored twice, and nothing may be stored
//! that was not sent. What had no answer is sent again with the same ids, as a browser or a provider would.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::server::{self, Connection, Server};
use crate::{build, payment, shell};

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

/// What is sent: the two ways in that promise durability by their answer.
#[derive(Clone, Copy)]
enum Kind {
    Events,
    Payments,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Events, Self::Payments];

    /// The word by which it is exported, and for people.
    fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Payments => "orders",
        }
    }

    /// How many go in one request at most.
    fn batch(self) -> usize {
        match self {
            Self::Events => BATCH,
            Self::Payments => 1,
        }
    }

    /// The answer that promises to keep it.
    fn kept(self) -> u16 {
        match self {
            Self::Events => 202,
            Self::Payments => 200,
        }
    }

    /// What stands before its number in an exported line.
    fn mark(self) -> &'static str {
        match self {
            Self::Events => r#""event_id":"k"#,
            Self::Payments => r#""order_id":"pi_"#,
        }
    }

    fn send(self, connection: &mut Connection, site: &str, numbers: &[u64]) -> Result<u16> {
        match (self, numbers) {
            (Self::Payments, [number]) => {
                let body = payment::payment(*number);
                connection.post_with(&payment::path(site), &payment::signed(&body), &body)
            }
            _ => connection.post("/api/v1/event", &body(site, numbers)),
        }
    }
}

/// What was sent of a kind, and what was answered.
struct Ledger {
    kind: Kind,
    numbers: Mutex<Numbers>,
}

#[derive(Default)]
struct Numbers {
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
    payment::connect(PROFILE, &folder, &site)?;
    let ledgers = Kind::ALL.map(|kind| Ledger { kind, numbers: Mutex::default() });
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 1..=rounds {
        let mut server = Server::start(PROFILE, &folder)?;
        let load = Duration::from_millis(random.u64(5..LOAD_MS));
        std::thread::scope(|scope| -> Result<()> {
            let (address, site) = (&server.address, &site);
            let senders: Vec<_> = (0..connections)
                .zip(ledgers.iter().cycle())
                .map(|(_, ledger)| {
                    let random = random.fork();
                    scope.spawn(move || ledger.send(address, site, random))
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
            for ledger in &ledgers {
                let stored = ledger.compare(&folder, &site)?;
                println!("  {round} kills: {stored} {} stored, none missing, none twice", ledger.kind.name());
            }
        }
    }
    for ledger in &ledgers {
        ledger.finish(&folder, &site)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn kill(server: &Server) -> Result<()> {
    shell::quiet(&mut shell::program("kill", ["-9", &server.id().to_string()]))?;
    Ok(())
}

impl Ledger {
    fn numbers(&self) -> Result<MutexGuard<'_, Numbers>> {
        self.numbers.lock().map_err(|_| anyhow::anyhow!("a sender panicked"))
    }

    /// Sends until the server is gone; what was not answered is sent first.
    fn send(&self, address: &SocketAddr, site: &str, mut random: fastrand::Rng) -> Result<()> {
        let Ok(mut connection) = Connection::open(*address) else { return Ok(()) };
        loop {
            let batch = self.numbers()?.take(random.usize(1..=self.kind.batch()));
            match self.kind.send(&mut connection, site, &batch) {
                Ok(code) if code == self.kind.kept() => self.numbers()?.answered.extend(&batch),
                Ok(503) | Err(_) => {
                    self.numbers()?.unanswered.extend(&batch);
                    return Ok(());
                }
                Ok(code) => bail!("of honest {} one was answered {code}", self.kind.name()),
            }
        }
    }

    /// The numbers that are stored, and how often each.
    fn stored(&self, folder: &Path, site: &str) -> Result<BTreeMap<u64, u32>> {
        let mut command =
            server::command(PROFILE, &["export", self.kind.name(), "--site", site, "--data-dir"]);
        let said = shell::quiet(command.arg(folder))?;
        let mut counts = BTreeMap::new();
        for line in said.lines() {
            let id = line.split(self.kind.mark()).nth(1).and_then(|rest| rest.split('"').next());
            let number: u64 = id.with_context(|| format!("no number in {line}"))?.parse()?;
            let count: &mut u32 = counts.entry(number).or_default();
            *count = count.saturating_add(1);
        }
        Ok(counts)
    }

    /// Compares what is stored with what was sent and answered, both ways.
    fn compare(&self, folder: &Path, site: &str) -> Result<usize> {
        let stored = self.stored(folder, site)?;
        let (numbers, name) = (self.numbers()?, self.kind.name());
        let missing: Vec<_> = numbers.answered.iter().filter(|id| !stored.contains_key(id)).take(5).collect();
        ensure!(missing.is_empty(), "{name} acknowledged and not stored: {missing:?}, …");
        let twice: Vec<_> = stored.iter().filter(|(_, count)| **count != 1).take(5).collect();
        ensure!(twice.is_empty(), "{name} stored more than once: {twice:?}, …");
        let strange: Vec<_> = stored
            .keys()
            .filter(|id| !numbers.answered.contains(id) && !numbers.unanswered.contains(id))
            .take(5)
            .collect();
        ensure!(strange.is_empty(), "{name} stored and never sent: {strange:?}, …");
        Ok(stored.len())
    }

    /// Sends what was never answered once more; then exactly what was sent must be stored.
    fn finish(&self, folder: &Path, site: &str) -> Result<()> {
        let server = Server::start(PROFILE, folder)?;
        let mut connection = Connection::open(server.address)?;
        let mut numbers = self.numbers()?;
        let (kind, name) = (self.kind, self.kind.name());
        let rest: Vec<u64> = std::mem::take(&mut numbers.unanswered).into_iter().collect();
        for batch in rest.chunks(kind.batch()) {
            let code = kind.send(&mut connection, site, batch)?;
            ensure!(code == kind.kept(), "of repeated {name} one was answered {code}");
            numbers.answered.extend(batch);
        }
        let (sent, answered) = (numbers.sent, numbers.answered.len());
        drop(numbers);
        server.stop()?;
        let stored = self.compare(folder, site)?;
        ensure!(
            stored == answered && stored as u64 == sent,
            "{sent} {name} sent, {answered} answered, {stored} stored"
        );
        println!("  all {sent} {name} that were sent are stored exactly once");
        Ok(())
    }
}

impl Numbers {
    fn take(&mut self, size: usize) -> Vec<u64> {
        let mut batch: Vec<u64> = self.unanswered.iter().take(size).copied().collect();
        for number in &batch {
            self.unanswered.remove(number);
        }
        while batch.len() < size {
            batch.push(self.sent);
            self.sent = self.sent.saturating_add(1);
        }
        batch
    }
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
