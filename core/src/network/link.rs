//! Links what was read: references become indices, and what was given apart is put together.

use alloc::vec::Vec;

use super::draft::{Claims, Draft, Resource};
use super::fact::{NetworkFact, Oddity, ResourceKind};
use super::given::{
    ApplicationSecurityGroup, Index, IpConfiguration, Missing, Network, NetworkInterface,
    NetworkSecurityGroup, Place, Ref, Subnet, VirtualMachine,
};
use super::join::parent_id;
use super::rule::{Address, Peer};
use crate::names::Names;

impl Draft {
    /// The network, and all that was found.
    pub fn link(mut self) -> (Network, Vec<NetworkFact>) {
        self.drop_old_claims();
        self.join_rules();
        self.unknown_rules();
        self.join_routes_and_peerings();
        self.lost_parts();
        self.say_bare();
        self.add_default_rules();
        self.same_priorities();
        let mut linker = Linker {
            missing: Names::of_any_case(0),
            on_nics: claimed(&self.nsg_claims, |claims| &claims.nics),
            on_subnets: claimed(&self.nsg_claims, |claims| &claims.subnets),
            draft: self,
        };
        linker.machines();
        linker.nics();
        linker.subnets();
        linker.rules();
        linker.firewalls();
        let mut draft = linker.draft;
        draft.others();
        draft.settle_tags();
        (draft.network, draft.facts)
    }
}

impl Draft {
    /// Whether there are NICs that were not given: subnets and NSGs tell of theirs.
    fn others(&mut self) {
        let of_nsgs = self.nsg_claims.iter().flat_map(|claims| &claims.nics).filter_map(|nic| match nic {
            Ref::Missing(nic) => Some(&nic.id),
            Ref::None | Ref::Given(_) => None,
        });
        let mut told = self.nics_of_subnets.iter().chain(of_nsgs);
        let missing = told.any(|id| self.names.get(id, ResourceKind::Nic.number()).is_none());
        // One that was shown alone does not tell of any other, as a list does.
        self.network.more |= missing || !self.listed_nics;
        self.network.others_ec2 = !self.all_interfaces;
    }
}

/// The NSG that says it is on something; none where two say so of the same.
type Claim = Option<Index<NetworkSecurityGroup>>;

/// Which NSG says that it is on what.
fn claimed<T>(claims: &[Claims], of: impl Fn(&Claims) -> &[Ref<T>]) -> Names<'static, Claim> {
    let mut names: Names<'static, Claim> = Names::of_any_case(claims.len());
    for claims in claims {
        let ids = of(claims).iter().filter_map(|of| match of {
            Ref::Missing(of) if !of.id.is_empty() => Some(&of.id),
            _ => None,
        });
        for id in ids {
            if let Some(earlier) = names.insert(id.clone(), 0, Some(claims.group))
                && *earlier != Some(claims.group)
            {
                *earlier = None;
            }
        }
    }
    names
}

struct Linker {
    draft: Draft,
    /// The places in the list of facts of what was not given, by id and kind.
    missing: Names<'static, usize>,
    on_nics: Names<'static, Claim>,
    on_subnets: Names<'static, Claim>,
}

impl Linker {
    /// Makes a reference an index, where what it means is there; says so where it is not.
    fn resolve<T: Resource>(&mut self, of: &mut Ref<T>) {
        let Ref::Missing(missing) = of else { return };
        match self.draft.names.get(&missing.id, T::KIND.number()) {
            Some(&index) => *of = Ref::Given(Index::new(index)),
            None => self.not_given(T::KIND, missing),
        }
    }

    fn resolve_all<T: Resource>(&mut self, all: &mut [Ref<T>]) {
        for of in all {
            self.resolve(of);
        }
    }

    /// The NSG of a NIC or a subnet: where what that tells of it was lost, the one that says it is on it. A whole one that
    /// tells of none, or of another, is of another time than that NSG, and it is not known which came later. What stands
    /// in for one leads nowhere, and that its resource was not given is said already.
    fn resolve_group(
        &mut self,
        of: &mut Ref<NetworkSecurityGroup>,
        (id, place): (&str, Place),
        claim: Option<Claim>,
    ) {
        let lost = of.lost_of(id);
        if !lost {
            self.resolve(of);
        }
        match (claim, &*of) {
            (Some(Some(group)), _) if lost => *of = Ref::Given(group),
            (None, _) | (_, Ref::Missing(_)) => {}
            (Some(claim), told) if claim.is_some() && claim == told.given() => {}
            (Some(_), Ref::None | Ref::Given(_)) => *of = Ref::None.or_lost_of(id, place),
        }
    }

    /// Once for each resource, with the number of references to it.
    fn not_given(&mut self, kind: ResourceKind, missing: &Missing) {
        let at = self.draft.facts.len();
        match self.missing.insert(missing.id.clone(), kind.number(), at).copied() {
            None => self.draft.fact(missing.place, Oddity::NotGiven { kind, times: 1 }),
            Some(earlier) => {
                if let Some(NetworkFact { oddity: Oddity::NotGiven { times, .. }, .. }) =
                    self.draft.facts.get_mut(earlier)
                {
                    *times = times.saturating_add(1);
                }
            }
        }
    }

    /// Links machines with their NICs, from both sides.
    fn machines(&mut self) {
        let told = core::mem::take(&mut self.draft.told);
        let mut told_of: Vec<_> =
            core::iter::repeat_with(|| None).take(self.draft.network.machines.len()).collect();
        for (machine, told) in told {
            if let Some(slot) = told_of.get_mut(machine.get()) {
                *slot = Some(told);
            }
        }
        let mut machines = core::mem::take(&mut self.draft.network.machines);
        for (machine, told) in machines.iter_mut().zip(told_of) {
            self.resolve_all(&mut machine.nics);
            self.stand_in(machine, told.unwrap_or_default());
        }
        self.draft.network.machines = machines;
        let owners = self.owners();
        self.adopt(owners);
    }

    /// The machine of each NIC, as machines tell it; a NIC that two have is said.
    fn owners(&mut self) -> Vec<Option<usize>> {
        let mut owners: Vec<Option<(usize, Place)>> = Vec::new();
        owners.resize(self.draft.network.nics.len(), None);
        let machines = core::mem::take(&mut self.draft.network.machines);
        for (at, machine) in machines.iter().enumerate() {
            for nic in machine.nics.iter().filter_map(Ref::given) {
                match owners.get_mut(nic.get()) {
                    Some(Some((other, first))) if *other != at => {
                        let first = *first;
                        self.draft.fact(machine.place, Oddity::SharedNic { first });
                    }
                    Some(slot) => *slot = Some((at, machine.place)),
                    None => {}
                }
            }
        }
        self.draft.network.machines = machines;
        owners.into_iter().map(|owner| owner.map(|(at, _)| at)).collect()
    }

    /// NICs that name a machine which does not name them belong to it all the same; a machine that only its NICs
    /// tell of is made up from them.
    fn adopt(&mut self, mut owners: Vec<Option<usize>>) {
        for (nic, machine) in core::mem::take(&mut self.draft.nic_machines) {
            let Ref::Missing(missing) = machine else { continue };
            let known = self.draft.names.get(&missing.id, ResourceKind::Machine.number()).copied();
            let at = match known {
                Some(at) => at,
                // Of scale sets, which have no machines of their own here, nothing is made.
                None if missing.id.contains("/virtualMachineScaleSets/") => continue,
                None => {
                    self.not_given(ResourceKind::Machine, &missing);
                    let name = missing.id.rsplit('/').next().unwrap_or_default().into();
                    let cloud =
                        if missing.id.starts_with("i-") { super::Cloud::Ec2 } else { super::Cloud::Azure };
                    let machine = VirtualMachine {
                        id: missing.id,
                        name,
                        cloud,
                        place: missing.place,
                        ..VirtualMachine::default()
                    };
                    self.draft.add(machine).get()
                }
            };
            match owners.get_mut(nic.get()) {
                // Whom a machine claims, it keeps.
                Some(Some(_)) | None => continue,
                Some(slot) => *slot = Some(at),
            }
            if let Some(machine) = self.draft.network.machines.get_mut(at) {
                machine.nics.push(Ref::Given(nic));
            }
        }
    }

    /// Puts a NIC in the place of one that was not given, with what others tell of it: its NSG is not known unless
    /// an NSG names it, its subnet is not known. So nothing surely passes, and the machine has its addresses.
    fn stand_in(&mut self, machine: &mut VirtualMachine, told: super::draft::Told) {
        let given = machine.nics.iter().filter_map(Ref::given);
        let known: Vec<_> = given
            .filter_map(|nic| self.draft.network.nics.get(nic.get()))
            .flat_map(|nic| nic.ip_configurations.iter().filter_map(|one| one.private))
            .collect();
        let private: Vec<_> = told.private.into_iter().filter(|ip| !known.contains(ip)).collect();
        let missing: Vec<usize> = machine
            .nics
            .iter()
            .enumerate()
            .filter_map(|(at, nic)| matches!(nic, Ref::Missing(_)).then_some(at))
            .collect();
        let Some(slot) = missing.first().and_then(|&at| machine.nics.get_mut(at)) else { return };
        let Ref::Missing(nic) = &*slot else { return };
        let nic = nic.clone();
        // Of several that were not given, it is not known which one has which address.
        let alone = missing.len() == 1;
        let group = self.on_nics.get(&nic.id, 0).copied().flatten().filter(|_| alone);
        if private.is_empty() && group.is_none() {
            return;
        }
        let public = match (private.as_slice(), told.public.as_slice()) {
            ([_], [public]) => Some(*public),
            _ => None,
        };
        let configuration = |private| IpConfiguration {
            private,
            public,
            subnet: Ref::Missing(nic.clone()),
            asgs: alloc::vec![Ref::None.or_lost_of("", nic.place)],
            ..IpConfiguration::default()
        };
        let mut ip_configurations: Vec<_> = private.into_iter().map(|ip| configuration(Some(ip))).collect();
        if ip_configurations.is_empty() {
            ip_configurations.push(configuration(None));
        }
        let stand_in = NetworkInterface {
            name: nic.id.rsplit('/').next().unwrap_or_default().into(),
            nsg: group.map_or_else(|| Ref::Missing(nic.clone()), Ref::Given),
            ip_configurations,
            stand_in: true,
            place: nic.place,
            id: nic.id.clone(),
            ..NetworkInterface::default()
        };
        *slot = Ref::Given(self.draft.add(stand_in));
    }

    fn nics(&mut self) {
        self.stand_in_groups();
        let mut nics = core::mem::take(&mut self.draft.network.nics);
        for nic in &mut nics {
            // What stands in for one of several may have the address of another.
            let claim = self.on_nics.get(&nic.id, 0).copied().filter(|_| !nic.stand_in);
            self.resolve_group(&mut nic.nsg, (&nic.id, nic.place), claim);
            self.resolve_all(&mut nic.security_groups);
            for one in &mut nic.ip_configurations {
                if !one.subnet.lost_of(&nic.id) {
                    self.stand_in_subnet(&one.subnet);
                    self.resolve(&mut one.subnet);
                }
                for group in one.asgs.iter_mut().filter(|group| !group.lost_of("")) {
                    self.resolve(group);
                }
                self.resolve(&mut one.public_ip);
                if let Some(public) = one.public_ip.given() {
                    one.public =
                        self.draft.network.public_ips.get(public.get()).and_then(|public| public.address);
                }
            }
        }
        self.draft.network.nics = nics;
    }

    /// Application security groups have nothing of their own: who is in them is told by the NICs. So where there are
    /// NICs, a group is as good as given when one of them names it.
    fn stand_in_groups(&mut self) {
        let mut named: Vec<Missing> = Vec::new();
        for one in self.draft.network.nics.iter().flat_map(|nic| &nic.ip_configurations) {
            named.extend(one.asgs.iter().filter_map(|of| match of {
                Ref::Missing(missing) if !missing.id.is_empty() => Some(missing.clone()),
                _ => None,
            }));
        }
        for Missing { id, place } in named {
            if self.draft.names.get(&id, ResourceKind::Asg.number()).is_none() {
                let name = id.rsplit('/').next().unwrap_or_default().into();
                self.draft.add(ApplicationSecurityGroup {
                    id,
                    name,
                    place,
                    ..ApplicationSecurityGroup::default()
                });
            }
        }
    }

    /// A subnet that was not given, but on which a given NSG says that it is.
    fn stand_in_subnet(&mut self, of: &Ref<Subnet>) {
        let Ref::Missing(Missing { id, place }) = of else { return };
        if self.draft.names.get(id, ResourceKind::Subnet.number()).is_some() {
            return;
        }
        if let Some(&Some(group)) = self.on_subnets.get(id, 0) {
            let subnet = Subnet {
                id: id.clone(),
                name: id.rsplit('/').next().unwrap_or_default().into(),
                vnet: Ref::Missing(Missing { id: parent_id(id), place: *place }),
                nsg: Ref::Given(group),
                place: *place,
                ..Subnet::default()
            };
            self.draft.add(subnet);
        }
    }

    fn subnets(&mut self) {
        let mut subnets = core::mem::take(&mut self.draft.network.subnets);
        for (at, subnet) in subnets.iter_mut().enumerate() {
            self.resolve(&mut subnet.vnet);
            let claim = self.on_subnets.get(&subnet.id, 0).copied();
            self.resolve_group(&mut subnet.nsg, (&subnet.id, subnet.place), claim);
            if !subnet.route_table.lost_of(&subnet.id) {
                self.resolve(&mut subnet.route_table);
            }
            let vnet = subnet.vnet.given().and_then(|vnet| self.draft.network.vnets.get_mut(vnet.get()));
            if let Some(vnet) = vnet {
                vnet.subnets.push(Index::new(at));
            }
        }
        self.draft.network.subnets = subnets;
        let mut vnets = core::mem::take(&mut self.draft.network.vnets);
        for peering in vnets.iter_mut().flat_map(|vnet| &mut vnet.peerings) {
            self.resolve(&mut peering.remote);
        }
        self.draft.network.vnets = vnets;
    }

    /// The groups that rules name.
    fn rules(&mut self) {
        let mut nsgs = core::mem::take(&mut self.draft.network.nsgs);
        for rule in nsgs.iter_mut().flat_map(|group| &mut group.rules) {
            for address in rule.sources.iter_mut().chain(&mut rule.destinations) {
                if let Address::Group(group) = address {
                    self.resolve(group);
                }
            }
        }
        self.draft.network.nsgs = nsgs;
        let mut groups = core::mem::take(&mut self.draft.network.security_groups);
        for peer in groups.iter_mut().flat_map(|group| &mut group.ingress).flat_map(|one| &mut one.peers) {
            if let Peer::Group(group) = peer {
                self.resolve(group);
            }
        }
        self.draft.network.security_groups = groups;
    }

    fn firewalls(&mut self) {
        let mut firewalls = core::mem::take(&mut self.draft.network.firewalls);
        for firewall in &mut firewalls {
            self.resolve(&mut firewall.subnet);
            self.resolve_all(&mut firewall.public_ips);
            let known = firewall.public_ips.iter().filter_map(Ref::given);
            let address = |of: Index<_>| self.draft.network.public_ips.get(of.get())?.address;
            firewall.public.extend(known.filter_map(address));
        }
        self.draft.network.firewalls = firewalls;
    }
}
