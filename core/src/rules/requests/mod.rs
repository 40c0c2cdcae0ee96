//! Family 6: requests, and their decision against a policy.

pub mod caller_address_ipv6;
pub mod caller_address_unknown;
pub mod duration_not_allowed;
pub mod machine_not_in_policy;
pub mod missing_end;
pub mod not_a_policy;
pub mod not_a_request;
pub mod port_not_in_policy;
pub mod source_not_allowed;
pub mod value_not_known;
