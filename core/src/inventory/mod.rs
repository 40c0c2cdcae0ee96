//! The inventory under a ledger: what was imported, in lists by type and place, and as it stands under the policies that
//! are stored, with the grants that are live.

mod busy;
mod count;
mod dry;
mod mapped;
mod present;
mod view;

pub use count::count;
pub use dry::DryRun;
pub use mapped::MappedPorts;
pub use present::{Cache, Present, activity, counts};
pub use view::{List, View, Within};
