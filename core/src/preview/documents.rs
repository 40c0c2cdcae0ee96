//! Documents of one role, read and checked together.

use alloc::vec::Vec;

use crate::CheckOptions;
use crate::json::{Source, Tape};
use crate::model::Timestamp;
use crate::network::Network;
use crate::read::Fact;
use crate::rules::{Checked, check_among, check_document, check_network, decode_and_scan};

/// Texts, decoded.
pub(super) struct Read<'a> {
    bytes: &'a [&'a [u8]],
    sources: Vec<Source<'a>>,
}

/// Their nodes.
pub(super) struct Tapes<'a> {
    bytes: &'a [&'a [u8]],
    tapes: Vec<(Tape<'a>, Vec<Fact>)>,
}

/// What the rules say of them.
pub(super) struct Documents<'a, 't> {
    /// As they came.
    pub bytes: &'a [&'a [u8]],
    /// In their order.
    pub checked: Vec<Checked<'a, 't>>,
}

impl<'a> Read<'a> {
    pub(super) fn new(bytes: &'a [&'a [u8]]) -> Self {
        Self { bytes, sources: bytes.iter().map(|bytes| Source::decode(bytes)).collect() }
    }

    /// What was decoded.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|source| &*source.text)
    }

    pub(super) fn tapes(&self) -> Tapes<'_> {
        Tapes { bytes: self.bytes, tapes: self.sources.iter().map(decode_and_scan).collect() }
    }
}

impl<'t> Tapes<'t> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.tapes.len()
    }

    /// Files of one network, checked together.
    pub(super) fn check_network(&self, now: Option<Timestamp>) -> (Network, Vec<Checked<'_, 't>>) {
        let files = self.tapes.iter().map(|(tape, facts)| (tape, facts.clone()));
        check_network(files, &CheckOptions { kind: None, now })
    }

    /// The nodes of each.
    pub(super) fn all(&self) -> Vec<&Tape<'t>> {
        self.tapes.iter().map(|(tape, _)| tape).collect()
    }

    /// Documents and what is around them, each checked once; files of a network among them are read together, those of
    /// the documents last, so that they count.
    pub(super) fn check_within<'s>(
        &'s self,
        around: &'s Self,
        now: Option<Timestamp>,
    ) -> (Network, Vec<Checked<'s, 't>>) {
        let all = self.tapes.iter().chain(&around.tapes).map(|(tape, facts)| (tape, facts.clone()));
        check_among(all, &CheckOptions { kind: None, now }, self.tapes.len())
    }

    pub(super) fn check(&self, now: Option<Timestamp>) -> Documents<'_, 't> {
        let options = CheckOptions { kind: None, now };
        Documents {
            bytes: self.bytes,
            checked: self
                .tapes
                .iter()
                .map(|(tape, facts)| check_document(tape, facts.clone(), &options))
                .collect(),
        }
    }
}
