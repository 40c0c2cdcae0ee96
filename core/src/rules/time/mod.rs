//! Family 4: durations and times.

pub mod calendar_duration;
pub mod duration_in_days;
pub mod duration_spelling;
pub mod duration_too_long;
pub mod duration_too_short;
pub(crate) mod guess;
pub mod impossible_time;
pub mod invalid_duration;
pub mod invalid_time;
pub mod long_window;
pub mod negative_duration;
pub(crate) mod spelling;
pub mod time_offset;
pub mod time_spelling;
pub mod time_too_fine;
pub mod time_without_zone;
