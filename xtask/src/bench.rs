//! `bench`: the real server under load, and beside each figure what the disk and a bare log do in the same minute.

mod webhooks;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::server::{self, Connection, Server};
use crate::{build, shell};

#[derive(clap::Args, Clone)]
pub(crate) struct Arguments {
    /// Only this figure: `ingest` or `webhooks`.
    only: Option<String>,
    /// Seconds of load per figure.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Keep-alive connections.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// The cargo profile of the binary.
    #[arg(long, default_value = "release")]
    profile: String,
    /// Where the data directory is made; its disk is what is measured.
    #[arg(long)]
    folder: Option<std::path::PathBuf>,
    /// Forged webhooks a second in the flood.
    #[arg(long, default_value_t = 1_000)]
    forged: u64,
}

/// What one run of load came to.
struct Figures {
    events_per_second: f64,
    median: Duration,
    p99: Duration,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    build::all(&arguments.profile)?;
    let folder = arguments.folder.clone().unwrap_or_else(std::env::temp_dir);
    let folder = folder.join(format!("engagetrack-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = measure(arguments, &folder);
    std::fs::remove_dir_all(&folder)?;
    result
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let wanted = |name: &str| arguments.only.as_deref().is_none_or(|only| only == name);
    println!("one fdatasync of 4 KiB: median {:.2} ms", sync_median(folder)?.as_secs_f64() * 1_000.0);
    if wanted("ingest") {
        ingest(arguments, folder)?;
    }
    if wanted("webhooks") {
        webhooks::measure(arguments, folder)?;
    }
    Ok(())
}

fn ingest(arguments: &Arguments, folder: &Path) -> Result<()> {
    let mut bare = shell::cargo("bench --quiet --package engagetrack --bench log");
    println!("{}", shell::quiet(bare.env("ENGAGETRACK_BENCH_DIR", folder))?.trim());
    for batch in [1_usize, 25] {
        let data = folder.join(format!("data-{batch}"));
        let site = add_site(&arguments.profile, &data)?;
        let server = Server::start(&arguments.profile, &data)?;
        let next = AtomicU64::new(0);
        let figures = load(&server, &site, batch, arguments, &next)?;
        let memory = server.resident_bytes()?;
        server.stop()?;
        let events = next.load(Ordering::Relaxed).max(1);
        println!(
            "{} connections, {batch} events a request: {:.0} events/s, median {:.1} ms, p99 {:.1} ms; {events} events, \
             {} bytes of disk an event (log {}, state {}), {} MiB resident",
            arguments.connections,
            figures.events_per_second,
            figures.median.as_secs_f64() * 1_000.0,
            figures.p99.as_secs_f64() * 1_000.0,
            bytes_below(&data)? / events,
            bytes_below(&data.join("log"))? / events,
            bytes_below(&data.join("state"))? / events,
            memory / (1024 * 1024),
        );
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn load(
    server: &Server,
    site: &str,
    batch: usize,
    arguments: &Arguments,
    next: &AtomicU64,
) -> Result<Figures> {
    let stop = AtomicBool::new(false);
    let begun = std::time::Instant::now();
    let mut latencies = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let senders: Vec<_> = (0..arguments.connections)
            .map(|_| scope.spawn(|| send(server, site, batch, next, &stop)))
            .collect();
        std::thread::sleep(Duration::from_secs(arguments.seconds));
        stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for sender in senders {
            all.extend(sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??);
        }
        Ok(all)
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |share: usize| {
        latencies.get(latencies.len().saturating_mul(share) / 1_000).copied().unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let events = next.load(Ordering::Relaxed) as f64;
    Ok(Figures { events_per_second: events / seconds, median: at(500), p99: at(990) })
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn send(
    server: &Server,
    site: &str,
    batch: usize,
    next: &AtomicU64,
    stop: &AtomicBool,
) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(server.address)?;
    let mut latencies = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let first = next.fetch_add(batch as u64, Ordering::Relaxed);
        let body = body(site, first, batch);
        let begun = std::time::Instant::now();
        let code = connection.post("/api/v1/event", &body)?;
        latencies.push(begun.elapsed());
        ensure!(code == 202, "an honest event was answered {code}");
    }
    Ok(latencies)
}

/// Events of a shop: 20,000 visitors, five events a session, 500 pages.
fn body(site: &str, first: u64, batch: usize) -> String {
    let events: Vec<String> = (first..first.saturating_add(batch as u64))
        .map(|id| {
            let session = id / 5;
            let visitor = session % 20_000;
            format!(
                r#"{{"site_id":"{site}","url":"https://shop.example/product/{}","event_type":"pageview","referrer":"https://www.google.com/","title":"A product of the shop","visitor_uid":"8f14e45f-ceea-467f-a0e6-{visitor:012}","session_id":"c9f0f895-fb98-4ab9-9f5e-{session:012}","screen_w":1920,"screen_h":1080,"event_id":"0b7c1e1a-7d1e-4c55-8d9d-{id:012}"}}"#,
                id % 500
            )
        })
        .collect();
    if batch == 1 { events.concat() } else { format!("[{}]", events.join(",")) }
}

fn add_site(profile: &str, data: &Path) -> Result<String> {
    let mut command = server::command(profile, &["site", "add", "shop.example", "--json", "--data-dir"]);
    let said = shell::quiet(command.arg(data))?;
    said.split('"').find(|word| word.starts_with("pk_live_")).map(str::to_owned).context("no site id")
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn sync_median(folder: &Path) -> Result<Duration> {
    use std::io::Write;
    let path = folder.join("sync");
    let mut file = std::fs::File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..201 {
        let begun = std::time::Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(begun.elapsed());
    }
    std::fs::remove_file(&path)?;
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

fn bytes_below(folder: &Path) -> Result<u64> {
    let mut sum = 0_u64;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        let bytes = if found.is_dir() { bytes_below(&entry.path())? } else { found.len() };
        sum = sum.saturating_add(bytes);
    }
    Ok(sum)
}
