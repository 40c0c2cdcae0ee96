//! Family 2: ports and protocols.

pub mod duplicate_port;
pub mod no_ports;
pub mod overlapping_protocols;
pub mod port_as_string;
pub mod port_not_a_number;
pub mod port_not_whole;
pub mod port_out_of_range;
pub mod port_zero;
pub mod protocol_misses_service;
pub mod protocol_spelling;
pub mod public_service_port;
mod same_port;
mod services;
pub mod unknown_protocol;
