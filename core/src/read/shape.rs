//! Which members each object has. The source of each shape is Azure's specification of
//! `jitNetworkAccessPolicies` (2020-01-01), with what the live service takes beyond it.

use Need::{Ignored, Optional, Required};

/// An object of the wire.
#[derive(Debug)]
pub struct Shape {
    /// In words, as messages say it.
    pub title: &'static str,
    /// Its members.
    pub members: &'static [(&'static str, Name, Need)],
    /// Names that people write, small and without `_` or `-`, and the members that they mean.
    pub aliases: &'static [(&'static str, &'static str)],
}

/// Must a member be there?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The service refuses the object without it.
    Required,
    /// It may be there.
    Optional,
    /// It may be there and says nothing about access.
    Ignored,
}

/// The members that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    AllowedSourceAddressPrefix,
    AllowedSourceAddressPrefixes,
    AppendMode,
    Copy,
    Duration,
    EndTimeUtc,
    Id,
    Justification,
    Kind,
    Location,
    MappedPort,
    MaxRequestAccessDuration,
    Name,
    NextLink,
    Number,
    Other,
    Ports,
    Properties,
    Protocol,
    ProvisioningState,
    PublicIpAddress,
    Requestor,
    Requests,
    StartTimeUtc,
    Status,
    StatusReason,
    Type,
    Value,
    VirtualMachines,
}

/// A policy.
pub static POLICY: Shape = Shape {
    title: "policy",
    members: &[
        ("kind", Name::Kind, Optional),
        ("properties", Name::Properties, Required),
        ("id", Name::Id, Optional),
        ("name", Name::Name, Optional),
        ("type", Name::Type, Optional),
        ("location", Name::Location, Optional),
        ("resourceGroup", Name::Other, Ignored),
        ("tags", Name::Other, Ignored),
        ("etag", Name::Other, Ignored),
        ("systemData", Name::Other, Ignored),
        ("apiVersion", Name::Other, Ignored),
    ],
    aliases: &[],
};

/// A policy as a resource of a template.
pub static TEMPLATE_POLICY: Shape = Shape {
    title: "policy",
    members: &[
        ("type", Name::Type, Optional),
        ("apiVersion", Name::Other, Ignored),
        ("name", Name::Name, Optional),
        ("kind", Name::Kind, Optional),
        ("location", Name::Location, Optional),
        ("properties", Name::Properties, Required),
        ("id", Name::Id, Optional),
        ("dependsOn", Name::Other, Ignored),
        ("condition", Name::Other, Ignored),
        ("comments", Name::Other, Ignored),
        ("scope", Name::Other, Ignored),
        ("copy", Name::Other, Ignored),
        ("resources", Name::Other, Ignored),
        ("resourceGroup", Name::Other, Ignored),
        ("tags", Name::Other, Ignored),
        ("etag", Name::Other, Ignored),
        ("systemData", Name::Other, Ignored),
        ("metadata", Name::Other, Ignored),
    ],
    aliases: &[],
};

/// A policy's `properties`.
pub static PROPERTIES: Shape = Shape {
    title: "policy's `properties`",
    members: &[
        ("virtualMachines", Name::VirtualMachines, Required),
        ("requests", Name::Requests, Optional),
        ("provisioningState", Name::ProvisioningState, Optional),
        ("appendMode", Name::AppendMode, Optional),
        ("copy", Name::Copy, Ignored),
    ],
    aliases: &[
        ("vms", "virtualMachines"),
        ("machines", "virtualMachines"),
        ("virtualmachine", "virtualMachines"),
    ],
};

/// `{virtualMachines}` of a policy without its `properties`: what they and the envelope hold, in one.
pub static BARE_PROPERTIES: Shape = Shape {
    title: "policy",
    members: &[
        ("virtualMachines", Name::VirtualMachines, Required),
        ("requests", Name::Requests, Optional),
        ("provisioningState", Name::ProvisioningState, Optional),
        ("appendMode", Name::AppendMode, Optional),
        ("kind", Name::Kind, Optional),
        ("id", Name::Id, Optional),
        ("name", Name::Name, Optional),
        ("type", Name::Type, Optional),
        ("location", Name::Location, Optional),
        ("resourceGroup", Name::Other, Ignored),
    ],
    aliases: PROPERTIES.aliases,
};

/// A machine in a policy.
pub static MACHINE: Shape = Shape {
    title: "virtual machine",
    members: &[
        ("id", Name::Id, Required),
        ("ports", Name::Ports, Required),
        ("publicIpAddress", Name::PublicIpAddress, Optional),
        ("resourceGroup", Name::Other, Ignored),
        ("copy", Name::Copy, Ignored),
    ],
    aliases: MACHINE_ALIASES,
};

const MACHINE_ALIASES: &[(&str, &str)] = &[
    ("resourceid", "id"),
    ("vmid", "id"),
    ("virtualmachineid", "id"),
    ("port", "ports"),
    ("rules", "ports"),
];

/// A port rule of a policy.
pub static PORT_RULE: Shape = Shape {
    title: "port rule",
    members: &[
        ("number", Name::Number, Required),
        ("protocol", Name::Protocol, Required),
        ("allowedSourceAddressPrefix", Name::AllowedSourceAddressPrefix, Optional),
        ("maxRequestAccessDuration", Name::MaxRequestAccessDuration, Required),
        ("allowedSourceAddressPrefixes", Name::AllowedSourceAddressPrefixes, Optional),
        ("resourceGroup", Name::Other, Ignored),
    ],
    aliases: &[
        ("port", "number"),
        ("portnumber", "number"),
        ("numberofports", "number"),
        ("allowedsourceaddress", "allowedSourceAddressPrefix"),
        ("allowedsourceaddresses", "allowedSourceAddressPrefixes"),
        ("sourceaddressprefix", "allowedSourceAddressPrefix"),
        ("sourceaddressprefixes", "allowedSourceAddressPrefixes"),
        ("maxaccessduration", "maxRequestAccessDuration"),
        ("maxrequestduration", "maxRequestAccessDuration"),
        ("maxrequestaccesstime", "maxRequestAccessDuration"),
        ("duration", "maxRequestAccessDuration"),
    ],
};

/// A list of policies.
pub static LIST: Shape = Shape {
    title: "list",
    members: &[
        ("value", Name::Value, Required),
        ("nextLink", Name::NextLink, Optional),
        ("count", Name::Other, Ignored),
    ],
    aliases: &[],
};

/// The body of an `initiate` call.
pub static REQUEST: Shape = Shape {
    title: "request",
    members: &[
        ("virtualMachines", Name::VirtualMachines, Required),
        ("justification", Name::Justification, Optional),
        ("startTimeUtc", Name::StartTimeUtc, Ignored),
        ("requestor", Name::Requestor, Ignored),
    ],
    aliases: PROPERTIES.aliases,
};

/// A request as the service returns it.
pub static STORED_REQUEST: Shape = Shape {
    title: "stored request",
    members: &[
        ("virtualMachines", Name::VirtualMachines, Required),
        ("startTimeUtc", Name::StartTimeUtc, Required),
        ("requestor", Name::Requestor, Required),
        ("justification", Name::Justification, Optional),
    ],
    aliases: PROPERTIES.aliases,
};

/// A machine in a request.
pub static REQUEST_MACHINE: Shape = Shape {
    title: "virtual machine",
    members: &[
        ("id", Name::Id, Required),
        ("ports", Name::Ports, Required),
        ("resourceGroup", Name::Other, Ignored),
    ],
    aliases: MACHINE_ALIASES,
};

/// A port in a request.
pub static REQUEST_PORT: Shape = Shape {
    title: "requested port",
    members: &[
        ("number", Name::Number, Required),
        ("allowedSourceAddressPrefix", Name::AllowedSourceAddressPrefix, Optional),
        ("endTimeUtc", Name::EndTimeUtc, Optional),
        ("duration", Name::Duration, Optional),
        ("allowedSourceAddressPrefixes", Name::AllowedSourceAddressPrefixes, Optional),
        ("protocol", Name::Other, Ignored),
        ("status", Name::Other, Ignored),
        ("statusReason", Name::Other, Ignored),
        ("mappedPort", Name::Other, Ignored),
        ("resourceGroup", Name::Other, Ignored),
    ],
    aliases: REQUEST_PORT_ALIASES,
};

/// A port in a stored request.
pub static STORED_PORT: Shape = Shape {
    title: "requested port",
    members: &[
        ("number", Name::Number, Required),
        ("allowedSourceAddressPrefix", Name::AllowedSourceAddressPrefix, Optional),
        ("allowedSourceAddressPrefixes", Name::AllowedSourceAddressPrefixes, Optional),
        ("endTimeUtc", Name::EndTimeUtc, Required),
        ("status", Name::Status, Required),
        ("statusReason", Name::StatusReason, Required),
        ("mappedPort", Name::MappedPort, Optional),
        ("resourceGroup", Name::Other, Ignored),
    ],
    aliases: REQUEST_PORT_ALIASES,
};

const REQUEST_PORT_ALIASES: &[(&str, &str)] = &[
    ("port", "number"),
    ("portnumber", "number"),
    ("endtime", "endTimeUtc"),
    ("allowedsourceaddress", "allowedSourceAddressPrefix"),
    ("allowedsourceaddresses", "allowedSourceAddressPrefixes"),
    ("sourceaddressprefix", "allowedSourceAddressPrefix"),
    ("sourceaddressprefixes", "allowedSourceAddressPrefixes"),
    ("maxrequestaccessduration", "duration"),
];

/// All shapes, for the tests.
#[cfg(test)]
pub static ALL: [&Shape; 11] = [
    &POLICY,
    &TEMPLATE_POLICY,
    &PROPERTIES,
    &BARE_PROPERTIES,
    &MACHINE,
    &PORT_RULE,
    &LIST,
    &REQUEST,
    &STORED_REQUEST,
    &REQUEST_MACHINE,
    &REQUEST_PORT,
];
