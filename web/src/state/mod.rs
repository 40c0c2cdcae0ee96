//! What outlives a page: the session, the fleet, the open panel, the theme, and the documents on the workbench.
mod document;
mod findings;
mod fleet;
mod network;
mod panels;
mod preview;
mod samples;
mod session;
mod share;
mod theme;
mod workbench;

pub use document::{Document, units};
pub use findings::Findings;
pub use fleet::{Fleet, Loading};
pub use network::{Network, NetworkFile};
pub use panels::{Panel, Panels};
pub use preview::Pictured;
pub use samples::{SAMPLES, Sample};
pub use session::Session;
pub use share::{Shared, address};
pub use theme::Theme;
pub use workbench::{Caller, Outcome, Workbench};
