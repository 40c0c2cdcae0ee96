//! Policies as they are stored.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::{Digest, Prefixes, Principal, ResourceId};
use crate::model::{PolicyId, Protocol, Timestamp};

/// A port rule of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortRule {
    /// The port.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// From where it may be opened.
    pub prefixes: Prefixes,
    /// `maxRequestAccessDuration`, as it was written: `PT3H`.
    pub max_duration: Box<str>,
}

/// A machine of a policy, as a PUT gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineRules {
    /// The machine's resource id, as it was written.
    pub id: ResourceId,
    /// The public address of the Azure Firewall in front of it, where one was given.
    pub public_ip_address: Option<Box<str>>,
    /// Its rules, in order.
    pub ports: Vec<PortRule>,
}

/// What a PUT puts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyBody {
    /// The policy's id, by the path of the call.
    pub id: ResourceId,
    /// `kind`, where it was given.
    pub kind: Option<Box<str>>,
    /// The machines, in order.
    pub machines: Vec<MachineRules>,
}

/// A machine of a stored policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMachine {
    /// Its id and rules.
    pub rules: MachineRules,
    /// When and by whom it was put in.
    pub added: Added,
}

/// When and by whom a machine was put into a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The event's number, which is the policy's version then.
    pub version: u64,
    /// The event's time.
    pub time: Timestamp,
    /// Who did it.
    pub by: Arc<Principal>,
}

/// A stored policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id, as the first PUT spelt it.
    pub id: Arc<ResourceId>,
    /// `kind`, where it was given.
    pub kind: Option<Box<str>>,
    /// Its machines, in the order of the last PUT.
    pub machines: Vec<PolicyMachine>,
    /// Which event put it as it is.
    pub tag: Tag,
    /// When that was.
    pub changed: Timestamp,
}

/// What an `ETag` tells: which event put the policy as it is. Its number alone would come again once a backup was put
/// back; the digest of its record does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The event's number.
    pub version: u64,
    /// What the digest of its record begins with.
    pub digest: u32,
}

impl Tag {
    /// That of an event.
    pub fn new(version: u64, record: &Digest) -> Self {
        let digest = record.0.first_chunk().map_or(0, |first| u32::from_be_bytes(*first));
        Self { version, digest }
    }

    /// Reads one as it is written, and in no other form.
    pub fn read(text: &str) -> Option<Self> {
        let (version, digest) = text.strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
        let tag = Self { version: version.parse().ok()?, digest: u32::from_str_radix(digest, 16).ok()? };
        (tag.to_string() == text).then_some(tag)
    }
}

/// As `ETag` has it: `"46-9f3c0a1e"`.
impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "\"{}-{:08x}\"", self.version, self.digest)
    }
}

impl Policy {
    /// The parts of its id.
    pub fn parts(&self) -> PolicyId<'_> {
        let none = PolicyId { subscription: "", resource_group: "", location: "", name: "" };
        // No other id is stored.
        PolicyId::parse(self.id.text()).unwrap_or(none)
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, Tag, ToString};

    #[test]
    fn tags_there_and_back() {
        let mut digest = Digest::default();
        digest.0[..4].copy_from_slice(&[0, 0x9f, 0x3c, 0xa]);
        let tag = Tag::new(17, &digest);
        assert_eq!(tag.to_string(), "\"17-009f3c0a\"");
        assert_eq!(Tag::read("\"17-009f3c0a\""), Some(tag));
        for text in [
            "17-009f3c0a",
            "\"17-9f3c0a\"",
            "\"17-009F3C0A\"",
            "\"017-009f3c0a\"",
            "\"+17-009f3c0a\"",
            "\"17-+09f3c0a\"",
            "\"17-009f3c0a-br\"",
            "\"\"17-009f3c0a\"\"",
            "W/\"17-009f3c0a\"",
            "\"17\"",
            "\"*\"",
            "\"",
            "",
        ] {
            assert_eq!(Tag::read(text), None, "{text}");
        }
    }
}
