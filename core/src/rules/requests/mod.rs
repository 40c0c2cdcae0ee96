//! Family 6: requests, and their decision against a policy.

pub mod caller_address_ipv6;
pub mod caller_address_unknown;
pub mod caller_address_used;
pub mod conflicting_end;
pub mod duplicate_requested_port;
pub mod duration_not_allowed;
pub mod empty_request;
pub mod end_before_start;
pub mod end_in_past;
mod length;
pub mod machine_not_in_policy;
pub mod missing_end;
pub mod missing_justification;
pub mod not_a_policy;
pub mod not_a_request;
pub mod port_not_in_policy;
pub mod request_from_anywhere;
pub mod request_over_a_day;
pub mod request_under_five_minutes;
pub mod source_not_allowed;
pub mod stale_status;
pub mod unknown_status;
pub mod value_not_known;
