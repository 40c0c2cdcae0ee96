//! The API over HTTP: which calls there are, and how they are answered.

mod activity;
mod answer;
pub mod app;
mod body;
pub mod call;
pub mod caller;
pub mod clock;
mod coding;
mod compress;
mod connection;
mod dispatch;
mod early;
pub mod error;
mod events;
mod headers;
mod jit;
pub mod limit;
pub mod listen;
pub mod metrics;
mod path;
pub mod peer;
pub mod permission;
pub mod places;
mod portal;
mod public;
mod query;
mod records;
pub mod roles;
pub mod route;
mod route_provider;
mod secure;
pub mod tls;

pub use dispatch::router;

#[cfg(test)]
mod tests;
