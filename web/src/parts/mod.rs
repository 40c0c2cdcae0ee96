//! Parts of pages that know the domain: severities, times, traffic, JSON in colours.
mod json_code;
mod severity;
mod time;
mod tokens;
mod traffic;

pub use json_code::JsonCode;
pub use severity::{SeverityBadge, SeverityIcon, counted, glyph};
pub use time::{hours, local, moment, stamp, time, utc};
pub use tokens::{Token, tokens};
pub use traffic::{Flow, flows, grouped, protocol};
