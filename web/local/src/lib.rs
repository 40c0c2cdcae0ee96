//! The portal's data in the browser: the core's ledger, answering the same calls of Azure's REST API as the server does,
//! with the same answers.
//!
//! No storage, no clock and no browser in here: records and files come in from whoever keeps them, and what is to be
//! kept goes out as a [`Change`]. The one user owns everything.
//!
//! A keeper does this with each call: [`Service::answer`]; store the change, if there is one, unless somebody else
//! stored records meanwhile ([`Service::take`] those, and ask again); then [`Service::commit`] it.

mod activity;
mod archive;
mod ask;
mod demo;
mod import;
mod json;
mod network;
mod policies;
mod reply;
mod service;

pub use archive::{Archive, BadArchive};
pub use ask::{Ask, Situation};
pub use demo::Demo;
pub use import::{Imported, Kept};
pub use json::Json;
pub use reply::{Content, Reply};
pub use service::{Change, Service};
