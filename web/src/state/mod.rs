//! What outlives a page: the theme, and the documents on the workbench.
mod document;
mod findings;
mod network;
mod preview;
mod samples;
mod share;
mod theme;
mod workbench;

pub use document::{Document, units};
pub use findings::Findings;
pub use network::{Network, NetworkFile};
pub use preview::{FileReport, Pictured};
pub use samples::{SAMPLES, Sample};
pub use share::{Shared, address};
pub use theme::Theme;
pub use workbench::{Outcome, Workbench};
