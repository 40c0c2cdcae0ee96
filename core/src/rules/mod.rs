//! The rules: each in a file of its own with its page beside it, all in one table (`table.rs`).
//!
//! [`check`] reads a document, shows every part of it to every rule, and puts what they find in order.

mod context;
pub mod document;
pub mod edit;
mod finding;
pub mod machines;
pub mod meta;
pub mod network;
pub mod ports;
pub mod requests;
mod rule;
mod run;
pub mod sources;
mod table;
pub mod time;
mod validated;
pub mod words;

pub use context::{Context, MOST_FINDINGS};
pub(crate) use document::invalid_json::slip_message;
pub use finding::{Anchor, EditDraft, Finding, FixDraft, Words};
pub use meta::{Family, Meta};
pub use rule::{Rule, Side};
pub use run::check;
pub(crate) use run::{
    Checked, check_among, check_body, check_document, check_network, decode_and_scan, is_against, scan_body,
};
pub use table::Code;
pub use validated::Validated;
