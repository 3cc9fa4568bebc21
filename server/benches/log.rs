//! The bare log: how many events a second it makes durable in commits of 64, with nothing around it.
#![expect(
    clippy::expect_used,
    clippy::cast_possible_wrap,
    reason = "a benchmark that cannot go on stops there"
)]

use std::time::{Duration, Instant};

use engagetrack::record::{Client, Event, Page, Record};
use engagetrack::store::log::Log;

const COMMIT: usize = 64;
const RUN: Duration = Duration::from_secs(3);

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn main() {
    let folder = std::env::var_os("ENGAGETRACK_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = folder.join(format!("log-{}", std::process::id()));
    let mut log = Log::open(&folder).expect("the folder can be written");
    let begun = Instant::now();
    let mut events = 0_usize;
    while begun.elapsed() < RUN {
        let records: Vec<Record> = (events..events + COMMIT).map(record).collect();
        log.append(&records).expect("the disk takes it");
        events += COMMIT;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let bytes = engagetrack::store::log::bytes_on_disk(&folder).expect("the folder can be read");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let rate = events as f64 / seconds;
    println!(
        "a bare log in commits of {COMMIT}: {rate:.0} events/s, {} bytes an event",
        bytes / events as u64
    );
}

fn record(id: usize) -> Record {
    let session = id / 5;
    Record::Event(Box::new(Event {
        site: 1,
        event_id: format!("0b7c1e1a-7d1e-4c55-8d9d-{id:012}"),
        has_own_id: true,
        at_ms: 1_795_600_000_000 + id as i64,
        received_ms: 1_795_600_000_000 + id as i64,
        visitor: Some(format!("8f14e45f-ceea-467f-a0e6-{:012}", session % 20_000)),
        session: Some(format!("c9f0f895-fb98-4ab9-9f5e-{session:012}")),
        page: Page {
            host: "shop.example".to_owned(),
            path: format!("/product/{}", id % 500),
            ..Page::default()
        },
        referrer: Some("www.google.com/".to_owned()),
        title: Some("A product of the shop".to_owned()),
        screen: Some((1920, 1080)),
        client: Client {
            country: Some("DE".to_owned()),
            device: Some("desktop".to_owned()),
            browser: Some("Chrome".to_owned()),
            os: Some("Linux".to_owned()),
        },
        ..Event::default()
    }))
}
