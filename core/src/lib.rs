//! Reads just-in-time VM access policies and requests, says everything that is wrong with them,
//! and decides requests.
//!
//! No I/O, no clock, no randomness: bytes and the time come in, reports and decisions go out, and
//! the `no_std` below lets the compiler hold us to it. JSON leaves through [`wire`] alone.
//!
//! ```
//! let report = jitgate_core::check(br#"{"properties":{"virtualMachines":[]}}"#, &Default::default());
//! assert_eq!(report.diagnostics[0].code.id(), "JIT120");
//! ```
#![no_std]

extern crate alloc;

pub mod access;
mod blocks;
#[cfg(feature = "convert")]
pub mod convert;
pub mod decide;
pub mod diagnostic;
mod format;
pub mod inventory;
pub mod json;
pub mod ledger;
pub mod model;
mod names;
pub mod network;
pub mod order;
mod part;
pub mod preview;
pub mod read;
pub mod rest;
pub mod rules;
#[cfg(feature = "script")]
pub mod script;
pub mod sets;
pub mod wire;

pub use decide::{Decision, decide};
pub use diagnostic::{Diagnostic, Report, Severity};
pub use model::Kind;
pub use model::time::Timestamp;
pub use rules::{Code, check};

/// What a caller may tell [`check`] beside the document.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// The kind of document, where the caller knows it; guessed from its shape otherwise.
    pub kind: Option<Kind>,
    /// The present; without it nothing is said about times that have passed.
    pub now: Option<Timestamp>,
}
