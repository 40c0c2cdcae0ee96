//! Which members are kept, of resources of which type.

use super::super::ArmKind;
use crate::json::{NodeId, NodeKind, Tape};
use crate::read::unresolved;

/// Of what type a member must be: an expression of a template is none.
#[derive(Clone, Copy)]
pub(super) enum Type {
    Text,
    Flag,
    Number,
    List,
    Object,
}

/// Members of resources of all types: of the resource itself, and of its `properties`.
pub(super) const OUTER: [(&str, Type); 3] =
    [("zones", Type::List), ("identity", Type::Object), ("plan", Type::Object)];
pub(super) const INNER: [(&str, Type); 2] = [("provisioningState", Type::Text), ("resourceGuid", Type::Text)];

/// The members of a type's `properties`.
pub(super) fn inner(kind: ArmKind) -> &'static [(&'static str, Type)] {
    match kind {
        ArmKind::VirtualMachine | ArmKind::ClassicVirtualMachine => &[
            ("additionalCapabilities", Type::Object),
            ("availabilitySet", Type::Object),
            ("diagnosticsProfile", Type::Object),
            ("evictionPolicy", Type::Text),
            ("licenseType", Type::Text),
            ("osProfile", Type::Object),
            ("priority", Type::Text),
            ("proximityPlacementGroup", Type::Object),
            ("securityProfile", Type::Object),
            ("storageProfile", Type::Object),
            ("timeCreated", Type::Text),
            ("virtualMachineScaleSet", Type::Object),
            ("vmId", Type::Text),
        ],
        ArmKind::NetworkInterface => &[
            ("dnsSettings", Type::Object),
            ("enableAcceleratedNetworking", Type::Flag),
            ("enableIPForwarding", Type::Flag),
            ("macAddress", Type::Text),
            ("nicType", Type::Text),
        ],
        ArmKind::NetworkSecurityGroup => &[("flowLogs", Type::List), ("flushConnection", Type::Flag)],
        ArmKind::PublicIpAddress => &[
            ("ddosSettings", Type::Object),
            ("dnsSettings", Type::Object),
            ("idleTimeoutInMinutes", Type::Number),
            ("ipTags", Type::List),
            ("natGateway", Type::Object),
            ("publicIPAddressVersion", Type::Text),
            ("publicIPPrefix", Type::Object),
        ],
        ArmKind::VirtualNetwork => &[
            ("ddosProtectionPlan", Type::Object),
            ("dhcpOptions", Type::Object),
            ("enableDdosProtection", Type::Flag),
            ("encryption", Type::Object),
            ("flowTimeoutInMinutes", Type::Number),
        ],
        ArmKind::AzureFirewall => &[
            ("additionalProperties", Type::Object),
            ("applicationRuleCollections", Type::List),
            ("hubIPAddresses", Type::Object),
            ("managementIpConfiguration", Type::Object),
            ("sku", Type::Object),
            ("threatIntelMode", Type::Text),
            ("virtualHub", Type::Object),
        ],
        ArmKind::RouteTable => &[("disableBgpRoutePropagation", Type::Flag)],
        ArmKind::ApplicationSecurityGroup => &[],
    }
}

impl Type {
    /// True for a value of the type that tells something.
    pub(super) fn fits(self, tape: &Tape, value: NodeId) -> bool {
        match (self, tape.kind(value)) {
            (Self::Text, NodeKind::String) => {
                tape.string(value).is_some_and(|text| !text.is_empty() && unresolved(&text).is_none())
            }
            (Self::Flag, NodeKind::True | NodeKind::False)
            | (Self::Number, NodeKind::Number)
            | (Self::List, NodeKind::Array)
            | (Self::Object, NodeKind::Object) => {
                tape.node(value).count > 0 || !matches!(self, Self::List | Self::Object)
            }
            _ => false,
        }
    }
}
