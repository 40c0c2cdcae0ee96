//! In the place of `details` where no client lists resources: nothing is kept of them.

#![expect(clippy::unused_self, reason = "it stands for details that are kept")]

use alloc::string::String;

use super::ArmKind;
use crate::json::Tape;
use crate::network::Network;

/// No details.
#[derive(Debug, Default)]
pub struct Details;

impl Details {
    /// None.
    pub fn read(_files: &[&Tape], _network: &Network) -> Self {
        Self
    }

    pub(super) fn has(&self, _kind: ArmKind, _at: usize, _name: &str) -> bool {
        false
    }

    pub(super) fn tags(&self, _kind: ArmKind, _at: usize) -> &[(String, String)] {
        &[]
    }

    pub(super) fn add(&self, _kind: ArmKind, _at: usize, text: String) -> String {
        text
    }

    pub(super) fn add_outer(&self, _kind: ArmKind, _at: usize, text: String) -> String {
        text
    }
}
