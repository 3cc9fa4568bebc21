//! Jobs: a table of periodic work, and the one task that does it.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::app::App;
use crate::connections::{checkup, history};
use crate::rates::refresh;

/// The longest wait before the first run of a job, so that a server that has just started answers first.
const FIRST_WITHIN: Duration = Duration::from_secs(20);
/// A run comes later than its time by up to this part of it: servers started together do not call together for ever.
const JITTER_PARTS: u32 = 10;

/// What a run comes to; the error goes to the log and to the counters, and the next run tries again.
pub(crate) type JobResult = Result<(), Box<dyn Error + Send + Sync>>;

type Run = fn(Arc<App>) -> Pin<Box<dyn Future<Output = JobResult> + Send>>;

/// Work that is done again and again.
struct Job {
    /// Its word in the log and in the counters.
    name: &'static str,
    /// The time from the end of a run to the next.
    every: Duration,
    /// One run, short: all jobs share one task, and work that is long does a part of itself each time.
    run: Run,
}

/// All periodic work.
const TABLE: &[Job] = &[
    Job { name: "history", every: Duration::from_secs(3), run: |app| Box::pin(history::run(app)) },
    Job { name: "webhooks", every: Duration::from_hours(1), run: |app| Box::pin(checkup::run(app)) },
    Job {
        name: "exchange_rates",
        every: Duration::from_mins(10),
        run: |app| Box::pin(async { Ok(refresh::run(app).await?) }),
    },
];

/// Starts the task that does the periodic work; abort it before the store is closed.
pub(crate) fn start(app: Arc<App>) -> JoinHandle<()> {
    tokio::spawn(work(app, TABLE, FIRST_WITHIN))
}

async fn work(app: Arc<App>, table: &'static [Job], first_within: Duration) {
    let now = Instant::now();
    let mut due: Vec<_> = table.iter().map(|job| (now + part_of(first_within), job)).collect();
    while let Some((at, job)) = due.iter_mut().min_by_key(|(at, _)| *at) {
        tokio::time::sleep_until(*at).await;
        run_once(&app, job).await;
        *at = Instant::now() + job.every + part_of(job.every / JITTER_PARTS);
    }
}

async fn run_once(app: &Arc<App>, job: &Job) {
    let result = (job.run)(app.clone()).await;
    app.counters.job(job.name, result.is_ok());
    if let Err(error) = result {
        tracing::warn!(job = job.name, %error, "a job failed; its next run tries again");
    }
}

/// A random part of a time; all of it where the system gives no randomness.
fn part_of(whole: Duration) -> Duration {
    let mut random = [0_u8; 4];
    match getrandom::fill(&mut random) {
        Ok(()) => whole.mul_f64(f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX)),
        Err(_) => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::ingest::Ingest;
    use crate::secrets::Vault;
    use crate::store::embedded::Embedded;

    const TRIED: &[Job] = &[
        Job { name: "quick", every: Duration::from_millis(1), run: |_| Box::pin(async { Ok(()) }) },
        Job {
            name: "failing",
            every: Duration::from_millis(1),
            run: |_| Box::pin(async { Err("it is out of order".into()) }),
        },
    ];

    #[tokio::test]
    async fn each_job_runs_again_and_again_and_one_that_fails_is_counted_and_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual(1_795_600_000_000);
        let store = Embedded::open(dir.path(), &clock).unwrap();
        let config = Config::new("127.0.0.1:8080".parse().unwrap(), dir.path().to_owned());
        let vault = Vault::of_keys([1; 32], [2; 32]);
        let app = App::new(config, clock, store, vault, Ingest::open(None, None).unwrap());
        let working = tokio::spawn(work(app.clone(), TRIED, Duration::ZERO));
        let runs = |of: &str| {
            let told = app.counters.render();
            let line = told.lines().find_map(|line| line.strip_prefix(of)?.trim().parse::<u64>().ok());
            line.unwrap_or(0)
        };
        let both = || {
            runs(r#"engagetrack_jobs_total{job="failing",outcome="failed"}"#) >= 3
                && runs(r#"engagetrack_jobs_total{job="quick",outcome="done"}"#) >= 3
        };
        let seen = async {
            while !both() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), seen).await.unwrap();
        working.abort();
    }
}
