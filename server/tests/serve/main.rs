//! `jitgate serve` from outside: a process, its port, its data, and how it is killed.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod crash;
mod hostile;
mod inventory;
mod process;
mod storage;
