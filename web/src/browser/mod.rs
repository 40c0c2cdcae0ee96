//! The browser's own functions, behind small safe ones.
mod address;
mod area;
mod clock;
mod database;
mod file;
mod focus;
mod guid;
mod number;
mod quote;
mod resize;
mod squeeze;
mod storage;
mod text;

pub use address::{fragment, page_address, set_fragment};
pub use area::{put, select};
pub use clock::{Debounce, every, now, own_millis, pause, set_by, set_by_own};
pub use database::{Database, DatabaseFault, complete, delete_database, done, open_database};
pub use file::{copy, download, download_as, read_file};
pub use focus::focus_first;
pub use guid::guid;
pub use number::{decimal, index, millis, parse, pixels};
pub use quote::indented;
pub use resize::on_resize;
pub use squeeze::{squeeze, unsqueeze};
pub use storage::{Keep, forget, keep, kept, persist};
pub use text::lower;
