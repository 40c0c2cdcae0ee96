//! Family 1: the document itself.

pub mod duplicate_property;
pub mod invalid_json;
