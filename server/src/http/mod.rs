//! The API over HTTP: which calls there are, and how they are answered.

mod body;
mod connection;
mod error;
mod headers;
mod limit;
mod listen;
mod path;
mod peer;
mod query;
mod route;
mod route_provider;
