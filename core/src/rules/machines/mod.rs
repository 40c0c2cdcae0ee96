//! Family 5: machines and names.

pub mod duplicate_machine;
