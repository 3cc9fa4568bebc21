//! The one writer: it drains the queue, decides, appends one frame, applies it and answers, in that order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::Shared;
use super::apply::Batch;
use super::ids::SeenIds;
use crate::clock::{Clock, DAY_MS, Millis};
use crate::record::Record;
use crate::store::log::Log;
use crate::store::{Committed, Outcome, Unavailable};

/// Batches that wait at most; a sender beyond is told to try again.
const QUEUED_BATCHES: usize = 8_192;
/// Records that wait at most: with 256 KiB a body of 50, some 160 MiB.
const QUEUED_RECORDS: usize = 32_768;
/// Records of one frame at most: small enough that nobody waits long for his neighbours.
const FRAME_RECORDS: usize = 2_048;

struct Submission {
    records: Vec<Record>,
    reply: oneshot::Sender<Vec<Outcome>>,
}

/// The senders' end of the queue.
pub(super) struct Queue {
    sender: Mutex<Option<mpsc::Sender<Submission>>>,
    records: Arc<AtomicUsize>,
}

impl Queue {
    /// Queues a batch. A dropped reply channel means that nothing is known of it: never a success.
    pub(super) fn submit(&self, records: Vec<Record>) -> Committed {
        let (reply, outcomes) = oneshot::channel();
        let count = records.len();
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let queued = match sender {
            None => Err(Unavailable::Stopped),
            Some(_) if self.records.load(Ordering::Relaxed).saturating_add(count) > QUEUED_RECORDS => {
                Err(Unavailable::Full)
            }
            Some(sender) => {
                self.records.fetch_add(count, Ordering::Relaxed);
                sender.try_send(Submission { records, reply }).map_err(|error| {
                    self.records.fetch_sub(count, Ordering::Relaxed);
                    match error {
                        mpsc::error::TrySendError::Full(_) => Unavailable::Full,
                        mpsc::error::TrySendError::Closed(_) => Unavailable::Stopped,
                    }
                })
            }
        };
        Box::pin(async move {
            queued?;
            outcomes.await.map_err(|_| Unavailable::Stopped)
        })
    }

    /// Refuses later batches; the writer ends once it has answered the queued ones.
    pub(super) fn close(&self) {
        drop(self.sender.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

/// The writer, before it runs.
pub(super) struct Writer {
    log: Log,
    shared: Arc<Shared>,
    seen: SeenIds,
    clock: Clock,
    receiver: mpsc::Receiver<Submission>,
    queued_records: Arc<AtomicUsize>,
    forgotten_on: Millis,
}

impl Writer {
    /// A writer and the queue that feeds it.
    pub(super) fn new(log: Log, shared: Arc<Shared>, seen: SeenIds, clock: Clock) -> (Queue, Self) {
        let (sender, receiver) = mpsc::channel(QUEUED_BATCHES);
        let queued_records = Arc::new(AtomicUsize::new(0));
        let queue = Queue { sender: Mutex::new(Some(sender)), records: queued_records.clone() };
        (queue, Self { log, shared, seen, clock, receiver, queued_records, forgotten_on: 0 })
    }

    /// Writes until the queue is closed, or until the disk refuses: then nobody is answered any more.
    pub(super) fn run(mut self) {
        while let Some(first) = self.receiver.blocking_recv() {
            let submissions = self.drain(first);
            let records: usize = submissions.iter().map(|submission| submission.records.len()).sum();
            let result = self.write(submissions);
            self.queued_records.fetch_sub(records, Ordering::Relaxed);
            if let Err(reason) = result {
                tracing::error!(%reason, "the store stops: what is on the disk is not known any more");
                self.shared.failure.send_replace(Some(reason));
                return;
            }
        }
    }

    fn drain(&mut self, first: Submission) -> Vec<Submission> {
        let mut records = first.records.len();
        let mut submissions = vec![first];
        while records < FRAME_RECORDS
            && let Ok(next) = self.receiver.try_recv()
        {
            records = records.saturating_add(next.records.len());
            submissions.push(next);
        }
        submissions
    }

    /// Decides, appends, applies and answers.
    fn write(&mut self, submissions: Vec<Submission>) -> Result<(), String> {
        self.forget_daily();
        let view = self.shared.state.view();
        let memory = self.shared.memory.load_full();
        let mut batch = Batch::new(&view, (*memory).clone(), &self.seen);
        let mut logged = Vec::new();
        let mut replies = Vec::with_capacity(submissions.len());
        for submission in submissions {
            let mut outcomes = Vec::with_capacity(submission.records.len());
            for record in submission.records {
                let (outcome, record) = batch.take(record).map_err(|error| error.to_string())?;
                outcomes.push(outcome);
                logged.extend(record);
            }
            replies.push((submission.reply, outcomes));
        }
        if !logged.is_empty() {
            let applied = batch.finish();
            drop(view);
            let changes_memory = logged
                .iter()
                .any(|record| matches!(record, Record::Put { .. } | Record::Remove(_) | Record::Rates(_)));
            let sequence = self.log.append(&logged).map_err(|error| error.to_string())?;
            for new in applied.new_ids {
                self.seen.insert(new.site, &new.id, new.received_ms);
            }
            self.shared.state.put(sequence, applied.changes).map_err(|error| error.to_string())?;
            if changes_memory {
                self.shared.memory.store(Arc::new(applied.memory));
            }
            self.shared.version.store(sequence, Ordering::Release);
        }
        for (reply, outcomes) in replies {
            // A sender that has gone away does not need its answer.
            drop(reply.send(outcomes));
        }
        Ok(())
    }

    fn forget_daily(&mut self) {
        let now_ms = self.clock.now_ms();
        let today = now_ms.div_euclid(DAY_MS);
        if today != self.forgotten_on {
            self.forgotten_on = today;
            self.seen.forget(now_ms);
        }
    }
}
