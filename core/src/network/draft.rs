//! A network while it is read: resources in the order in which they come, each once, and what can only be
//! settled when all of them are there.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::differ::Differ;
use super::fact::{NetworkFact, Oddity, ResourceKind};
use super::given::{
    ApplicationSecurityGroup, AzureFirewall, Cloud, Index, Network, NetworkInterface, NetworkSecurityGroup,
    Peering, Place, PublicIpAddress, Ref, Route, RouteTable, SecurityGroup, Subnet, VirtualMachine,
    VirtualNetwork,
};
use super::rule::SecurityRule;
use super::unsure::{Unsure, Why};
use crate::names::Names;
use crate::order;
use crate::read::MAX_FACTS;

/// What was read so far.
#[derive(Debug)]
pub(super) struct Draft {
    pub network: Network,
    pub facts: Vec<NetworkFact>,
    /// Indices of resources by id and [`ResourceKind::number`].
    pub names: Names<'static, usize>,
    /// Rules, peerings and routes that are resources of their own, with the id of what they belong to; of rules and routes also
    /// whether they are of a list, in which all are.
    pub rules: Vec<LoneRule>,
    /// The NSGs and the route tables with such a list, by their places.
    pub whole_rules: Vec<usize>,
    pub whole_routes: Vec<usize>,
    /// Where resources that came without what decides, and their names, stand: by id and [`ResourceKind::number`].
    pub bare: Names<'static, [Place; 2]>,
    pub peerings: Vec<(String, Peering, Place)>,
    /// How the subnets and the peerings of networks came.
    pub subnet_lists: Lists,
    pub peering_lists: Lists,
    /// A route is none where it is not known.
    pub routes: Vec<(String, Option<Route>, Place, bool)>,
    /// What NSGs say they are on, each as often as it was given.
    pub nsg_claims: Vec<Claims>,
    /// What machine a NIC says it belongs to.
    pub nic_machines: Vec<(Index<NetworkInterface>, Ref<VirtualMachine>)>,
    /// The addresses that a machine's own export tells.
    pub told: Vec<(Index<VirtualMachine>, Told)>,
    /// NICs that subnets tell of, by id.
    pub nics_of_subnets: Vec<String>,
    /// A list of all network interfaces of EC2 was given.
    pub all_interfaces: bool,
    /// A list of NICs of Azure was given.
    pub listed_nics: bool,
    /// Where pages with machines or NICs tell of more.
    pub pages: Vec<Place>,
    /// So many files, the first ones, give way to the others.
    pub around: u32,
    /// What it hangs on whether what comes now is there at all; and of which such value that was said last.
    pub perhaps: Option<Why>,
    pub perhaps_said: Option<Place>,
    /// Service tags that rules name, each once: where first, and how often.
    pub tags: Vec<(String, Place, u32)>,
    pub tag_names: Names<'static, usize>,
}

/// A rule that is a resource of its own.
#[derive(Debug)]
pub(super) struct LoneRule {
    /// The id of its NSG; and what of that is known for certain.
    pub group: String,
    pub known: String,
    pub rule: SecurityRule,
    /// It is of a list, in which all of the NSG's are.
    pub listed: bool,
}

/// What an NSG says it is on.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    pub group: Index<NetworkSecurityGroup>,
    pub subnets: Vec<Ref<Subnet>>,
    pub nics: Vec<Ref<NetworkInterface>>,
    /// It tells all that it is on, or nothing of it.
    pub whole: bool,
    /// It has lists of that.
    pub told: bool,
}

/// Where what belongs to virtual networks stands, which are told by their ids: in their own lists, in lists by themselves, or
/// alone.
#[derive(Debug)]
pub(super) struct Lists {
    /// What stands in networks' own lists.
    own: Names<'static, ()>,
    /// Networks whose own list is whole.
    whole: Names<'static, ()>,
    /// Networks from whose own list something was cut off, and where.
    cut: Vec<(String, Place)>,
    /// Networks of which there is a list by itself, in which all are.
    listed: Names<'static, ()>,
    /// What was shown alone, or on a page, with its network.
    parts: Vec<(String, String)>,
}

impl Default for Lists {
    fn default() -> Self {
        let names = || Names::of_any_case(0);
        Self { own: names(), whole: names(), cut: Vec::new(), listed: names(), parts: Vec::new() }
    }
}

impl Lists {
    /// A network's own list, from which something may have been cut off.
    pub fn own(&mut self, network: &str, members: impl Iterator<Item = String>, cut: Option<Place>) {
        for member in members {
            self.own.insert(member, 0, ());
        }
        match cut {
            Some(place) => self.cut.push((network.into(), place)),
            None => _ = self.whole.insert(String::from(network), 0, ()),
        }
    }

    /// What stands by itself, of a list or not.
    pub fn lone(&mut self, network: &str, member: String, listed: bool) {
        if listed {
            self.listed.insert(String::from(network), 0, ());
        } else {
            self.parts.push((network.into(), member));
        }
    }

    /// True for a network of which there is a list by itself.
    pub fn is_listed(&self, network: &str) -> bool {
        self.listed.get(network, 0).is_some()
    }

    /// True for a network whose own list came whole, once at least.
    pub fn is_whole(&self, network: &str) -> bool {
        self.whole.get(network, 0).is_some()
    }

    /// The networks that have more than was given, and where it was cut off. What a network's own list does not have tells that
    /// there are more than that, and not which.
    pub fn lost(&self) -> impl Iterator<Item = (&str, Option<Place>)> {
        let cut = self.cut.iter().map(|(network, place)| (network.as_str(), Some(*place)));
        let is_own = move |member: &str| !member.is_empty() && self.own.get(member, 0).is_some();
        let parts = self.parts.iter().filter(move |(_, member)| !is_own(member));
        let all = cut.chain(parts.map(|(network, _)| (network.as_str(), None)));
        all.filter(|(network, _)| !self.is_listed(network))
    }
}

/// Addresses that `az vm list -d` tells of a machine.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub private: Vec<IpAddr>,
    pub public: Vec<IpAddr>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            network: Network::default(),
            facts: Vec::new(),
            names: Names::of_any_case(0),
            rules: Vec::new(),
            whole_rules: Vec::new(),
            whole_routes: Vec::new(),
            bare: Names::of_any_case(0),
            peerings: Vec::new(),
            subnet_lists: Lists::default(),
            peering_lists: Lists::default(),
            routes: Vec::new(),
            nsg_claims: Vec::new(),
            nic_machines: Vec::new(),
            told: Vec::new(),
            nics_of_subnets: Vec::new(),
            all_interfaces: false,
            listed_nics: false,
            pages: Vec::new(),
            around: 0,
            perhaps: None,
            perhaps_said: None,
            tags: Vec::new(),
            tag_names: Names::of_any_case(0),
        }
    }
}

/// A resource with an id.
pub(super) trait Resource: Differ + Unsure + Default {
    const KIND: ResourceKind;
    fn id(&self) -> &str;
    fn place(&self) -> Place;
    fn list(network: &mut Network) -> &mut Vec<Self>;
}

macro_rules! resources {
    ($($of:ident $kind:ident $list:ident;)*) => {$(
        impl Resource for $of {
            const KIND: ResourceKind = ResourceKind::$kind;
            fn id(&self) -> &str {
                &self.id
            }
            fn place(&self) -> Place {
                self.place
            }
            fn list(network: &mut Network) -> &mut Vec<Self> {
                &mut network.$list
            }
        }
    )*};
}

resources! {
    VirtualMachine Machine machines;
    NetworkInterface Nic nics;
    Subnet Subnet subnets;
    VirtualNetwork Vnet vnets;
    NetworkSecurityGroup Nsg nsgs;
    ApplicationSecurityGroup Asg asgs;
    PublicIpAddress PublicIp public_ips;
    RouteTable RouteTable route_tables;
    AzureFirewall Firewall firewalls;
    SecurityGroup SecurityGroup security_groups;
}

impl Draft {
    #[cold]
    pub fn fact(&mut self, place: Place, oddity: Oddity) {
        if self.facts.len() < MAX_FACTS {
            self.facts.push(NetworkFact { place, oddity });
        }
    }

    /// Takes a resource in. One that was given before with the same id stays as it was where it says the same, takes in what
    /// differs where it does not, and gives way where it came without what decides.
    pub fn add<T: Resource>(&mut self, mut resource: T) -> Index<T> {
        if let Some(why) = &self.perhaps {
            resource.unsure(why);
        }
        let list = T::list(&mut self.network);
        let index = list.len();
        if resource.id().is_empty() {
            list.push(resource);
            return Index::new(index);
        }
        let earlier = self.names.insert(String::from(resource.id()), T::KIND.number(), index).copied();
        let Some(earlier) = earlier else {
            list.push(resource);
            return Index::new(index);
        };
        let Some(first) = list.get_mut(earlier) else { return Index::new(earlier) };
        let (place, first_place) = (resource.place(), first.place());
        let bare = bare(&self.bare, T::KIND, first.id(), first_place).is_some();
        if bare || gives_way(self.around, first_place, place) {
            *first = resource;
        } else if !first.agrees(&resource) {
            let before = core::mem::replace(first, resource);
            first.differ(before);
            // Cases of a condition are no two, nor is what has a member twice.
            if self.perhaps.is_none() && place != first_place {
                self.fact(place, Oddity::GivenTwice { kind: T::KIND, first: first_place });
            }
        }
        Index::new(earlier)
    }

    /// Of an NSG that was given again, what it said before that it is on is of no account. Where it has no lists, as an
    /// export that is on nothing, what a bare one tells still counts.
    pub fn drop_old_claims(&mut self) {
        // From the last one back: whether a later one was whole, and whether it had lists.
        let mut later = alloc::vec![(false, false); self.network.nsgs.len()];
        for claims in self.nsg_claims.iter_mut().rev() {
            let Some((whole, told)) = later.get_mut(claims.group.get()) else { continue };
            if *whole && (claims.whole || *told) {
                claims.subnets.clear();
                claims.nics.clear();
            }
            *whole |= claims.whole;
            *told |= claims.whole && claims.told;
        }
    }

    /// Says what is still bare when all is read, beside groups of rules, of which that is said where their rules are joined.
    pub fn say_bare(&mut self) {
        order::distinct(&mut self.whole_routes);
        for (at, table) in self.network.route_tables.iter_mut().enumerate() {
            // Routes that are listed by themselves are all of them. One that somebody had shown alone tells of no other.
            let bare = bare(&self.bare, ResourceKind::RouteTable, &table.id, table.place).is_some();
            table.lost |= bare && self.whole_routes.binary_search(&at).is_err();
        }
        self.say_bare_machines();
        self.say_bare_of::<NetworkInterface>();
        self.say_bare_of::<VirtualNetwork>();
        self.say_bare_of::<Subnet>();
        self.say_bare_of::<RouteTable>();
        self.say_bare_of::<AzureFirewall>();
    }

    /// Those that no NIC names: of others their NICs are known all the same. Classic ones have none here.
    fn say_bare_machines(&mut self) {
        let mut named = Names::of_any_case(self.nic_machines.len());
        for (_, machine) in &self.nic_machines {
            if let Ref::Missing(machine) = machine {
                named.insert(machine.id.as_str(), 0, ());
            }
        }
        let kind = ResourceKind::Machine;
        let mut facts = Vec::new();
        for machine in self.network.machines.iter().filter(|machine| machine.cloud == Cloud::Azure) {
            if named.get(&machine.id, 0).is_none() {
                facts.extend(bare(&self.bare, kind, &machine.id, machine.place));
            }
        }
        drop(named);
        for name in facts {
            self.fact(name, Oddity::Bare(kind));
        }
    }

    fn say_bare_of<T: Resource>(&mut self) {
        let all = T::list(&mut self.network).iter();
        let all = all.filter_map(|one| bare(&self.bare, T::KIND, one.id(), one.place()));
        for name in all.collect::<Vec<_>>() {
            self.fact(name, Oddity::Bare(T::KIND));
        }
    }

    /// A rule names a service tag.
    pub fn tag(&mut self, tag: &str, place: Place) {
        let index = self.tags.len();
        match self.tag_names.insert(String::from(tag), 0, index).copied() {
            None => self.tags.push((tag.into(), place, 1)),
            Some(earlier) => {
                if let Some((.., times)) = self.tags.get_mut(earlier) {
                    *times = times.saturating_add(1);
                }
            }
        }
    }
}

/// Where the resource at that place is named, if it came without what decides.
pub(super) fn bare(
    all: &Names<'static, [Place; 2]>,
    kind: ResourceKind,
    id: &str,
    at: Place,
) -> Option<Place> {
    all.get(id, kind.number()).filter(|[place, _]| *place == at).map(|[_, name]| *name)
}

/// True for what is of a file that gives way to the other's.
pub(super) fn gives_way(around: u32, one: Place, other: Place) -> bool {
    one.file < around && other.file >= around
}
