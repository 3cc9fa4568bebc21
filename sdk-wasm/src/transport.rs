//! The ways out: a request with an answer, or a beacon that outlives the page.

use crate::browser::ways;
use crate::client::Target;
use crate::queue::Batch;
use crate::text::Text;

/// Sends a batch. Its answer comes back as an input; a beacon has none, and what it carried is kept until one comes.
pub(crate) fn send(target: Target, url: Text, batch: Batch) {
    let (url, body) = (url.value(), batch.body.value());
    match target {
        Target::Fetch => ways::post(url, body, ways::ANSWERED, batch.number),
        // A refused beacon is like one that was lost: its events are stored.
        Target::Beacon => ways::beacon(url, body),
    }
}
