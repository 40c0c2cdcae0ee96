//! Family 3: source addresses.

pub mod conflicting_sources;
