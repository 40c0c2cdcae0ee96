//! Family 5: machines and names.

pub mod classic_machine;
pub mod duplicate_machine;
pub mod duplicate_policy;
mod home;
pub mod invalid_machine_id;
pub mod invalid_machine_name;
pub mod invalid_public_ip_address;
pub mod invalid_resource_group_name;
pub mod invalid_subscription_id;
pub mod location_mismatch;
pub mod location_spelling;
pub mod machine_in_two_policies;
pub mod name_mismatch;
pub mod name_too_long;
pub mod not_a_virtual_machine;
pub mod other_resource_group;
pub mod other_subscription;
pub mod region;
pub mod untidy_machine_id;
