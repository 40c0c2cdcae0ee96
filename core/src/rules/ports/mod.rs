//! Family 2: ports and protocols.

pub mod port_as_string;
pub mod port_out_of_range;
