//! JSON text → [`Tape`]: one flat list of nodes with their places, and every slip in the text.
//!
//! Reading never fails. A slip is reported where it stands and the rest is read as if it had been
//! written right, so that one forgotten comma leaves every other diagnostic standing. Nothing is
//! copied: a node is a span of the text.

mod number;
mod scan;
mod script;
mod slip;
mod source;
mod tape;
mod text;

pub use number::Number;
pub(crate) use scan::MAX_SLIPS;
pub use scan::{MAX_DEPTH, scan};
pub use slip::{Slip, SlipKind};
pub use source::{Encoding, MAX_BYTES, Source};
pub use tape::{Element, Elements, Member, Members, Node, NodeId, NodeKind, Tape};
