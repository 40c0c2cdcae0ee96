//! Parts without a word of the domain, over native HTML.
mod code_text;
mod confirm;
mod control;
mod field;
mod heading;
mod icon;
mod id;
mod menu;
mod notice;
mod panel;
mod segments;
mod tabs;
mod toast;

pub use code_text::{CodeText, plain};
pub use confirm::Confirm;
pub use control::{Note, NoteList, Notes, SelectControl, Switch, TextControl};
pub use field::Field;
pub use heading::{Navigated, PageHeading};
pub use icon::{Glyph, Icon};
pub use id::unique;
pub use menu::Menu;
pub use notice::{Busy, Empty, Notice, Tone};
pub use panel::SidePanel;
pub use segments::Segments;
pub use tabs::{Tab, Tabs};
pub use toast::{Toast, ToastRegion};
