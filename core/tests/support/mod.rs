//! What the core's tests share.

pub mod bare;
pub mod cases;
pub mod json;
pub mod network;
#[allow(dead_code, reason = "the rest is for the tests of the pages")]
pub mod page;
pub mod printer;
pub mod scene;
pub mod scripts;
pub mod shell;
pub mod shown;
pub mod sound;

use std::net::{IpAddr, Ipv4Addr};

/// The present in every example.
pub const NOW: &str = "2026-01-15T12:00:00Z";

/// The caller in every example.
pub const CALLER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 20, 0, 7));

/// A machine's id for examples that need one.
pub const VM: &str = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1";
