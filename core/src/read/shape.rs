//! Which members each object has. The source of each shape is Azure's specification of
//! `jitNetworkAccessPolicies` (2020-01-01), with what the live service takes beyond it.

use Need::{Ignored, Optional, Required};

/// An object of the wire.
#[derive(Debug)]
pub struct Shape {
    /// In words, as messages say it.
    pub title: &'static str,
    /// Its members.
    pub members: &'static [(&'static str, Property, Need)],
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
pub enum Property {
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
    ClosedTimeUtc,
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
    ReadOnly,
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
        ("kind", Property::Kind, Optional),
        ("properties", Property::Properties, Required),
        ("id", Property::Id, Optional),
        ("name", Property::Name, Optional),
        ("type", Property::Type, Optional),
        ("location", Property::Location, Optional),
        ("resourceGroup", Property::Other, Ignored),
        ("tags", Property::Other, Ignored),
        ("etag", Property::Other, Ignored),
        ("systemData", Property::Other, Ignored),
        ("apiVersion", Property::Other, Ignored),
        // Columns of Resource Graph.
        ("tenantId", Property::Other, Ignored),
        ("subscriptionId", Property::Other, Ignored),
        ("managedBy", Property::Other, Ignored),
    ],
    aliases: &[("props", "properties"), ("property", "properties")],
};

/// A policy as a resource of a template.
pub static TEMPLATE_POLICY: Shape = Shape {
    title: "policy",
    members: &[
        ("type", Property::Type, Optional),
        ("apiVersion", Property::Other, Ignored),
        ("name", Property::Name, Optional),
        ("kind", Property::Kind, Optional),
        ("location", Property::Location, Optional),
        ("properties", Property::Properties, Required),
        ("id", Property::Id, Optional),
        ("dependsOn", Property::Other, Ignored),
        // Whether it is deployed: `search.rs` sees to that.
        ("condition", Property::Other, Ignored),
        ("comments", Property::Other, Ignored),
        ("scope", Property::Other, Ignored),
        ("copy", Property::Other, Ignored),
        ("resources", Property::Other, Ignored),
        ("resourceGroup", Property::Other, Ignored),
        ("tags", Property::Other, Ignored),
        ("etag", Property::Other, Ignored),
        ("systemData", Property::Other, Ignored),
        ("metadata", Property::Other, Ignored),
        ("tenantId", Property::Other, Ignored),
        ("subscriptionId", Property::Other, Ignored),
        ("managedBy", Property::Other, Ignored),
    ],
    aliases: &[],
};

/// A policy's `properties`.
pub static PROPERTIES: Shape = Shape {
    title: "policy's `properties`",
    members: &[
        ("virtualMachines", Property::VirtualMachines, Required),
        ("requests", Property::Requests, Optional),
        ("provisioningState", Property::ProvisioningState, Optional),
        ("appendMode", Property::AppendMode, Optional),
        ("copy", Property::Copy, Ignored),
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
        ("virtualMachines", Property::VirtualMachines, Required),
        ("requests", Property::Requests, Optional),
        ("provisioningState", Property::ProvisioningState, Optional),
        ("appendMode", Property::AppendMode, Optional),
        ("kind", Property::Kind, Optional),
        ("id", Property::Id, Optional),
        ("name", Property::Name, Optional),
        ("type", Property::Type, Optional),
        ("location", Property::Location, Optional),
        ("resourceGroup", Property::Other, Ignored),
    ],
    aliases: PROPERTIES.aliases,
};

/// A machine in a policy.
pub static MACHINE: Shape = Shape {
    title: "virtual machine",
    members: &[
        ("id", Property::Id, Required),
        ("ports", Property::Ports, Required),
        ("publicIpAddress", Property::PublicIpAddress, Optional),
        ("resourceGroup", Property::Other, Ignored),
        ("copy", Property::Copy, Ignored),
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
        ("number", Property::Number, Required),
        ("protocol", Property::Protocol, Required),
        ("allowedSourceAddressPrefix", Property::AllowedSourceAddressPrefix, Optional),
        ("maxRequestAccessDuration", Property::MaxRequestAccessDuration, Required),
        ("allowedSourceAddressPrefixes", Property::AllowedSourceAddressPrefixes, Optional),
        ("resourceGroup", Property::Other, Ignored),
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

/// The body of a PUT: what is read-only or the service's own may hold anything.
pub static POLICY_BODY: Shape = Shape {
    title: "policy",
    members: &[
        ("kind", Property::Kind, Optional),
        ("properties", Property::Properties, Required),
        ("id", Property::ReadOnly, Ignored),
        ("name", Property::ReadOnly, Ignored),
        ("type", Property::ReadOnly, Ignored),
        ("location", Property::ReadOnly, Ignored),
        ("resourceGroup", Property::ReadOnly, Ignored),
        ("tags", Property::ReadOnly, Ignored),
        ("etag", Property::ReadOnly, Ignored),
        ("systemData", Property::ReadOnly, Ignored),
        ("apiVersion", Property::ReadOnly, Ignored),
    ],
    aliases: &[],
};

/// The `properties` of a PUT's body.
pub static PROPERTIES_BODY: Shape = Shape {
    title: "policy's `properties`",
    members: &[
        ("virtualMachines", Property::VirtualMachines, Required),
        ("requests", Property::ReadOnly, Ignored),
        ("provisioningState", Property::ReadOnly, Ignored),
        ("appendMode", Property::ReadOnly, Ignored),
    ],
    aliases: PROPERTIES.aliases,
};

/// A list of policies.
pub static LIST: Shape = Shape {
    title: "list",
    members: &[
        ("value", Property::Value, Required),
        ("nextLink", Property::NextLink, Optional),
        ("count", Property::Other, Ignored),
    ],
    aliases: &[],
};

/// The body of an `initiate` call.
pub static REQUEST: Shape = Shape {
    title: "request",
    members: &[
        ("virtualMachines", Property::VirtualMachines, Required),
        ("justification", Property::Justification, Optional),
        ("startTimeUtc", Property::StartTimeUtc, Ignored),
        ("requestor", Property::Requestor, Ignored),
    ],
    aliases: PROPERTIES.aliases,
};

/// A request as the service returns it.
pub static STORED_REQUEST: Shape = Shape {
    title: "stored request",
    members: &[
        ("virtualMachines", Property::VirtualMachines, Required),
        ("startTimeUtc", Property::StartTimeUtc, Required),
        ("requestor", Property::Requestor, Required),
        ("justification", Property::Justification, Optional),
    ],
    aliases: PROPERTIES.aliases,
};

/// A machine in a request.
pub static REQUEST_MACHINE: Shape = Shape {
    title: "virtual machine",
    members: &[
        ("id", Property::Id, Required),
        ("ports", Property::Ports, Required),
        ("resourceGroup", Property::Other, Ignored),
    ],
    aliases: MACHINE_ALIASES,
};

/// A port in a request.
pub static REQUEST_PORT: Shape = Shape {
    title: "requested port",
    members: &[
        ("number", Property::Number, Required),
        ("allowedSourceAddressPrefix", Property::AllowedSourceAddressPrefix, Optional),
        ("endTimeUtc", Property::EndTimeUtc, Optional),
        ("duration", Property::Duration, Optional),
        ("allowedSourceAddressPrefixes", Property::AllowedSourceAddressPrefixes, Optional),
        ("protocol", Property::Other, Ignored),
        ("status", Property::Other, Ignored),
        ("statusReason", Property::Other, Ignored),
        ("mappedPort", Property::Other, Ignored),
        ("closedTimeUtc", Property::Other, Ignored),
        ("closedBy", Property::Other, Ignored),
        ("resourceGroup", Property::Other, Ignored),
    ],
    aliases: REQUEST_PORT_ALIASES,
};

/// A port in a stored request.
pub static STORED_PORT: Shape = Shape {
    title: "requested port",
    members: &[
        ("number", Property::Number, Required),
        ("allowedSourceAddressPrefix", Property::AllowedSourceAddressPrefix, Optional),
        ("allowedSourceAddressPrefixes", Property::AllowedSourceAddressPrefixes, Optional),
        ("endTimeUtc", Property::EndTimeUtc, Required),
        ("status", Property::Status, Required),
        ("statusReason", Property::StatusReason, Required),
        ("mappedPort", Property::MappedPort, Optional),
        ("closedTimeUtc", Property::ClosedTimeUtc, Optional),
        ("closedBy", Property::Other, Optional),
        ("resourceGroup", Property::Other, Ignored),
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
pub static ALL: [&Shape; 13] = [
    &POLICY,
    &POLICY_BODY,
    &PROPERTIES_BODY,
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
