//! The pages, a folder or a file each.
mod activity;
mod jit;
mod machines;
mod not_found;
mod requests;
mod rules;
mod settings;
mod workbench;

pub use activity::ActivityPage;
pub use jit::JitPage;
pub use machines::MachinesPage;
pub use not_found::NotFound;
pub use requests::RequestsPage;
pub use rules::{RulePage, RulesPage};
pub use settings::{SettingsPage, Start};
pub use workbench::WorkbenchPage;
