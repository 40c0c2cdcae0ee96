//! The core for JavaScript. Only numbers cross the border: `js/engine.js` writes what a call takes into
//! this module's memory, makes the call, and reads the answer there. That is quicker than bindings made by
//! a tool, and an instance that has trapped is replaced by a new one at once.
//!
//! `std` is left out: it would bring its panic messages, a third of the module.
#![no_std]

extern crate alloc;
// Where this is linted and tested natively, it brings the allocator and the panic handler.
#[cfg(not(target_arch = "wasm32"))]
extern crate std;

mod answer;
mod answers;
#[cfg(all(target_arch = "wasm32", not(feature = "network")))]
mod arena;
#[cfg(feature = "convert")]
mod convert;
mod diagnostics;
mod exports;
#[cfg(feature = "network")]
mod network;
mod rows;
#[cfg(target_arch = "wasm32")]
mod runtime;
mod session;

#[cfg(feature = "network")]
pub use network::Question;
pub use session::{Session, Slot, Status};
