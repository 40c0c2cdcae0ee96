//! The pages, a folder or a file each.
mod not_found;
mod rules;
mod workbench;

pub use not_found::NotFound;
pub use rules::{RulePage, RulesPage};
pub use workbench::WorkbenchPage;
