//! The store without HTTP: commits of one event by 64 senders at once, as the ingest endpoint makes them.
#![expect(
    clippy::expect_used,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on stops there"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use engagetrack::clock::Clock;
use engagetrack::record::{Event, Page, Record};
use engagetrack::store::Store;
use engagetrack::store::embedded::Embedded;

const SENDERS: usize = 64;
const RUN: Duration = Duration::from_secs(8);

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn main() {
    let folder = std::env::var_os("ENGAGETRACK_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = folder.join(format!("store-{}", std::process::id()));
    let store = Embedded::open(&folder, &Clock::System).expect("the folder can be written");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("threads");
    let next = Arc::new(AtomicUsize::new(0));
    for batch in [1, 25] {
        let begun = Instant::now();
        let first = next.load(Ordering::Relaxed);
        let mut latencies = runtime.block_on(async {
            let senders: Vec<_> = (0..SENDERS)
                .map(|_| {
                    let (store, next) = (store.clone(), next.clone());
                    tokio::spawn(async move {
                        let mut latencies = Vec::new();
                        while begun.elapsed() < RUN {
                            let id = next.fetch_add(batch, Ordering::Relaxed);
                            let sent = Instant::now();
                            store.commit((id..id + batch).map(record).collect()).await.expect("committed");
                            latencies.push(sent.elapsed());
                        }
                        latencies
                    })
                })
                .collect();
            let mut all = Vec::new();
            for sender in senders {
                all.extend(sender.await.expect("a sender"));
            }
            all
        });
        let events = next.load(Ordering::Relaxed) - first;
        let seconds = begun.elapsed().as_secs_f64();
        latencies.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let rate = events as f64 / seconds;
        println!(
            "{SENDERS} senders, {batch} events a commit: {rate:.0} events/s, median {:?}, p99 {:?}, worst {:?}",
            latencies[latencies.len() / 2],
            latencies[latencies.len() * 99 / 100],
            latencies[latencies.len() - 1],
        );
    }
    drop(store);
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

/// Five events a session, 20,000 visitors, 500 pages.
fn record(id: usize) -> Record {
    let session = id / 5;
    Record::Event(Box::new(Event {
        site: 1,
        event_id: format!("0b7c1e1a-7d1e-4c55-8d9d-{id:012}"),
        has_own_id: true,
        at_ms: 1_795_600_000_000 + id as i64,
        received_ms: Clock::System.now_ms(),
        visitor: Some(format!("8f14e45f-ceea-467f-a0e6-{:012}", session % 20_000)),
        session: Some(format!("c9f0f895-fb98-4ab9-9f5e-{session:012}")),
        page: Page {
            host: "shop.example".to_owned(),
            path: format!("/product/{}", id % 500),
            ..Page::default()
        },
        referrer: Some("www.google.com/".to_owned()),
        title: Some("A product of the shop".to_owned()),
        ..Event::default()
    }))
}
