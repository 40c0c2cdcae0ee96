//! Parts of pages that know the domain: severities, codes, JSON in colours.
mod json_code;
mod severity;
mod tokens;

pub use json_code::JsonCode;
pub use severity::{SeverityBadge, SeverityIcon, counted, glyph};
pub use tokens::{Token, tokens};
