//! Azure's REST API, as far as it hangs on no transport: which operation an address names, what its query asks for, who
//! calls, and the answers about places and roles. The server and the portal's own backend in the browser share it.

mod caller;
mod page;
mod path;
mod places;
mod provider;
mod query;
mod resources;
mod roles;
mod route;
mod wanted;

pub use caller::Caller;
pub use page::Page;
pub use path::Path;
pub(crate) use places::Provider;
pub use places::{Asked, TENANT, me, tenants};
pub use query::{Query, check_version};
pub use resources::{is_in, read_action, read_part_action};
pub use route::{Action, Graph, Place, RoleKind, Route};

use crate::ledger::Refusal;

/// 400: the caller's fault, and the parameter or the part of the address that it is about.
fn bad(
    code: &'static str,
    message: impl Into<alloc::borrow::Cow<'static, str>>,
    target: &'static str,
) -> Refusal {
    Refusal::bad_request(code, message).about(target)
}
