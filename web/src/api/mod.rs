//! What the portal asks of whoever keeps its data: one trait, two backends, and the typed calls on top of them.
//!
//! Both speak Azure's REST API, so that all above [`Backend`] is the same: the server answers over HTTP, the browser
//! with the same ledger kept in its own storage.
mod audit;
mod backend;
mod call;
mod client;
mod inventory;
mod local;
mod model;
mod read;
mod server;

pub use audit::{Logged, log_path};
pub use backend::{Backend, Change, Keeper, Listening};
pub use call::{Answer, Call, Failure, Method, Refusal, Slip};
pub use client::{Api, scope_of};
pub use inventory::MachineAddresses;
pub use jitgate_local::{Archive, BadArchive, Imported, Json, Kept};
pub use local::{Local, NAMELESS, address, delete_unopened, introduce, name, open_local, unopened_records};
pub use model::{
    Class, Exposed, Machine, Open, Os, Policy, PortRule, Request, RequestedPort, Rule, Through, User,
};
pub use read::stopped;
pub use server::Server;
