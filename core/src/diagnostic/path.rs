//! The way from the top of a document to a value.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The steps to a value; none for the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

/// One step of a path: a member's name or an element's index, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member of an object. Paths through the same object share its name.
    Key(Arc<str>),
    /// The element of an array, from 0.
    Index(u32),
}

impl Path {
    /// As a JSON pointer (RFC 6901): `~` is written `~0` and `/` is written `~1`.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                Step::Key(key) if key.contains(['~', '/']) => {
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Step::Key(key) => pointer.push_str(key),
                Step::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}
