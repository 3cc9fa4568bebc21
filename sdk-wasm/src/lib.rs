//! `window.engagetrack`: the browser SDK.
//!
//! ```text
//! page ─► js/ (guards each call) ─► surface ─► client: Input → Vec<Effect> ─► browser, transport ─► server
//! ```

// The unit tests run on the host, where there is no page: there the machine meets one of their own.
#[cfg(not(test))]
mod browser;
mod campaign;
mod client;
mod config;
mod consent;
mod constant;
mod engagement;
mod identity;
mod links;
mod members;
mod pageview;
mod queue;
#[cfg(not(test))]
mod surface;
mod text;
#[cfg(not(test))]
mod transport;

#[cfg(not(test))]
pub use browser::ways;
#[cfg(not(test))]
pub use surface::{ask, enter};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
