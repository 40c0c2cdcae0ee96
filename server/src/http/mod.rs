//! The API over HTTP: which calls there are, and how they are answered.

mod body;
mod connection;
mod csv;
mod error;
mod filter;
mod headers;
mod limit;
mod listen;
mod metrics;
mod path;
mod peer;
mod portal;
mod query;
mod route;
mod route_provider;
