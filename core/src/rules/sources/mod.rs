//! Family 3: source addresses.

pub mod address_range;
pub mod any_source_disguised;
pub mod any_source_on_management_port;
pub mod any_word;
mod blocks;
pub mod conflicting_sources;
pub mod covered_prefix;
pub mod duplicate_prefix;
pub mod empty_source_list;
pub mod host_bits_set;
pub mod invalid_source;
pub mod ipv6_source;
pub mod leading_zeros;
pub mod list_in_single_prefix;
pub mod mergeable_prefixes;
pub mod missing_source;
pub mod netmask_notation;
pub mod padded_source;
pub mod prefix_length_out_of_range;
pub mod service_tag_source;
mod spread;
pub mod unmatchable_source;
pub mod wide_source;
