//! What waits to be delivered: bounded in number and size, retried with backoff and jitter, the same id each time.

mod entry;

use protocol::limit;

use crate::text::{END, Text};
use entry::{ENTRIES, UNITS};

pub(crate) use entry::{Entry, Kind};

/// UTF-16 units of one request; most have as many bytes, and so may outlive their page.
const BATCH: usize = 60 * 1024;
/// A request without an answer for this long has failed.
pub(crate) const ANSWER_MS: f64 = 30.0 * 1000.0;
const BACKOFF_MS: f64 = 1000.0;
const BACKOFF_MAX_MS: f64 = 5.0 * 60.0 * 1000.0;
/// No server holds a browser back for longer than this.
const RETRY_AFTER_MAX_MS: f64 = 60.0 * 60.0 * 1000.0;

/// One request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Batch {
    /// Its number, by which the answer finds it.
    pub(crate) number: i32,
    /// Whether it goes to the endpoint of identify.
    pub(crate) is_identify: bool,
    pub(crate) body: Text,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Answer {
    /// 0 for no answer, or none that could be read.
    pub(crate) status: i32,
    /// What `Retry-After` asks for; 0 where it asks for nothing.
    pub(crate) retry_after_seconds: f64,
}

impl Answer {
    pub(crate) const LOST: Self = Self { status: 0, retry_after_seconds: 0.0 };

    /// Whether asking again can help. What the server refuses as faulty is not sent again.
    pub(crate) fn is_retryable(self) -> bool {
        matches!(self.status, 0 | 408 | 429 | 500..)
    }

    pub(crate) fn is_success(self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// The entries, and when they may go.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: Vec<Entry>,
    /// Ids that storage still holds, though they wait no longer.
    done: Vec<Text>,
    number: i32,
    /// The request that is waited for, 0 where there is none, and when it will have failed.
    awaited: i32,
    deadline_ms: f64,
    /// How long the last failure made it wait, before jitter; 0 after a success.
    backoff_ms: f64,
    /// Nothing goes before this, because the server asked so.
    held_until_ms: f64,
    /// Nothing goes by itself before this, because the last attempt failed.
    retry_at_ms: f64,
}

impl Queue {
    /// Takes over the time before which, as an earlier page was told, nothing may go.
    pub(crate) fn hold(&mut self, until: Text, now_ms: f64) {
        // A clock that was set back must not hold the queue for ever.
        self.held_until_ms = until.number().min(now_ms + RETRY_AFTER_MAX_MS);
    }

    /// Takes over an entry that earlier pages left, under its id.
    pub(crate) fn restore(&mut self, id: Text, stored: Text, now_ms: f64) {
        let entry = Entry::restored(id, stored);
        if entry.is_stale(now_ms) {
            self.done.push(entry.id);
            return;
        }
        // Storage gives them in no order.
        let later = self.entries.iter().position(|other| other.stamp > entry.stamp);
        self.entries.insert(later.unwrap_or(self.entries.len()), entry);
        self.bound();
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        if entry.json.length() < limit::BODY_BYTES / 2 {
            self.entries.push(entry);
            self.bound();
        }
    }

    /// Drops the oldest, purchases last, until the limits hold.
    #[inline(never)]
    fn bound(&mut self) {
        let mut units: usize = self.entries.iter().map(|entry| entry.json.length()).sum();
        while self.entries.len() > ENTRIES || units > UNITS {
            let place = self.entries.iter().position(|entry| !entry.is(Kind::Purchase)).unwrap_or(0);
            units -= self.drop(place);
        }
    }

    /// Drops an entry, and answers how long its JSON was.
    #[inline(never)]
    fn drop(&mut self, place: usize) -> usize {
        let entry = self.entries.remove(place);
        if entry.is_stored {
            self.done.push(entry.id);
        }
        entry.json.length()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self { number: self.number + 1, ..Self::default() };
    }

    /// The next request, where one may go now; one at a time, so that what happens meanwhile goes together.
    pub(crate) fn next(&mut self, now_ms: f64) -> Option<Batch> {
        if self.awaited != 0 || self.patience(now_ms) > 0.0 {
            return None;
        }
        let batch = self.take(now_ms)?;
        self.awaited = batch.number;
        self.deadline_ms = now_ms + ANSWER_MS;
        Some(batch)
    }

    /// A request for the browser to deliver after the page; its entries stay until they are answered for, but
    /// for those that are not worth it. `None` when all is on its way.
    pub(crate) fn next_parting(&mut self, now_ms: f64) -> Option<Batch> {
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

    /// Takes an answer in, and answers after how many milliseconds to look again, 0 where there is no need to.
    pub(crate) fn answer(&mut self, number: i32, answer: Answer, now_ms: f64, random: u8) -> f64 {
        if number == 0 || number != self.awaited {
            return 0.0;
        }
        self.awaited = 0;
        if !answer.is_retryable() {
            self.backoff_ms = 0.0;
            self.retry_at_ms = 0.0;
            self.drop_batch(number, false);
            return 0.0;
        }
        self.resume();
        self.backoff_ms = (self.backoff_ms * 2.0).clamp(BACKOFF_MS, BACKOFF_MAX_MS);
        // Half of it is jitter, so that a shop's visitors do not all come back at once. Whole, as timers and clocks are:
        // a timer that ends a fraction too early would find that nothing may go yet, and nobody would look again.
        let wait_ms = (self.backoff_ms * (255.0 + f64::from(random)) / 510.0).floor();
        self.retry_at_ms = now_ms + wait_ms;
        if answer.retry_after_seconds > 0.0 {
            let asked_ms = (answer.retry_after_seconds * 1000.0).min(RETRY_AFTER_MAX_MS);
            self.held_until_ms = now_ms + asked_ms + (wait_ms / 2.0).floor();
        }
        self.patience(now_ms)
    }

    /// The request that has had no answer for too long and so has failed; 0 where there is none.
    pub(crate) fn overdue(&self, now_ms: f64) -> i32 {
        if now_ms < self.deadline_ms { 0 } else { self.awaited }
    }

    /// How long it is until the next request may go; not positive where it may go now.
    pub(crate) fn patience(&self, now_ms: f64) -> f64 {
        self.held_until_ms.max(self.retry_at_ms) - now_ms
    }

    /// The network is back: what failed for want of it need not wait longer.
    pub(crate) fn hasten(&mut self) {
        self.retry_at_ms = 0.0;
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The time after which a server that asked an earlier page for patience may be asked again; not positive
    /// where it may be asked now.
    pub(crate) fn held(&self, now_ms: f64) -> f64 {
        self.held_until_ms - now_ms
    }

    /// Whether storage holds what waits no longer.
    pub(crate) fn is_behind(&self) -> bool {
        !self.done.is_empty()
    }

    /// Tells what storage does not know yet: ids with what is stored, which is empty for an entry that waits no
    /// longer.
    ///
    /// Each entry has a place of its own there, so that tabs and pages that part never overwrite what others keep.
    pub(crate) fn changes(&mut self, mut change: impl FnMut(Text, Text)) {
        while let Some(id) = self.done.pop() {
            change(id, Text::default());
        }
        for entry in &mut self.entries {
            if !entry.is_stored {
                entry.is_stored = true;
                change(entry.id, entry.stored());
            }
        }
    }

    /// Lets the texts of what waits outlive the next sweep.
    pub(crate) fn keep_texts(&mut self) {
        for entry in &mut self.entries {
            entry.id.keep();
            entry.json.keep();
        }
        for id in &mut self.done {
            id.keep();
        }
    }

    /// Until when nothing may go, for the next page.
    pub(crate) fn held_until(&self) -> Text {
        Text::default().with_number(c"", self.held_until_ms)
    }

    /// Forgets the entries of a request that is answered for, or those of one that are not worth an answer.
    #[inline(never)]
    fn drop_batch(&mut self, number: i32, is_parting: bool) {
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
    fn take(&mut self, now_ms: f64) -> Option<Batch> {
        let is_identify = self.entries.iter().find(|entry| entry.batch == 0)?.is(Kind::Identify);
        self.number += 1;
        let most = if is_identify { 1 } else { limit::EVENTS };
        let mut body = Text::default();
        let mut count = 0;
        for entry in &mut self.entries {
            if entry.batch != 0 || entry.is(Kind::Identify) != is_identify || count == most {
                continue;
            }
            if count > 0 && body.length() + entry.json.length() > BATCH {
                break;
            }
            let opening = if count > 0 { c",{\"sent_at\":" } else { c"{\"sent_at\":" };
            body = body.with_number(opening, now_ms).with(c",", entry.json.slice(1, END));
            entry.batch = self.number;
            count += 1;
        }
        if count > 1 {
            body = Text::of(c"[").with(c"", body).with(c"]", Text::default());
        }
        Some(Batch { number: self.number, is_identify, body })
    }
}

#[cfg(test)]
mod tests;
