//! Family 1: the document itself.

pub mod append_mode;
pub mod bare_document;
pub mod document_too_large;
pub mod duplicate_property;
pub mod empty_document;
pub mod empty_policy;
pub mod invalid_encoding;
pub mod invalid_json;
pub mod lone_surrogate;
pub mod missing_property;
pub mod misspelt_property;
pub mod nesting_too_deep;
pub mod not_json;
pub mod partial_list;
pub mod provisioning_unfinished;
pub mod script_not_followed;
pub mod script_syntax;
mod slip_surely;
pub mod too_many_findings;
pub mod unknown_document;
pub mod unknown_kind;
pub mod unknown_property;
pub mod unreplaced_placeholder;
pub mod unresolved_expression;
pub mod wrong_resource_type;
pub mod wrong_type;
