//! The API over HTTP: which calls there are, and how they are answered.

mod activity;
mod answer;
pub mod app;
mod batch;
mod body;
pub mod call;
pub mod caller;
pub mod clock;
mod coding;
mod compress;
mod connection;
mod directory;
mod dispatch;
mod early;
pub mod ends;
pub mod error;
mod events;
mod headers;
mod jit;
pub mod limit;
pub mod listen;
pub mod metrics;
pub mod peer;
pub mod permission;
mod portal;
mod public;
mod records;
pub mod refusals;
mod secure;
pub mod streams;
pub mod tls;

pub use dispatch::router;

#[cfg(test)]
mod tests;
