//! The ways out: a request with an answer, or a beacon that outlives the page.

use crate::browser::ways;
use crate::client::Target;
use crate::queue::Batch;
use crate::text::Text;

/// Bytes of a request that may outlive its page: browsers let 64 KiB do so, all requests together.
const KEEPALIVE_BYTES: i32 = 60 * 1024;

/// Sends a batch. Its answer comes back as an input; a beacon has none, and what it carried is kept until one comes.
pub(crate) fn send(target: Target, url: Text, batch: Batch) {
    match target {
        Target::Fetch => ways::post(url, batch.body, KEEPALIVE_BYTES, ways::ANSWERED, batch.number),
        // A refused beacon is like one that was lost: its events are stored.
        Target::Beacon => ways::beacon(url, batch.body),
    }
}
