//! What may be there or not, as what a template deploys on a condition: nothing is closed by it, and nothing is surely open.

use alloc::string::String;

use super::given::{
    ApplicationSecurityGroup, AzureFirewall, IpConfiguration, Missing, NetworkInterface,
    NetworkSecurityGroup, Place, PublicIpAddress, Ref, RouteTable, SecurityGroup, Sku, Subnet,
    VirtualMachine, VirtualNetwork,
};
use super::rule::{Permission, SecurityRule};

/// What it hangs on whether something is there.
#[derive(Clone, Debug)]
pub(super) struct Why {
    /// As it is written.
    pub text: String,
    pub place: Place,
}

/// Takes back what a resource decides.
pub(super) trait Unsure {
    fn unsure(&mut self, why: &Why);
}

/// Of these others tell what counts.
impl Unsure for VirtualMachine {
    fn unsure(&mut self, _: &Why) {}
}

impl Unsure for ApplicationSecurityGroup {
    fn unsure(&mut self, _: &Why) {}
}

impl Unsure for NetworkSecurityGroup {
    fn unsure(&mut self, why: &Why) {
        self.rules.push(SecurityRule::unknown(&why.text, why.place));
    }
}

impl Unsure for SecurityGroup {
    fn unsure(&mut self, why: &Why) {
        self.ingress.push(Permission::unknown(why.place));
    }
}

/// One that is there instead may be in any subnet.
impl Unsure for NetworkInterface {
    fn unsure(&mut self, why: &Why) {
        let lost = |id: &str| Missing { id: id.into(), place: why.place };
        self.nsg = Ref::Missing(lost(&self.id));
        self.ip_configurations.push(IpConfiguration {
            subnet: Ref::Missing(lost(&self.id)),
            asgs: alloc::vec![Ref::Missing(lost(""))],
            ..IpConfiguration::default()
        });
    }
}

impl Unsure for Subnet {
    fn unsure(&mut self, why: &Why) {
        self.lost = true;
        self.nsg = Ref::None.or_lost_of(&self.id, why.place);
        self.route_table = Ref::None.or_lost_of(&self.id, why.place);
    }
}

impl Unsure for VirtualNetwork {
    fn unsure(&mut self, _: &Why) {
        self.lost = true;
    }
}

/// It may be of the kind that closes nothing.
impl Unsure for PublicIpAddress {
    fn unsure(&mut self, _: &Why) {
        (self.address, self.sku) = (None, Sku::Unknown);
    }
}

impl Unsure for RouteTable {
    fn unsure(&mut self, _: &Why) {
        self.lost = true;
    }
}

impl Unsure for AzureFirewall {
    fn unsure(&mut self, _: &Why) {
        (self.lost, self.network_lost) = (true, true);
    }
}
