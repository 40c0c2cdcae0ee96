//! What the network engine is held against: an evaluator that looks at one packet and one rule at a time
//! (`naive`), and the Linux kernel with real packets (`kernel`). Neither shares code with the engine.
//! `random` makes the networks, `boundary` the packets, `build` the networks of hand-made cases.
//!
//! And what code is held against that is written in other languages: `code` reads it with the parsers and shells that
//! others have made.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::string_slice,
    reason = "only tests use it, and a test fails by panicking"
)]

pub mod boundary;
pub mod build;
pub mod choices;
pub mod code;
pub mod kernel;
pub mod naive;
pub mod packet;
pub mod random;
pub mod truth;

pub use choices::Choices;
pub use packet::Packet;
pub use truth::Truth;
