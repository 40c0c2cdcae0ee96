//! The ledger as JSON: records as they are stored, and the bodies of the service's answers.

mod answer;
mod event;
mod policy;
mod record;
mod refusal;
mod request;
mod revoke;
mod role;

pub use answer::answer;
pub use policy::{Mapped, SHOWN, mapped_policies, mapped_policy, policies, policy, policy_rules};
pub use record::{BadRecord, is_intact, parse_record, record, seal};
pub(crate) use record::{digests, parse_link};
pub use refusal::{RefusalJson, refusal};
pub use request::request;
pub use revoke::RevokeBody;
