//! Turns of phrase of this family.

use crate::network::{Aspect, ResourceKind};

/// A kind of resource, as messages say it.
pub const fn resource(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Machine => "machine",
        ResourceKind::Nic => "NIC",
        ResourceKind::Subnet => "subnet",
        ResourceKind::Vnet => "virtual network",
        ResourceKind::Nsg => "NSG",
        ResourceKind::Rule => "rule",
        ResourceKind::Asg => "application security group",
        ResourceKind::PublicIp => "public address",
        ResourceKind::RouteTable => "route table",
        ResourceKind::Firewall => "firewall",
        ResourceKind::SecurityGroup => "security group",
    }
}

/// A part of a rule, as messages say it.
pub const fn part(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Sources => "source",
        Aspect::SourcePorts => "source port",
        Aspect::Destinations => "destination",
        Aspect::DestinationPorts => "destination port",
    }
}
