//! Family 7: the network, and what it leaves open.

pub mod linked_template;
pub mod mixed_families;
pub mod nameless_resource;
pub mod ports_backwards;
pub mod prefix_host_bits;
pub mod resource_given_twice;
pub mod resource_not_given;
pub mod rule_matches_nothing;
pub mod rule_priority;
pub mod same_priority;
pub mod shared_nic;
pub mod single_and_plural;
pub mod template_cycle;
pub mod unknown_access;
pub mod unknown_direction;
pub mod unknown_rule_protocol;
pub mod unknown_service_tag;
pub mod unreadable_address;
pub mod unreadable_ports;
pub mod unreadable_prefix;
pub mod words;
