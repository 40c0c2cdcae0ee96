//! What speaks against a request, as facts; the rules from JIT621 on give them words.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use ipnet::Ipv4Net;

use crate::json::NodeId;
use crate::model::Kind;

/// Why an answer is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// A value in the request.
    Asked,
    /// A value in the policy.
    Rule,
    /// The policy is there several times, or is deleted in the end.
    Twice,
    /// The machine may be on another page of the list.
    Page,
}

/// A reason against a request. Nodes are the request's, where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal<'r> {
    /// No policy given lists this machine.
    MachineNotInPolicy {
        /// The machine's id in the request.
        node: NodeId,
        /// The machine's name.
        machine: &'r str,
        /// Names of machines that are listed, in order.
        listed: Rc<[&'r str]>,
        /// This name is among them, though with another id.
        namesake: bool,
    },
    /// The machine has no rule for this port.
    PortNotInPolicy {
        /// The port in the request.
        node: NodeId,
        /// The port.
        port: u16,
        /// The machine's name.
        machine: &'r str,
        /// The ports that have a rule, each once, in order.
        listed: Rc<[u16]>,
    },
    /// Addresses that the rule does not allow.
    SourceNotAllowed {
        /// The source in the request; the port's object where the source is the caller's address.
        node: NodeId,
        /// The source asked for.
        source: Ipv4Net,
        /// It is the caller's address, because the request names none.
        caller: bool,
        /// What the rule allows: canonical.
        allowed: Rc<[Ipv4Net]>,
        /// The part of `source` that is allowed: canonical, maybe empty; of many blocks, the first.
        part: Vec<Ipv4Net>,
    },
    /// A window longer than the rule allows.
    TooLong {
        /// The duration or the end in the request.
        node: NodeId,
        /// How long it would be from now.
        asked: Duration,
        /// How long it may be.
        most: Duration,
    },
    /// The answer hangs on a value that is not known here: an expression or a placeholder.
    NotKnown {
        /// The value in the request, or the part of the request that the policy's value is about.
        node: NodeId,
        /// Why.
        why: Unknown,
    },
    /// The document handed in as the request holds none.
    NoRequest {
        /// Its top-level value.
        node: NodeId,
        /// What it is.
        kind: Kind,
    },
    /// The document handed in as the policy holds none. The node is the policy document's.
    NoPolicy {
        /// Its top-level value.
        node: NodeId,
        /// What it is.
        kind: Kind,
    },
    /// The request names no source, and the caller's address is not known.
    CallerUnknown {
        /// The port's object.
        node: NodeId,
    },
    /// The request names no source, and the caller comes from an IPv6 address.
    CallerIpv6 {
        /// The port's object.
        node: NodeId,
        /// Where the caller comes from.
        address: IpAddr,
    },
}
