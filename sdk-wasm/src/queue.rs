//! What waits to be delivered: bounded in number and bytes, retried with backoff and jitter, the same id each time.

use protocol::limit;

use crate::text;

/// Events that wait, in memory or in storage.
pub(crate) const ENTRIES: usize = 200;
/// Bytes that wait.
pub(crate) const BYTES: usize = 256 * 1024;
/// Bytes of one request: browsers let 64 KiB outlive a page, all requests together.
pub(crate) const BATCH_BYTES: usize = 60 * 1024;
/// The server remembers an event's id for seven days; a later retry could count twice, but for purchases.
const AGE_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// A request without an answer for this long has failed.
pub(crate) const ANSWER_MS: u64 = 30 * 1000;
const BACKOFF_MS: u64 = 1000;
const BACKOFF_MAX_MS: u64 = 5 * 60 * 1000;
/// No server holds a browser back for longer than this.
const RETRY_AFTER_MAX_MS: u64 = 60 * 60 * 1000;

/// What an entry is, which decides where it goes and what may be dropped first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Event,
    Purchase,
    Identify,
    /// Time on a page: not worth a second delivery once the browser has taken it over.
    Engagement,
}

impl Kind {
    fn letter(self) -> char {
        match self {
            Self::Event => 'e',
            Self::Purchase => 'p',
            Self::Identify => 'i',
            Self::Engagement => 't',
        }
    }

    fn parse(letter: &str) -> Option<Self> {
        [Self::Event, Self::Purchase, Self::Identify, Self::Engagement]
            .into_iter()
            .find(|kind| letter.starts_with(kind.letter()))
    }
}

/// A message as it will be sent, but for its time of sending.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) at_ms: u64,
    pub(crate) id: String,
    pub(crate) json: String,
    /// The number of the request that carries it; 0 while it waits.
    pub(crate) batch: u32,
    /// Whether storage holds it.
    pub(crate) is_stored: bool,
}

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Batch {
    /// Its number, by which the answer finds it.
    pub(crate) number: u32,
    pub(crate) is_identify: bool,
    pub(crate) body: String,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No answer, or none that could be read.
    Lost,
    /// The status, and the seconds of `Retry-After`.
    Status(u16, u64),
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
    /// The request that is waited for: its number, and when it will have failed.
    awaited: Option<(u32, u64)>,
    attempts: u32,
    /// Nothing goes before this, because the server asked so.
    held_until_ms: u64,
    /// Nothing goes by itself before this, because the last attempt failed.
    retry_at_ms: u64,
}

impl Queue {
    /// Takes over what earlier pages left: the time before which nothing may go, then a line for each entry.
    pub(crate) fn restore(&mut self, stored: &str, now_ms: u64) {
        let (held, lines) = stored.split_once('\n').unwrap_or_default();
        // A clock that was set back must not hold the queue for ever.
        self.held_until_ms = text::number(held).min(now_ms + RETRY_AFTER_MAX_MS);
        for entry in lines.split('\n').filter_map(parse) {
            if is_stale(&entry, now_ms) {
                self.done.push(entry.id);
                continue;
            }
            // Storage gives them in no order.
            let later = self.entries.iter().position(|other| other.at_ms > entry.at_ms);
            self.entries.insert(later.unwrap_or(self.entries.len()), entry);
            self.bound();
        }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        if entry.json.len() < limit::BODY_BYTES / 2 {
            self.entries.push(entry);
            self.bound();
        }
    }

    /// Drops the oldest, purchases last, until the limits hold.
    fn bound(&mut self) {
        let mut bytes: usize = self.entries.iter().map(|entry| entry.json.len()).sum();
        while self.entries.len() > ENTRIES || bytes > BYTES {
            let place = self.entries.iter().position(|entry| entry.kind != Kind::Purchase).unwrap_or(0);
            let entry = self.entries.remove(place);
            bytes -= entry.json.len();
            self.done.extend(entry.is_stored.then_some(entry.id));
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self { number: self.number + 1, ..Self::default() };
    }

    /// The next request, where one may go now; one at a time, so that what happens meanwhile goes together.
    pub(crate) fn next(&mut self, now_ms: u64) -> Option<Batch> {
        if self.awaited.is_some() || now_ms < self.held_until_ms.max(self.retry_at_ms) {
            return None;
        }
        let batch = self.take(now_ms)?;
        self.awaited = Some((batch.number, now_ms + ANSWER_MS));
        Some(batch)
    }

    /// A request for the browser to deliver after the page; its entries stay until they are answered for, but
    /// for those that are not worth it. `None` when all is on its way.
    pub(crate) fn next_parting(&mut self, now_ms: u64) -> Option<Batch> {
        if now_ms < self.held_until_ms {
            return None;
        }
        let batch = self.take(now_ms)?;
        self.drop(|entry| entry.batch == batch.number && entry.kind == Kind::Engagement);
        Some(batch)
    }

    /// The page lives on: what was parted with and never answered goes again.
    pub(crate) fn resume(&mut self) {
        let awaited = self.awaited.map_or(0, |(number, _)| number);
        for entry in self.entries.iter_mut().filter(|entry| entry.batch != awaited) {
            entry.batch = 0;
        }
    }

    /// Takes an answer in. `Some` is the time after which to look again.
    pub(crate) fn answer(&mut self, number: u32, answer: Answer, now_ms: u64, random: u8) -> Option<u64> {
        self.awaited.take_if(|(awaited, _)| *awaited == number)?;
        if !answer.is_retryable() {
            self.attempts = 0;
            self.retry_at_ms = 0;
            self.drop(|entry| entry.batch == number);
            return None;
        }
        self.resume();
        let backoff = (BACKOFF_MS << self.attempts.min(16)).min(BACKOFF_MAX_MS);
        self.attempts += 1;
        // Half of it is jitter, so that a shop's visitors do not all come back at once.
        let wait = backoff / 2 + backoff / 2 * u64::from(random) / 255;
        self.retry_at_ms = now_ms + wait;
        let asked = match answer {
            Answer::Lost => 0,
            Answer::Status(_, seconds) => (seconds.saturating_mul(1000)).min(RETRY_AFTER_MAX_MS),
        };
        if asked > 0 {
            self.held_until_ms = now_ms + asked + wait / 2;
        }
        Some(self.held_until_ms.max(self.retry_at_ms) - now_ms)
    }

    /// The time after which a server that asked an earlier page for patience may be asked again.
    pub(crate) fn held(&self, now_ms: u64) -> Option<u64> {
        self.held_until_ms.checked_sub(now_ms).filter(|wait_ms| *wait_ms > 0)
    }

    /// A request that has had no answer for too long has failed.
    pub(crate) fn overdue(&self, now_ms: u64) -> Option<u32> {
        self.awaited.filter(|(_, deadline)| now_ms >= *deadline).map(|(number, _)| number)
    }

    /// The network is back: what failed for want of it need not wait longer.
    pub(crate) fn hasten(&mut self) {
        self.retry_at_ms = 0;
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether storage holds what waits no longer.
    pub(crate) fn is_behind(&self) -> bool {
        !self.done.is_empty()
    }

    /// What storage does not know yet: ids with their line, which is empty for an entry that waits no longer.
    ///
    /// Each entry has a place of its own there, so that tabs and pages that part never overwrite what others keep.
    pub(crate) fn changes(&mut self) -> Vec<(String, String)> {
        let mut changes: Vec<_> = self.done.drain(..).map(|id| (id, String::new())).collect();
        for entry in self.entries.iter_mut().filter(|entry| !entry.is_stored) {
            entry.is_stored = true;
            changes.push((entry.id.clone(), entry.line()));
        }
        changes
    }

    /// Until when nothing may go, for the next page.
    pub(crate) fn held_until(&self) -> String {
        let mut held = String::new();
        text::push_number(&mut held, self.held_until_ms);
        held
    }

    fn drop(&mut self, is_over: impl Fn(&Entry) -> bool) {
        let done = &mut self.done;
        self.entries.retain(|entry| {
            let is_over = is_over(entry);
            done.extend((is_over && entry.is_stored).then(|| entry.id.clone()));
            !is_over
        });
    }

    fn take(&mut self, now_ms: u64) -> Option<Batch> {
        let is_identify = self.entries.iter().find(|entry| entry.batch == 0)?.kind == Kind::Identify;
        self.number += 1;
        let most = if is_identify { 1 } else { limit::EVENTS };
        let mut body = String::new();
        let mut count = 0;
        for entry in &mut self.entries {
            let is_same = (entry.kind == Kind::Identify) == is_identify;
            if entry.batch != 0 || !is_same || count == most {
                continue;
            }
            if count > 0 && body.len() + entry.json.len() > BATCH_BYTES {
                break;
            }
            if count > 0 {
                body.push(',');
            }
            count += 1;
            entry.batch = self.number;
            body.push_str(entry.json.strip_suffix('}').unwrap_or(&entry.json));
            body.push_str(",\"sent_at\":");
            text::push_number(&mut body, now_ms);
            body.push('}');
        }
        if count > 1 {
            body.insert(0, '[');
            body.push(']');
        }
        Some(Batch { number: self.number, is_identify, body })
    }
}

fn is_stale(entry: &Entry, now_ms: u64) -> bool {
    entry.kind != Kind::Purchase && now_ms.saturating_sub(entry.at_ms) > AGE_MS
}

impl Entry {
    /// The entry as it is stored.
    fn line(&self) -> String {
        let mut line = String::from(self.kind.letter());
        text::push_number(&mut line, self.at_ms);
        for part in ["\t", &self.id, "\t", &self.json] {
            line.push_str(part);
        }
        line
    }
}

fn parse(line: &str) -> Option<Entry> {
    let mut fields = line.splitn(3, '\t');
    let head = fields.next()?;
    let id = fields.next()?.to_owned();
    let json = fields.next().filter(|json| json.starts_with('{') && json.ends_with('}'))?.to_owned();
    let kind = Kind::parse(head)?;
    Some(Entry { kind, at_ms: text::number(head.get(1..)?), id, json, batch: 0, is_stored: true })
}

#[cfg(test)]
mod tests;
