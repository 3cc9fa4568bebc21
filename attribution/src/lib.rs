//! Which traffic source brought this money: sources, channels, journeys, exact money and attribution models.
#![cfg_attr(
    not(test),
    warn(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)
)]

pub mod channel;
pub mod evidence;
pub mod journey;
pub mod model;
pub mod money;
pub mod source;
pub mod touch;
