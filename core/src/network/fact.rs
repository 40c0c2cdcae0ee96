//! What reading a network found that the model cannot hold. Facts have no words; the rules of family 7
//! give them some.

use ipnet::IpNet;

use super::given::Place;
use super::rule::Direction;

/// Something found, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkFact {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub oddity: Oddity,
}

/// Something about a network that is wrong or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// The priority here is that of an earlier rule of the same NSG and direction.
    SamePriority {
        /// The number.
        priority: u32,
        /// Which way both rules look.
        direction: Direction,
        /// The earlier rule's priority.
        first: Place,
    },
    /// A priority that the service does not take, or none.
    BadPriority {
        /// It is not there at all; the place is the rule.
        absent: bool,
    },
    /// A rule has nothing here, which no rule that exists has, so that it may match anything; the place is the rule.
    Empty(Aspect),
    /// A list and its single form are both given; they count together.
    BothForms(Aspect),
    /// Neither an address, nor a CIDR block, nor a service tag.
    BadPrefix,
    /// A block whose address has bits behind the mask: it counts as the whole block.
    HostBits(IpNet),
    /// All sources are of one family of addresses and all destinations of the other; the place is the rule.
    MixedFamilies,
    /// A range whose first port is higher than its last.
    PortsBackwards,
    /// Neither a port, nor a range of ports, nor `*`.
    BadPort,
    /// Not a protocol that this kind of rule knows.
    BadProtocol,
    /// Neither `Allow` nor `Deny`; the place is the rule where it is absent.
    BadAccess,
    /// Neither `Inbound` nor `Outbound`; the place is the rule where it is absent.
    BadDirection,
    /// An address that is none.
    BadAddress,
    /// A service tag whose prefixes are not known; said once for each tag.
    UnknownTag {
        /// How often it is used.
        times: u32,
        /// Prefixes of tags were given, but none for this one.
        others: bool,
    },
    /// A resource is referred to and was not given; said once for each resource.
    NotGiven {
        /// What it is.
        kind: ResourceKind,
        /// How often it is referred to.
        times: u32,
    },
    /// A resource, or a rule of an NSG, is given for the second time, and differs; it may be either.
    GivenTwice {
        /// What it is.
        kind: ResourceKind,
        /// Where it was given before.
        first: Place,
    },
    /// A resource is given without what decides: an NSG without its rules. The place is its name, where it has one.
    Bare(ResourceKind),
    /// A part of a resource is not there, that decides and that every such resource has; the place is the resource or the part.
    Lost(Lost),
    /// A resource without an id and without what would make one: nothing can refer to it.
    NoId(ResourceKind),
    /// A rule without a name.
    NoName,
    /// Variables or parameters of a template that stand for one another.
    Cycle,
    /// A nested template that is somewhere else.
    LinkedTemplate,
    /// A NIC that two machines have; the place is the second one's reference.
    SharedNic {
        /// The first one's.
        first: Place,
    },
}

/// What an export may lose on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// All DNAT rules of a firewall.
    NatRules,
    /// All network rules of a firewall.
    NetworkRules,
    /// The rules of a collection of a firewall's.
    Rules,
    /// The subnet of an IP configuration.
    Subnet,
    /// An address prefix: of an address space, of a subnet, or of a route.
    Prefix,
    /// Subnets of a virtual network, or peerings.
    Subnets,
    /// The same.
    Peerings,
    /// Machines or NICs behind a page of them; the place is what tells of the next page.
    Page,
    /// The id of what is referred to.
    Id,
    /// Whether a template deploys something; the place is what it hangs on.
    Condition,
}

/// The parts of a rule that hold a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Source addresses.
    Sources,
    /// Source ports.
    SourcePorts,
    /// Destination addresses.
    Destinations,
    /// Destination ports.
    DestinationPorts,
}

/// The kinds of resources that a network is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A virtual machine or an EC2 instance.
    Machine,
    /// A network interface.
    Nic,
    /// A subnet.
    Subnet,
    /// A virtual network.
    Vnet,
    /// A network security group.
    Nsg,
    /// A rule of an NSG.
    Rule,
    /// An application security group.
    Asg,
    /// A public address.
    PublicIp,
    /// A route table.
    RouteTable,
    /// An Azure Firewall.
    Firewall,
    /// An EC2 security group.
    SecurityGroup,
}

impl ResourceKind {
    /// Tells kinds apart where names of all of them are kept together.
    pub(super) const fn number(self) -> u16 {
        match self {
            Self::Machine => 0,
            Self::Nic => 1,
            Self::Subnet => 2,
            Self::Vnet => 3,
            Self::Nsg => 4,
            Self::Rule => 5,
            Self::Asg => 6,
            Self::PublicIp => 7,
            Self::RouteTable => 8,
            Self::Firewall => 9,
            Self::SecurityGroup => 10,
        }
    }
}
