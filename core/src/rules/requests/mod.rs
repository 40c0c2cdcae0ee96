//! Family 6: requests, and their decision against a policy.

pub mod missing_end;
pub mod port_not_in_policy;
