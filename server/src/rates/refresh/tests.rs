//! When the bank is asked, for which file, and what comes of what it answers.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::clock::Clock;
use crate::config::Config;
use crate::ingest::Ingest;
use crate::rates::parse_day;
use crate::report::time::parse_moment;
use crate::secrets::Vault;
use crate::store::embedded::Embedded;

fn at(text: &str) -> Millis {
    parse_moment(text).unwrap()
}

#[test]
fn the_rates_of_a_working_day_are_out_at_four_in_frankfurt() {
    let check = |now: &str, day: &str| {
        assert_eq!(date(last_published(at(now))).to_string(), day, "{now}");
    };
    check("2026-11-25T14:59:00Z", "2026-11-24");
    check("2026-11-25T15:00:00Z", "2026-11-25");
    // In summer it is four there an hour earlier.
    check("2026-07-01T14:00:00Z", "2026-07-01");
    check("2026-11-28T20:00:00Z", "2026-11-27");
    check("2026-11-30T08:00:00Z", "2026-11-27");
}

#[test]
fn the_smallest_file_that_has_the_days_is_asked_for() {
    let day = |text| parse_day(text).unwrap();
    let wanted = day("2026-11-25");
    assert!(path(wanted, Some(day("2026-11-24"))).ends_with("daily.xml"));
    assert!(path(wanted, Some(day("2026-11-20"))).ends_with("hist-90d.xml"));
    assert!(path(wanted, Some(day("2026-08-01"))).ends_with("hist.zip"));
    assert!(path(wanted, None).ends_with("hist.zip"));
}

/// A bank that gives one answer to everything, and counts.
async fn bank(answer: Arc<Mutex<String>>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 2_048];
            let _read = stream.read(&mut request).await;
            let answer = answer.lock().unwrap().clone();
            let _written = stream.write_all(answer.as_bytes()).await;
        }
    });
    (origin, asked)
}

fn file(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn rates_of(day: &str) -> String {
    file(&format!("<E><Cube><Cube time='{day}'><Cube currency='USD' rate='1.2345'/></Cube></Cube></E>"))
}

struct Server {
    app: Arc<App>,
    clock: Clock,
    _dir: tempfile::TempDir,
}

fn server(origin: String, now: &str) -> Server {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::manual(at(now));
    let config = Config {
        rates_origin: origin,
        ..Config::new("127.0.0.1:8080".parse().unwrap(), dir.path().to_owned())
    };
    let store = Embedded::open(dir.path(), &clock).unwrap();
    let vault = Vault::of_keys([1; 32], [2; 32]);
    let app = App::new(config, clock.clone(), store, vault, Ingest::open(None, None).unwrap());
    Server { app, clock, _dir: dir }
}

#[tokio::test]
async fn what_is_published_is_fetched_once_and_kept() {
    let (origin, asked) = bank(Arc::new(Mutex::new(rates_of("2026-11-25")))).await;
    let server = server(origin, "2026-11-25T15:01:00Z");
    run(server.app.clone()).await.unwrap();
    run(server.app.clone()).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1, "nothing more is wanted that day");
    assert_eq!(server.app.store.rates().latest(), parse_day("2026-11-25"));
    assert_eq!(server.app.refresh.told().last_success_at.as_deref(), Some("2026-11-25T15:01:00.000Z"));
    server.clock.set_ms(at("2026-11-26T15:01:00Z"));
    assert!(matches!(run(server.app.clone()).await, Err(RefreshError::NotYet(_))));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_bank_that_fails_is_asked_again_after_a_growing_pause_and_stops_nothing() {
    let answer = Arc::new(Mutex::new("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()));
    let (origin, asked) = bank(answer.clone()).await;
    let server = server(origin, "2026-11-25T15:00:00Z");
    let mut asked_at = Vec::new();
    for minute in 0..100 {
        server.clock.set_ms(at("2026-11-25T15:00:00Z") + minute * 60_000);
        let before = asked.load(Ordering::SeqCst);
        let result = run(server.app.clone()).await;
        if asked.load(Ordering::SeqCst) > before {
            assert!(matches!(result, Err(RefreshError::Status(302))), "{result:?}");
            asked_at.push(minute);
        }
    }
    assert_eq!(asked_at, [0, 10, 30, 70]);
    let failure = server.app.refresh.told().last_failure.unwrap();
    assert!(failure.contains("302"), "{failure}");
    *answer.lock().unwrap() = rates_of("2026-11-25");
    server.clock.set_ms(at("2026-11-25T17:30:00Z"));
    run(server.app.clone()).await.unwrap();
    assert_eq!(server.app.store.rates().latest(), parse_day("2026-11-25"));
}

#[tokio::test]
async fn strangers_answers_are_refused_and_bounded() {
    let endless = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned() + &" ".repeat(FILE_BYTES + 1);
    for (answer, expected) in [
        (file("<html>maintenance</html>"), "none of the bank's files"),
        (endless, "MiB"),
        (rates_of("2026-11-20"), "no rates of 2026-11-25 yet"),
    ] {
        let (origin, _) = bank(Arc::new(Mutex::new(answer))).await;
        let server = server(origin, "2026-11-25T15:01:00Z");
        let error = run(server.app.clone()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn switched_off_nobody_is_asked() {
    let (origin, asked) = bank(Arc::new(Mutex::new(rates_of("2026-11-25")))).await;
    let mut server = server(origin, "2026-11-25T15:01:00Z");
    let app = Arc::get_mut(&mut server.app).unwrap();
    app.config.refresh_rates = false;
    run(server.app.clone()).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
