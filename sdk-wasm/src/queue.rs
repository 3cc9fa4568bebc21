//! What waits to be delivered: bounded in number and bytes, retried with backoff and jitter, the same id each time.

mod entry;

use protocol::limit;

use crate::text::{halves, number, own, pieces, push_number};
use entry::{BYTES, ENTRIES};

pub(crate) use entry::{Entry, Kind};

/// Bytes of one request: browsers let 64 KiB outlive a page, all requests together.
pub(crate) const BATCH_BYTES: usize = 60 * 1024;
/// A request without an answer for this long has failed.
pub(crate) const ANSWER_MS: u64 = 30 * 1000;
const BACKOFF_MS: u64 = 1000;
const BACKOFF_MAX_MS: u64 = 5 * 60 * 1000;
/// No server holds a browser back for longer than this.
const RETRY_AFTER_MAX_MS: u64 = 60 * 60 * 1000;

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Batch {
    /// Its number, by which the answer finds it.
    pub(crate) number: u32,
    /// Whether it goes to the endpoint of identify.
    pub(crate) is_identify: bool,
    pub(crate) body: String,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No answer, or none that could be read.
    Lost,
    /// The status, and the seconds of `Retry-After`.
    Status(u32, u64),
}

impl Answer {
    /// Whether asking again can help. What the server refuses as faulty is not sent again.
    pub(crate) fn is_retryable(self) -> bool {
        match self {
            Self::Lost => true,
            Self::Status(status, _) => status == 408 || status == 429 || status >= 500,
        }
    }

    pub(crate) fn is_success(self) -> bool {
        matches!(self, Self::Status(200..=299, _))
    }
}

/// The entries, and when they may go.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: Vec<Entry>,
    /// Ids that storage still holds, though they wait no longer.
    done: Vec<String>,
    number: u32,
    /// The request that is waited for, 0 where there is none, and when it will have failed.
    awaited: u32,
    deadline_ms: u64,
    attempts: u32,
    /// Nothing goes before this, because the server asked so.
    held_until_ms: u64,
    /// Nothing goes by itself before this, because the last attempt failed.
    retry_at_ms: u64,
}

impl Queue {
    /// Takes over what earlier pages left: the time before which nothing may go, then a line for each entry.
    pub(crate) fn restore(&mut self, stored: &str, now_ms: u64) {
        let (held, lines) = halves(stored, b'\n');
        // A clock that was set back must not hold the queue for ever.
        self.held_until_ms = number(held).min(now_ms + RETRY_AFTER_MAX_MS);
        for line in pieces(lines, b'\n') {
            let Some(entry) = Entry::parse(line) else { continue };
            if entry.is_stale(now_ms) {
                self.done.push(own(entry.id()));
                continue;
            }
            // Storage gives them in no order.
            let later = self.entries.iter().position(|other| other.at_ms() > entry.at_ms());
            self.entries.insert(later.unwrap_or(self.entries.len()), entry);
            self.bound();
        }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        if entry.line.len() < limit::BODY_BYTES / 2 {
            self.entries.push(entry);
            self.bound();
        }
    }

    /// Drops the oldest, purchases last, until the limits hold.
    #[inline(never)]
    fn bound(&mut self) {
        let mut bytes: usize = self.entries.iter().map(|entry| entry.line.len()).sum();
        while self.entries.len() > ENTRIES || bytes > BYTES {
            let place = self.entries.iter().position(|entry| !entry.is(Kind::Purchase)).unwrap_or(0);
            bytes -= self.drop(place);
        }
    }

    /// Drops an entry, and answers how long its line was.
    #[inline(never)]
    fn drop(&mut self, place: usize) -> usize {
        let entry = self.entries.remove(place);
        if entry.is_stored {
            self.done.push(own(entry.id()));
        }
        entry.line.len()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self { number: self.number + 1, ..Self::default() };
    }

    /// The next request, where one may go now; one at a time, so that what happens meanwhile goes together.
    pub(crate) fn next(&mut self, now_ms: u64) -> Option<Batch> {
        if self.awaited != 0 || now_ms < self.held_until_ms.max(self.retry_at_ms) {
            return None;
        }
        let batch = self.take(now_ms)?;
        self.awaited = batch.number;
        self.deadline_ms = now_ms + ANSWER_MS;
        Some(batch)
    }

    /// A request for the browser to deliver after the page; its entries stay until they are answered for, but
    /// for those that are not worth it. `None` when all is on its way.
    pub(crate) fn next_parting(&mut self, now_ms: u64) -> Option<Batch> {
        if now_ms < self.held_until_ms {
            return None;
        }
        let batch = self.take(now_ms)?;
        self.drop_batch(batch.number, true);
        Some(batch)
    }

    /// The page lives on: what was parted with and never answered goes again.
    pub(crate) fn resume(&mut self) {
        for entry in &mut self.entries {
            if entry.batch != self.awaited {
                entry.batch = 0;
            }
        }
    }

    /// Takes an answer in. `Some` is the time after which to look again.
    pub(crate) fn answer(&mut self, number: u32, answer: Answer, now_ms: u64, random: u8) -> Option<u64> {
        if number == 0 || number != self.awaited {
            return None;
        }
        self.awaited = 0;
        if !answer.is_retryable() {
            self.attempts = 0;
            self.retry_at_ms = 0;
            self.drop_batch(number, false);
            return None;
        }
        self.resume();
        let backoff = (BACKOFF_MS << self.attempts.min(16)).min(BACKOFF_MAX_MS);
        self.attempts += 1;
        // Half of it is jitter, so that a shop's visitors do not all come back at once.
        let wait = backoff / 2 + backoff / 2 * u64::from(random) / 255;
        self.retry_at_ms = now_ms + wait;
        if let Answer::Status(_, seconds @ 1..) = answer {
            let asked = seconds.saturating_mul(1000).min(RETRY_AFTER_MAX_MS);
            self.held_until_ms = now_ms + asked + wait / 2;
        }
        Some(self.held_until_ms.max(self.retry_at_ms) - now_ms)
    }

    /// A request that has had no answer for too long has failed.
    pub(crate) fn overdue(&self, now_ms: u64) -> Option<u32> {
        (self.awaited != 0 && now_ms >= self.deadline_ms).then_some(self.awaited)
    }

    /// The network is back: what failed for want of it need not wait longer.
    pub(crate) fn hasten(&mut self) {
        self.retry_at_ms = 0;
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The time after which a server that asked an earlier page for patience may be asked again.
    pub(crate) fn held(&self, now_ms: u64) -> Option<u64> {
        (self.held_until_ms > now_ms).then(|| self.held_until_ms - now_ms)
    }

    /// Whether storage holds what waits no longer.
    pub(crate) fn is_behind(&self) -> bool {
        !self.done.is_empty()
    }

    /// What storage does not know yet: ids with their line, which is empty for an entry that waits no longer.
    ///
    /// Each entry has a place of its own there, so that tabs and pages that part never overwrite what others keep.
    pub(crate) fn changes(&mut self) -> Vec<(String, String)> {
        let mut changes = Vec::new();
        for id in std::mem::take(&mut self.done) {
            changes.push((id, String::new()));
        }
        for entry in &mut self.entries {
            if !entry.is_stored {
                entry.is_stored = true;
                changes.push((own(entry.id()), own(&entry.line)));
            }
        }
        changes
    }

    /// Until when nothing may go, for the next page.
    pub(crate) fn held_until(&self) -> String {
        let mut held = String::new();
        push_number(&mut held, self.held_until_ms);
        held
    }

    /// Forgets the entries of a request that is answered for, or those of one that are not worth an answer.
    #[inline(never)]
    fn drop_batch(&mut self, number: u32, is_parting: bool) {
        let mut place = 0;
        while let Some(entry) = self.entries.get(place) {
            if entry.batch == number && (!is_parting || entry.is(Kind::Engagement)) {
                self.drop(place);
            } else {
                place += 1;
            }
        }
    }

    #[inline(never)]
    fn take(&mut self, now_ms: u64) -> Option<Batch> {
        let is_identify = self.entries.iter().find(|entry| entry.batch == 0)?.is(Kind::Identify);
        self.number += 1;
        let most = if is_identify { 1 } else { limit::EVENTS };
        let mut body = own("[");
        let mut count = 0;
        for entry in &mut self.entries {
            if entry.batch != 0 || entry.is(Kind::Identify) != is_identify || count == most {
                continue;
            }
            let json = entry.json();
            if count > 0 {
                if body.len() + json.len() > BATCH_BYTES {
                    break;
                }
                body.push_str(",");
            }
            count += 1;
            body.push_str(json.strip_suffix('}').unwrap_or_default());
            entry.batch = self.number;
            body.push_str(",\"sent_at\":");
            push_number(&mut body, now_ms);
            body.push_str("}");
        }
        if count > 1 {
            body.push_str("]");
        } else {
            body = own(body.get(1..).unwrap_or_default());
        }
        Some(Batch { number: self.number, is_identify, body })
    }
}

#[cfg(test)]
mod tests;
