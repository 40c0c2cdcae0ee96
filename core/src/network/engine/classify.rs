//! Which machines just-in-time access is for, in the three groups that Microsoft Defender for Cloud shows:
//! configured, not configured, unsupported.

use super::Engine;
use crate::network::{
    AzureFirewall, Cloud, Index, IpConfiguration, NetworkInterface, NetworkSecurityGroup, Ref, Unsupported,
    VirtualMachine,
};

/// The group that a machine is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A policy covers it.
    Configured,
    /// No policy covers it, and one could.
    NotConfigured,
    /// No policy can.
    Unsupported(Reason),
}

/// Why a machine cannot have just-in-time access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A classic machine.
    Classic,
    /// Switched off by a security policy.
    DisabledByPolicy,
    /// No NSG and no Azure Firewall.
    NoFilter,
    /// No NSG, and the only Azure Firewall takes its rules from a firewall policy.
    FirewallManager,
    /// An EC2 instance without a security group.
    NoSecurityGroup,
    /// An EC2 instance whose security groups were not given.
    GroupsNotGiven,
    /// What would tell was not given.
    NotGiven,
}

impl Class {
    /// The group's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configured => "Configured",
            Self::NotConfigured => "Not configured",
            Self::Unsupported(_) => "Unsupported",
        }
    }

    /// Why it is in that group.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Configured => "a just-in-time access policy covers it",
            Self::NotConfigured => "no just-in-time access policy covers it, and one could",
            Self::Unsupported(reason) => reason.words(),
        }
    }
}

impl Reason {
    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Classic => {
                "classic VM: just-in-time access is for machines deployed through Azure Resource Manager"
            }
            Self::DisabledByPolicy => {
                "just-in-time access is disabled in the security policy of the subscription or the resource group"
            }
            Self::NoFilter => {
                "missing network security group (NSG) or Azure Firewall: just-in-time access works by their rules"
            }
            Self::FirewallManager => {
                "missing network security group (NSG), and its Azure Firewall is controlled by Azure Firewall \
                 Manager: just-in-time access needs a firewall with classic rules"
            }
            Self::NoSecurityGroup => {
                "missing EC2 security group: just-in-time access works by the permissions of one"
            }
            Self::GroupsNotGiven => {
                "no EC2 security group was given for it, and every instance has one: add its export to know"
            }
            Self::NotGiven => {
                "neither a network security group (NSG) nor an Azure Firewall was given for it: \
                 add its network interfaces and subnets to know"
            }
        }
    }
}

/// What is known of the filters before a machine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filtered {
    Yes,
    No,
    NotKnown,
}

impl Engine {
    /// The group that a machine is in; `in_policy` if a policy names it.
    pub fn classify(&self, machine: Index<VirtualMachine>, in_policy: bool) -> Class {
        let Some(vm) = self.network().machines.get(machine.get()) else {
            return Class::Unsupported(Reason::NotGiven);
        };
        if vm.cloud == Cloud::AzureClassic || vm.unsupported == Some(Unsupported::Classic) {
            return Class::Unsupported(Reason::Classic);
        }
        if vm.unsupported == Some(Unsupported::DisabledByPolicy) {
            return Class::Unsupported(Reason::DisabledByPolicy);
        }
        if in_policy {
            return Class::Configured;
        }
        let firewalls = || self.firewalls_of(machine);
        match self.filtered(vm) {
            Filtered::Yes => Class::NotConfigured,
            Filtered::No if vm.cloud == Cloud::Ec2 => Class::Unsupported(Reason::NoSecurityGroup),
            Filtered::NotKnown if vm.cloud == Cloud::Ec2 => Class::Unsupported(Reason::GroupsNotGiven),
            Filtered::No | Filtered::NotKnown if firewalls().any(|firewall| !firewall.managed) => {
                Class::NotConfigured
            }
            Filtered::No if firewalls().next().is_some() => Class::Unsupported(Reason::FirewallManager),
            Filtered::No => Class::Unsupported(Reason::NoFilter),
            Filtered::NotKnown => Class::Unsupported(Reason::NotGiven),
        }
    }

    /// The firewalls in the virtual networks of a machine.
    fn firewalls_of(&self, machine: Index<VirtualMachine>) -> impl Iterator<Item = &AzureFirewall> {
        let doors = self.base.doors.of(machine);
        self.network().firewalls.iter().filter(move |firewall| {
            let vnet = self.vnet_of(firewall);
            vnet.is_some() && doors.iter().any(|door| door.vnet == vnet)
        })
    }

    /// Whether an NSG or a security group stands before a machine. One that is referred to is there, given or not.
    fn filtered(&self, machine: &VirtualMachine) -> Filtered {
        let mut filtered = if machine.nics.is_empty() { Filtered::NotKnown } else { Filtered::No };
        for nic in &machine.nics {
            let given = nic.given().and_then(|nic| self.network().nics.get(nic.get()));
            match (nic, given) {
                (_, Some(nic)) if machine.cloud == Cloud::Ec2 => {
                    // Which group it is in may have been lost on the way.
                    let lost = |group: &Ref<_>| matches!(group, Ref::Missing(group) if group.id.is_empty());
                    if !nic.security_groups.iter().all(lost) {
                        return Filtered::Yes;
                    }
                    if !nic.security_groups.is_empty() {
                        filtered = Filtered::NotKnown;
                    }
                }
                (_, Some(nic)) => match self.filtered_at(nic) {
                    Filtered::Yes => return Filtered::Yes,
                    Filtered::No => {}
                    Filtered::NotKnown => filtered = Filtered::NotKnown,
                },
                (Ref::Missing(_), None) => filtered = Filtered::NotKnown,
                (Ref::None | Ref::Given(_), None) => {}
            }
        }
        filtered
    }

    fn filtered_at(&self, nic: &NetworkInterface) -> Filtered {
        let own = filter(&nic.nsg, &nic.id);
        let of_subnet = |configuration: &IpConfiguration| match &configuration.subnet {
            Ref::None => Filtered::No,
            Ref::Missing(_) => Filtered::NotKnown,
            Ref::Given(subnet) => self
                .network()
                .subnets
                .get(subnet.get())
                .map_or(Filtered::No, |subnet| filter(&subnet.nsg, &subnet.id)),
        };
        let all = nic.ip_configurations.iter().map(of_subnet);
        all.fold(own, |all, one| match (all, one) {
            (Filtered::Yes, _) | (_, Filtered::Yes) => Filtered::Yes,
            (Filtered::NotKnown, _) | (_, Filtered::NotKnown) => Filtered::NotKnown,
            (Filtered::No, Filtered::No) => Filtered::No,
        })
    }
}

/// Of the NSG of the resource of that id. One that is referred to is there, given or not.
fn filter(nsg: &Ref<NetworkSecurityGroup>, id: &str) -> Filtered {
    match nsg {
        Ref::None => Filtered::No,
        lost if lost.lost_of(id) => Filtered::NotKnown,
        Ref::Given(_) | Ref::Missing(_) => Filtered::Yes,
    }
}
