//! What the server tells about itself: a log without addresses, e-mails and secrets, and counters.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::EnvFilter;

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts the log, on standard error. `directives` are those of `RUST_LOG`, for example `engagetrack=debug`.
pub fn start(format: LogFormat, directives: &str) {
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as in a process that tests several commands, keeps the first log.
    let started = match format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
}

/// The fates of an event; every event that is received comes to exactly one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Durable and new.
    Accepted,
    /// Durable before, by its id.
    Duplicate,
    /// In order, but not counted: a bot, or excluded.
    Dropped,
    /// Refused with a fault.
    Refused,
    /// Refused by a rate limit.
    Limited,
    /// Could not be made durable.
    Unavailable,
}

impl Fate {
    const ALL: [Self; 6] =
        [Self::Accepted, Self::Duplicate, Self::Dropped, Self::Refused, Self::Limited, Self::Unavailable];

    fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Dropped => "dropped",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Counters {
    received: AtomicU64,
    fates: [AtomicU64; Fate::ALL.len()],
    webhooks: AtomicU64,
    refused_webhooks: AtomicU64,
    answers: [AtomicU64; 6],
    jobs: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
}

impl Counters {
    /// So many events were received.
    pub fn received(&self, events: usize) {
        self.received.fetch_add(events as u64, Ordering::Relaxed);
    }

    /// So many events came to that.
    pub fn came_to(&self, fate: Fate, events: usize) {
        if let Some(counter) = self.fates.get(fate as usize) {
            counter.fetch_add(events as u64, Ordering::Relaxed);
        }
    }

    /// A webhook was heard, or refused.
    pub fn webhook(&self, is_heard: bool) {
        let counter = if is_heard { &self.webhooks } else { &self.refused_webhooks };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// A request was answered with a status.
    pub fn answered(&self, status: u16) {
        if let Some(counter) = self.answers.get(usize::from(status / 100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A run of a job was done, or failed.
    pub fn job(&self, name: &'static str, is_done: bool) {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = jobs.entry((name, if is_done { "done" } else { "failed" })).or_default();
        *runs = runs.saturating_add(1);
    }

    /// All of them in Prometheus' text format.
    pub fn render(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, help: &str, rows: &[(String, u64)]| {
            let mut lines = format!("# HELP {name} {help}\n# TYPE {name} counter\n");
            for (labels, count) in rows {
                let written = writeln!(lines, "{name}{labels} {count}");
                debug_assert!(written.is_ok(), "a string takes what is written to it");
            }
            text.push_str(&lines);
        };
        family(
            "engagetrack_events_received_total",
            "Events received.",
            &[(String::new(), of(&self.received))],
        );
        let fates: Vec<_> = Fate::ALL
            .iter()
            .zip(&self.fates)
            .map(|(fate, count)| (label("outcome", fate.name()), of(count)))
            .collect();
        family("engagetrack_events_total", "Events by what they came to.", &fates);
        family(
            "engagetrack_webhooks_total",
            "Webhooks by whether their signature held.",
            &[
                (label("outcome", "heard"), of(&self.webhooks)),
                (label("outcome", "refused"), of(&self.refused_webhooks)),
            ],
        );
        let classes = ["2xx", "3xx", "4xx", "5xx"];
        let answers: Vec<_> = classes
            .iter()
            .zip(self.answers.iter().skip(2))
            .map(|(class, count)| (label("status", class), of(count)))
            .collect();
        family("engagetrack_http_requests_total", "Requests by the class of their answer.", &answers);
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs: Vec<_> = jobs
            .iter()
            .map(|((name, outcome), runs)| (format!("{{job=\"{name}\",outcome=\"{outcome}\"}}"), *runs))
            .collect();
        family("engagetrack_jobs_total", "Runs of periodic work by what they came to.", &jobs);
        text
    }
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{value}\"}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_told_by_name() {
        let counters = Counters::default();
        counters.received(3);
        counters.came_to(Fate::Accepted, 2);
        counters.came_to(Fate::Dropped, 1);
        counters.answered(202);
        let text = counters.render();
        assert!(text.contains("engagetrack_events_received_total 3\n"), "{text}");
        assert!(text.contains("engagetrack_events_total{outcome=\"accepted\"} 2\n"), "{text}");
        assert!(text.contains("engagetrack_events_total{outcome=\"dropped\"} 1\n"), "{text}");
        assert!(text.contains("engagetrack_http_requests_total{status=\"2xx\"} 1\n"), "{text}");
    }
}
