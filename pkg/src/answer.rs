//! What a call gives.

use alloc::string::String;
use alloc::vec::Vec;

/// JSON, and the numbers of the diagnostics that belong to it, if any do.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub json: String,
    pub numbers: Vec<u32>,
}

impl From<String> for Answer {
    fn from(json: String) -> Self {
        Self { json, numbers: Vec::new() }
    }
}
