//! What can be asked of the ledger. Whether the caller may is asked before, elsewhere.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::{
    Attempt, Credential, GrantId, Inventory, Refusal, ResourceId, RoleAssignment, RoleDefinition, Tag,
};

/// What is asked.
#[derive(Clone, Debug)]
pub enum Command {
    /// Put a policy in the place of whatever has its id.
    PutPolicy(PutPolicy),
    /// Delete a policy.
    DeletePolicy {
        /// Which.
        policy: ResourceId,
        /// What must be there.
        expects: Expects,
    },
    /// Ask for access by a policy. A request without a source means the address of the context's actor.
    Initiate {
        /// By which.
        policy: ResourceId,
        /// The call's body.
        body: Vec<u8>,
        /// What must be there. A repeat, which does nothing, is not asked.
        expects: Expects,
    },
    /// Close grants of a policy before their end.
    Revoke {
        /// Which.
        policy: ResourceId,
        /// The call's body: `{"virtualMachines": [{"id", "ports": [{"number"}]}], "requestor", "justification"}`,
        /// each member optional, as is the body. Without machines: all; without ports: all of the machine; without
        /// requestor: the caller's own; `*` means everybody's, else a requestor's name or object id. Of what is
        /// named, something must be open.
        body: Vec<u8>,
        /// What must be there.
        expects: Expects,
        /// The caller may write the policy, and so close what others asked for.
        may_write: bool,
    },
    /// Write down what has reached its end.
    Expire,
    /// Use another inventory.
    ImportInventory(Inventory),
    /// Put a custom role.
    PutRoleDefinition(RoleDefinition),
    /// Delete a custom role, by its id.
    DeleteRoleDefinition(String),
    /// Give a role.
    PutRoleAssignment(RoleAssignment),
    /// Take a role, by the assignment's id.
    DeleteRoleAssignment(String),
    /// Issue a credential. When it was issued is set here.
    IssueCredential(Box<Credential>),
    /// Revoke a credential, by its id.
    RevokeCredential(String),
    /// Write down something that was refused elsewhere.
    Refused(Attempt),
}

/// A PUT of a policy.
#[derive(Clone, Debug)]
pub struct PutPolicy {
    /// The policy's id, by the path.
    pub policy: ResourceId,
    /// The call's body.
    pub body: Vec<u8>,
    /// What must be there.
    pub expects: Expects,
    /// What the caller can know of the policy.
    pub knows: Knows,
}

/// `If-Match` and `If-None-Match`, by the policy's `ETag`. Without its match a command is refused with 412.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expects {
    /// Neither header.
    #[default]
    Anything,
    /// `If-None-Match: *`
    Absent,
    /// `If-Match: *`
    Present,
    /// `If-Match` with these tags.
    OneOf(Vec<Tag>),
}

impl Expects {
    /// Reads the two headers; lines of one are one list, with commas between them.
    ///
    /// # Errors
    /// `If-None-Match` is other than `*`, or comes with `If-Match`; that has `*` beside tags.
    pub fn of(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<Self, Refusal> {
        let refuse =
            |name: &str, message| Err(Refusal::bad_request("InvalidRequestHeader", message).about(name));
        match (if_match.map(str::trim), if_none_match.map(str::trim)) {
            (None, None) => Ok(Self::Anything),
            (None, Some("*")) => Ok(Self::Absent),
            (Some("*"), None) => Ok(Self::Present),
            (Some(tags), None) => {
                let tags = tags.split(',').map(str::trim);
                if tags.clone().any(|tag| tag == "*") {
                    return refuse("If-Match", "If-Match takes '*' alone, or tags.");
                }
                // A tag that is none of ours matches nothing.
                Ok(Self::OneOf(tags.filter_map(Tag::read).collect()))
            }
            (_, Some(_)) => {
                refuse("If-None-Match", "If-None-Match takes '*' alone, and not together with If-Match.")
            }
        }
    }
}

/// What a caller who replaces a policy can know of it, so that no machine goes that the caller never saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knows {
    /// [`State::seq`](super::State::seq) when the call arrived: what came after overtook it.
    pub at_arrival: u64,
    /// The same for what others did: of a call in a batch, when the batch arrived, since the body was written before.
    pub others_at_arrival: u64,
    /// [`State::seq`](super::State::seq) when this session of the caller was last shown the policy (by a GET, a list or
    /// the answer to a PUT); none where that is not known, and then it is when this caller last put it, if ever, and
    /// what others did since.
    pub last_shown: Option<u64>,
}

impl Knows {
    /// What is known of a call by itself, whose caller was shown nothing.
    pub const fn at(arrival: u64) -> Self {
        Self { at_arrival: arrival, others_at_arrival: arrival, last_shown: None }
    }
}

/// What came of a command that was not refused. [`wire::ledger::answer`](crate::wire::ledger::answer) makes the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The policy as it is now: 200.
    Policy(ResourceId),
    /// The policy is gone: 200.
    Deleted,
    /// There was none: 204.
    NotThere,
    /// Access is granted: 202.
    Initiated {
        /// The number of the event that granted it.
        request: u64,
        /// It was granted before: this is the answer to a repeat of the call. What of it was closed meanwhile stays
        /// closed, and the answer says so.
        repeated: bool,
    },
    /// Grants were closed, maybe none: 200.
    Revoked(Vec<GrantId>),
    /// It is done, and there is nothing to tell: 200.
    Done,
}

impl Answer {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotThere => 204,
            Self::Initiated { .. } => 202,
            Self::Policy(_) | Self::Deleted | Self::Revoked(_) | Self::Done => 200,
        }
    }
}
