//! The state: a fold of records. A copy costs nothing and shares all its parts, so that a writer can work on its
//! own while readers keep the last one that is on disk.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use rpds::{HashTrieMapSync, QueueSync, RedBlackTreeMapSync, RedBlackTreeSetSync, VectorSync};

use super::{
    AccessPort, Credential, Digest, Grant, GrantId, Inventory, Policy, Principal, Request, ResourceId,
    RoleAssignment, RoleDefinition,
};
use crate::model::Timestamp;

/// Everything that the ledger knows at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub(super) seq: u64,
    pub(super) latest: Timestamp,
    pub(super) head: Digest,
    /// By key.
    pub(super) policies: HashTrieMapSync<Arc<str>, PolicyEntry>,
    /// The keys of the policies in order: those of a subscription or a resource group stand together. Apart from the
    /// policies, because comparing long keys down a tree is slow, and each request needs its policy.
    pub(super) order: RedBlackTreeSetSync<Arc<str>>,
    /// By key: policies that are deleted.
    pub(super) deleted: HashTrieMapSync<Arc<str>, Past>,
    /// Their keys in order.
    pub(super) gone: RedBlackTreeSetSync<Arc<str>>,
    /// By key: every machine that was ever in a policy or a request.
    pub(super) machines: HashTrieMapSync<Arc<str>, MachineEntry>,
    /// In the order of their events.
    pub(super) requests: VectorSync<Request>,
    /// The grants that no event has closed yet, by their ends.
    pub(super) ending: RedBlackTreeSetSync<(Timestamp, GrantId)>,
    /// The requests of the last day by what tells a repeat of their call.
    pub(super) repeats: HashTrieMapSync<RepeatKey, u32>,
    pub(super) repeat_queue: QueueSync<(Timestamp, RepeatKey)>,
    /// By object id, with their latest names.
    pub(super) principals: HashTrieMapSync<Arc<str>, Arc<Principal>>,
    pub(super) definitions: RedBlackTreeMapSync<String, Arc<RoleDefinition>>,
    pub(super) assignments: RedBlackTreeMapSync<String, Arc<RoleAssignment>>,
    /// By [`principal_key`](super::query::principal_key), in the order of their ids.
    pub(super) assignments_of: HashTrieMapSync<String, Vec<Arc<RoleAssignment>>>,
    pub(super) credentials: RedBlackTreeMapSync<String, Arc<Credential>>,
    /// The keys of the credentials, by their hashes.
    pub(super) hashes: HashTrieMapSync<String, String>,
    pub(super) inventory: Option<Arc<Inventory>>,
}

/// A digest of the caller, the client's id of the call, the policy and the body.
pub(super) type RepeatKey = [u8; 16];

/// A policy and where its history begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PolicyEntry {
    pub policy: Arc<Policy>,
    pub past: Past,
}

/// What stays of a policy when it is deleted, for the next one of its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Past {
    /// The last request made by it.
    pub last: Option<u32>,
    /// By object id: the version that each caller put last, which is the least that they have seen.
    pub puts: HashTrieMapSync<Arc<str>, u64>,
}

/// A machine and where its history begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MachineEntry {
    pub id: Arc<ResourceId>,
    /// The keys of the policies that it is in.
    pub policies: Vec<Arc<str>>,
    /// Its grants that no event has closed yet.
    pub live: Vec<GrantId>,
    /// Its last grant.
    pub last: Option<GrantId>,
    /// The last end of all its grants, as they were granted.
    pub until: Timestamp,
}

impl MachineEntry {
    /// Of a machine that is in nothing yet.
    pub fn new(id: &ResourceId) -> Self {
        Self {
            id: Arc::new(id.clone()),
            policies: Vec::new(),
            live: Vec::new(),
            last: None,
            until: Timestamp::EPOCH,
        }
    }

    /// Opens ports by the request of that place, made at that time, as its next grants.
    pub fn open(
        &mut self,
        ports: &[AccessPort],
        (request, start): (u32, Timestamp),
        grants: &mut Vec<Grant>,
    ) {
        let first = self.live.is_empty() || self.until <= start;
        for port in ports {
            let id = GrantId { request, grant: u32::try_from(grants.len()).unwrap_or(u32::MAX) };
            self.live.push(id);
            self.until = self.until.max(port.end.time());
            grants.push(Grant {
                machine: Arc::clone(&self.id),
                number: port.number,
                protocols: port.protocols,
                prefixes: port.prefixes.clone(),
                end: port.end.clone(),
                closed: None,
                previous: self.last.replace(id),
                first,
            });
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    /// Before the first record.
    pub fn new() -> Self {
        Self {
            seq: 0,
            latest: Timestamp::default(),
            head: Digest::default(),
            policies: HashTrieMapSync::new_sync(),
            order: RedBlackTreeSetSync::new_sync(),
            deleted: HashTrieMapSync::new_sync(),
            gone: RedBlackTreeSetSync::new_sync(),
            machines: HashTrieMapSync::new_sync(),
            requests: VectorSync::new_sync(),
            ending: RedBlackTreeSetSync::new_sync(),
            repeats: HashTrieMapSync::new_sync(),
            repeat_queue: QueueSync::new_sync(),
            principals: HashTrieMapSync::new_sync(),
            definitions: RedBlackTreeMapSync::new_sync(),
            assignments: RedBlackTreeMapSync::new_sync(),
            assignments_of: HashTrieMapSync::new_sync(),
            credentials: RedBlackTreeMapSync::new_sync(),
            hashes: HashTrieMapSync::new_sync(),
            inventory: None,
        }
    }

    /// The number of the last record; 0 before the first.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The time of the last record.
    pub fn latest(&self) -> Timestamp {
        self.latest
    }

    /// The digest of the last record; zeros before the first.
    pub fn head(&self) -> Digest {
        self.head
    }

    /// The ledger's own time: the clock's, but never before the last record, in whole ticks of 100 ns. A clock that
    /// is set back re-opens nothing that an event has closed.
    pub fn present(&self, now: Timestamp) -> Timestamp {
        now.to_tick().max(self.latest)
    }
}
