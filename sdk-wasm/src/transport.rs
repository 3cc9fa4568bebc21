//! The ways out: a request with an answer, or a beacon that outlives the page.

use crate::browser::{guards, ignore, window};
use crate::client::Target;
use crate::queue::{BATCH_BYTES, Batch};
use crate::with;

/// Sends a batch. Its answer comes back as an input; a beacon has none, and what it carried is kept until one comes.
pub(crate) fn send(target: Target, batch: &Batch) {
    let url = with(
        |client| if batch.is_identify { client.config.identify_url() } else { client.config.event_url() },
    );
    let Some(url) = url else { return };
    match target {
        // More than browsers let outlive a page goes as an ordinary request.
        Target::Fetch => {
            let keepalive = batch.body.len() <= BATCH_BYTES;
            guards::post(&url, &batch.body, keepalive, guards::ANSWERED, batch.number);
        }
        // A refused beacon is like one that was lost: its events are stored.
        Target::Beacon => ignore(window().navigator().send_beacon_with_opt_str(&url, Some(&batch.body))),
    }
}
