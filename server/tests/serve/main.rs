//! `jitgate serve` from outside: a process, its port, its data, and how it is killed.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod client;
mod crash;
mod hostile;
mod inventory;
mod process;
mod running;
mod storage;
#[cfg(target_os = "linux")]
mod sync;
mod tls;
mod upgrade;
