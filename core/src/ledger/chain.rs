//! The chain of records: is it as it was written?
//!
//! Every record holds the digest of the one before it, so that no record can be changed, left out or moved without
//! a trace in a later one. What cuts off the end, or writes the whole chain anew, is found by keeping the [`Head`]
//! of an earlier look elsewhere.

use core::fmt;

use super::Digest;
use crate::wire::ledger::{digests, parse_link};

/// Where a chain ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last record; 0 for none.
    pub seq: u64,
    /// Its digest; zeros for none.
    pub digest: Digest,
}

/// The first place where a chain is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The number that is due there.
    pub seq: u64,
    /// What is wrong.
    pub why: Fault,
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The record is not as it was written.
    Edited,
    /// The record is not there; the next one found has this number.
    Removed {
        /// The number found.
        found: u64,
    },
    /// The record stands elsewhere, or another one stands here a second time.
    Reordered {
        /// The number found.
        found: u64,
    },
    /// The record is whole, but made for another one before it: one of the two was exchanged.
    Exchanged,
    /// The chain ends before the place that is known from earlier.
    CutOff,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let seq = self.seq;
        match self.why {
            Fault::Edited => write!(f, "record {seq} was edited: it is not as it was written"),
            Fault::Removed { found } => {
                write!(f, "record {seq} was removed: record {found} stands in its place")
            }
            Fault::Reordered { found } => {
                write!(f, "the records were reordered: record {found} stands where {seq} is due")
            }
            Fault::Exchanged => {
                write!(
                    f,
                    "record {seq} does not follow on the record before it: one of the two was exchanged"
                )
            }
            Fault::CutOff => write!(f, "the log was cut off: record {seq} was there once"),
        }
    }
}

impl core::error::Error for Broken {}

/// Looks at every record in order, each a line of JSON without its end. `known` is the head of an earlier look,
/// where there is one: the chain must still lead through it.
///
/// # Errors
/// The first place where it is broken.
pub fn verify<L: AsRef<str>>(
    lines: impl IntoIterator<Item = L>,
    known: Option<Head>,
) -> Result<Head, Broken> {
    let mut check = ChainCheck::new(known);
    lines.into_iter().for_each(|line| check.line(line.as_ref()));
    check.end()
}

/// [`verify`] line by line, for whoever cannot hand over an iterator. No line is kept.
#[derive(Clone, Debug, Default)]
pub struct ChainCheck {
    head: Head,
    known: Option<Head>,
    broken: Option<Broken>,
}

impl ChainCheck {
    /// Before the first line, with the head of an earlier look where there is one.
    pub fn new(known: Option<Head>) -> Self {
        Self { known, ..Self::default() }
    }

    /// Looks at the next record.
    pub fn line(&mut self, line: &str) {
        match &mut self.broken {
            None => self.broken = self.follow(line).err(),
            // A record that comes later was not removed.
            Some(Broken { seq, why }) => {
                if let Fault::Removed { found } = *why
                    && parse_link(line).is_some_and(|link| link.seq == *seq)
                {
                    *why = Fault::Reordered { found };
                }
            }
        }
    }

    fn follow(&mut self, line: &str) -> Result<(), Broken> {
        let seq = self.head.seq.saturating_add(1);
        let broken = |why| Err(Broken { seq, why });
        let (Some(link), Some((due, digest))) = (parse_link(line), digests(line)) else {
            return broken(Fault::Edited);
        };
        if due != digest {
            return broken(Fault::Edited);
        }
        if link.seq != seq {
            let found = link.seq;
            return broken(if found < seq { Fault::Reordered { found } } else { Fault::Removed { found } });
        }
        if link.previous != self.head.digest
            || self.known.is_some_and(|known| known.seq == seq && known.digest != digest)
        {
            return broken(Fault::Exchanged);
        }
        self.head = Head { seq, digest };
        Ok(())
    }

    /// After the last line: the head, where the chain is whole.
    ///
    /// # Errors
    /// The first place where it is broken.
    pub fn end(self) -> Result<Head, Broken> {
        match (self.broken, self.known) {
            (Some(broken), _) => Err(broken),
            (None, Some(known)) if known.seq > self.head.seq => {
                Err(Broken { seq: self.head.seq.saturating_add(1), why: Fault::CutOff })
            }
            (None, _) => Ok(self.head),
        }
    }
}
