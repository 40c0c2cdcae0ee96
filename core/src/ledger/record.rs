//! An event with its place in the chain: who, when, and the digest of the record before it.

use alloc::string::String;
use core::fmt;

use sha2::{Digest as _, Sha256};

use super::{Actor, Event};
use crate::format::hex;
use crate::model::Timestamp;
use crate::wire;

/// SHA-256, written as 64 small hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of its 64 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => byte.checked_sub(b'0'),
            b'a'..=b'f' => byte.checked_sub(b'a')?.checked_add(10),
            _ => None,
        };
        let mut digest = [0; 32];
        for (byte, &[high, low]) in digest.iter_mut().zip(pairs) {
            *byte = (digit(high)? << 4) | digit(low)?;
        }
        (rest.is_empty() && pairs.len() == digest.len()).then_some(Self(digest))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// An event, numbered and chained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// From 1, without gaps.
    pub seq: u64,
    /// When; never before the record before it.
    pub time: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What ties together the events of one call.
    pub correlation_id: String,
    /// The client's own id of the call, where it sent one.
    pub client_request_id: Option<String>,
    /// What happened.
    pub event: Event,
    /// The digest of the record before it; zeros for the first.
    pub previous: Digest,
    /// The digest of this one: of its JSON without this member.
    pub digest: Digest,
}

/// A record with the JSON that is stored, a line without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The record.
    pub record: Record,
    /// Its JSON.
    pub json: String,
}

impl Record {
    /// With its digest, and as JSON.
    pub(super) fn seal(mut self) -> Sealed {
        let (json, digest) = wire::ledger::seal(&self);
        self.digest = digest;
        Sealed { record: self, json }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::Digest;

    #[test]
    fn digests_are_read_as_they_are_written() {
        let digest = Digest::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text);
        assert_eq!(Digest::parse(text), Some(digest));
        for bad in [
            "",
            "ba",
            &text.to_uppercase(),
            text.strip_prefix('b').unwrap(),
            &(text.to_string() + "0"),
            &text.replace('b', "g"),
        ] {
            assert_eq!(Digest::parse(bad), None, "{bad}");
        }
    }
}
