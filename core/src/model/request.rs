//! A request: the body of an `initiate` call, or what the service stored of one.

use alloc::vec::Vec;

use super::policy::Text;
use super::{DurationText, Field, IdText, PortText, Sources, TimeText};
use crate::json::NodeId;

/// A request for access.
#[derive(Debug, Default)]
pub struct Request<'t> {
    /// The object it was read from.
    pub node: NodeId,
    /// True for a request as the service returns it.
    pub stored: bool,
    /// `virtualMachines`; its machines are in `machines`.
    pub machine_list: Field<()>,
    /// The machines, in order.
    pub machines: Vec<RequestMachine<'t>>,
    /// Why it is made.
    pub justification: Field<Text<'t>>,
    /// Who made it; stored requests only.
    pub requestor: Field<Text<'t>>,
    /// When it was made; stored requests only.
    pub start: Field<TimeText>,
}

/// A machine in a request.
#[derive(Debug, Default)]
pub struct RequestMachine<'t> {
    /// The object it was read from.
    pub node: NodeId,
    /// The machine's resource id.
    pub id: Field<IdText<'t>>,
    /// `ports`; its ports are in `ports`.
    pub port_list: Field<()>,
    /// The ports, in order.
    pub ports: Vec<RequestPort<'t>>,
}

/// A port to open, or opened: from where, until when.
#[derive(Debug, Default)]
pub struct RequestPort<'t> {
    /// The object it was read from.
    pub node: NodeId,
    /// The port.
    pub number: Field<PortText>,
    /// From where; none means the caller's address.
    pub sources: Sources,
    /// `endTimeUtc`
    pub end: Field<TimeText>,
    /// `endTimeUtc` as it is written: the service echoes it.
    pub end_text: Field<Text<'t>>,
    /// `duration`: not in the API's specification, taken by the service.
    pub duration: Field<DurationText>,
    /// `Initiated` or `Revoked` (`Initiating` in the answer to the call); stored requests only.
    pub status: Field<Text<'t>>,
    /// `Expired`, `UserRequested` or `NewerRequestInitiated`; stored requests only.
    pub status_reason: Field<Text<'t>>,
    /// `closedTimeUtc`: when it was closed before its end. Ours: the service does not tell it.
    pub closed: Field<TimeText>,
    /// The port on the Azure Firewall that leads here, where there is one; stored requests only.
    pub mapped_port: Field<PortText>,
}
