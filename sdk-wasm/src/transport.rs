//! The ways out: a request with an answer, or a beacon that outlives the page.

use wasm_bindgen::JsCast;
use web_sys::Navigator;

use crate::browser::{ignore, page, ways};
use crate::client::Target;
use crate::queue::{BATCH_BYTES, Batch};
use crate::with;

/// Sends a batch. Its answer comes back as an input; a beacon has none, and what it carried is kept until one comes.
pub(crate) fn send(target: Target, batch: &Batch) {
    let Some(url) = with(|client| client.config.url(batch.is_identify)) else { return };
    match target {
        // More than browsers let outlive a page goes as an ordinary request.
        Target::Fetch => {
            let keepalive = batch.body.len() <= BATCH_BYTES;
            ways::post(&url, &batch.body, keepalive, ways::ANSWERED, batch.number);
        }
        // A refused beacon is like one that was lost: its events are stored.
        Target::Beacon => {
            let navigator: Navigator = page("navigator").unchecked_into();
            ignore(navigator.send_beacon_with_opt_str(&url, Some(&batch.body)));
        }
    }
}
