//! Family 4: durations and times.

pub mod duration_too_long;
