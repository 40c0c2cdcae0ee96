//! What the forms hold before it is saved: plain values, without a word of the page.
mod change;
mod entry;
mod judge;
mod port;
mod row;
#[cfg(test)]
mod tests;

pub use change::{Change, MachineChange, Merged, document, laid_over, merge};
pub use entry::{Entry, Stored, same};
pub use judge::{FORM, Faults, Finding, judged, place};
pub use port::{PortValue, SERVICES, Unit, blocks, iso, length, longest, plain_time, service, time_words};
pub use row::{Row, rows};
