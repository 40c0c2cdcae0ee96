//! The catalogue of rules, and the page of each.
mod catalogue;
mod example;
mod filter;
mod markdown;
mod page;
mod texts;

pub use catalogue::RulesPage;
pub use page::RulePage;
