//! The engine: a network worked out once and asked many times. What reaches a machine, what decides about a
//! packet, and which machines just-in-time access is for.
//!
//! Every answer is a pair of bounds, for exports are rarely complete: what surely is so, and what may be so.
//! For the upper bound each unknown in a rule that allows matches as much as it can, and in one that denies as
//! little as it can; for the lower bound it is the other way round. What was not given lets nothing through
//! surely, and everything maybe.
//!
//! Judged are inbound filters alone. What a sender's own filters, routing or load balancers stop is not known
//! here, so it counts as open.

mod answer;
mod bounds;
mod classify;
mod compile;
mod describe;
mod doors;
mod effective;
mod index;
mod members;
mod nat;
mod reach;
mod region;
mod tags;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use hashbrown::HashMap;
use once_cell::race::OnceBox;

pub use answer::{Answer, Decider, Flow, Reachable, Resource, Stage};
pub use bounds::{Bounds, Side};
pub use classify::{Class, Reason};
pub use describe::Described;
pub use index::NotFound;

use super::{
    AzureFirewall, Index, NatRule, Network, NetworkSecurityGroup, Permission, Ref, RuleCollection,
    SecurityGroup, SecurityRule, VirtualMachine,
};
use compile::Table;
use doors::{Doors, Gate, Plan};
use index::Machines;
use nat::Firewall;
use tags::Names;

/// A network, ready to be asked. A clone, and one with some rules changed, shares all that is the same.
#[derive(Clone, Debug)]
pub struct Engine {
    base: Arc<Base>,
    /// By the places of the plans; made when first asked for.
    tables: Vec<Arc<OnceBox<Table>>>,
    firewalls: Vec<Arc<Firewall>>,
    changed: Changed,
}

/// What no change of rules touches.
#[derive(Debug)]
struct Base {
    network: Network,
    names: Names,
    machines: Machines,
    doors: Doors,
}

/// Rules in place of those given.
#[derive(Clone, Debug, Default)]
struct Changed {
    rules: HashMap<usize, Arc<Vec<SecurityRule>>>,
    permissions: HashMap<usize, Arc<Vec<Permission>>>,
    nat: HashMap<usize, Arc<Vec<RuleCollection<NatRule>>>>,
}

impl Engine {
    /// Works a network out. Tables are made when they are first needed.
    pub fn new(network: Network) -> Self {
        let (names, machines, doors) = (Names::new(&network), Machines::new(&network), Doors::new(&network));
        let tables = doors.plans.iter().map(|_| Arc::default()).collect();
        let firewalls = Firewall::all(&network, &names);
        let base = Arc::new(Base { network, names, machines, doors });
        Self { base, tables, firewalls, changed: Changed::default() }
    }

    /// The network as it was given, without changes.
    pub fn network(&self) -> &Network {
        &self.base.network
    }

    /// The machine of that id or name, without regard to case.
    pub fn find(&self, text: &str) -> Result<Index<VirtualMachine>, NotFound> {
        self.base.machines.find(&self.base.network, text)
    }

    /// The machines that have a private or public address.
    pub fn machines_at(&self, address: IpAddr) -> &[Index<VirtualMachine>] {
        self.base.machines.at(address)
    }

    /// An NSG's rules as they now are.
    pub fn rules(&self, nsg: Index<NetworkSecurityGroup>) -> &[SecurityRule] {
        let changed = self.changed.rules.get(&nsg.get()).map(|rules| rules.as_slice());
        let given = || self.base.network.nsgs.get(nsg.get()).map(|nsg| nsg.rules.as_slice());
        changed.or_else(given).unwrap_or_default()
    }

    /// An EC2 security group's permissions as they now are.
    pub fn permissions(&self, group: Index<SecurityGroup>) -> &[Permission] {
        let changed = self.changed.permissions.get(&group.get()).map(|permissions| permissions.as_slice());
        let given =
            || self.base.network.security_groups.get(group.get()).map(|group| group.ingress.as_slice());
        changed.or_else(given).unwrap_or_default()
    }

    /// A firewall's DNAT rules as they now are.
    pub fn nat(&self, firewall: Index<AzureFirewall>) -> &[RuleCollection<NatRule>] {
        let changed = self.changed.nat.get(&firewall.get()).map(|nat| nat.as_slice());
        let given =
            || self.base.network.firewalls.get(firewall.get()).map(|firewall| firewall.nat.as_slice());
        changed.or_else(given).unwrap_or_default()
    }

    /// The same network, but for the rules of one NSG.
    pub fn with_rules(
        &self,
        nsg: Index<NetworkSecurityGroup>,
        rules: impl Into<Arc<Vec<SecurityRule>>>,
    ) -> Self {
        let mut engine = self.anew(|plan| matches!(plan, Plan::Nsg { nsg: of, .. } if *of == nsg));
        engine.changed.rules.insert(nsg.get(), rules.into());
        engine
    }

    /// The same network, but for the rules of some NSGs: quicker than one after the other.
    pub fn with_all_rules(
        &self,
        changes: impl IntoIterator<Item = (Index<NetworkSecurityGroup>, Arc<Vec<SecurityRule>>)>,
    ) -> Self {
        let changes = changes.into_iter().map(|(nsg, rules)| (nsg.get(), rules));
        let changes: HashMap<_, _> = changes.collect();
        let mut engine =
            self.anew(|plan| matches!(plan, Plan::Nsg { nsg, .. } if changes.contains_key(&nsg.get())));
        engine.changed.rules.extend(changes);
        engine
    }

    /// The same network, but for the permissions of one EC2 security group. Who is in a group is not changed.
    pub fn with_permissions(&self, group: Index<SecurityGroup>, permissions: Vec<Permission>) -> Self {
        let mut engine = self.anew(|plan| match plan {
            Plan::Groups(groups) => groups.iter().any(|of| of.given() == Some(group)),
            Plan::Nsg { .. } => false,
        });
        engine.changed.permissions.insert(group.get(), Arc::new(permissions));
        engine
    }

    /// The same network, but for the DNAT rules of one firewall.
    pub fn with_nat(&self, firewall: Index<AzureFirewall>, nat: Vec<RuleCollection<NatRule>>) -> Self {
        let mut engine = self.clone();
        let Base { network, names, .. } = &*self.base;
        let given = network.firewalls.get(firewall.get());
        if let (Some(given), Some(made)) = (given, engine.firewalls.get_mut(firewall.get())) {
            *made = Arc::new(Firewall::new(firewall, given, &nat, network, names));
        }
        engine.changed.nat.insert(firewall.get(), Arc::new(nat));
        engine
    }

    /// The same engine, with the tables of another one wherever both would make the same of the same rules.
    pub(crate) fn sharing(mut self, other: &Self) -> Self {
        if !Arc::ptr_eq(&self.base, &other.base) {
            return self;
        }
        let base = self.base.clone();
        let alike: Vec<bool> =
            (0..base.network.nsgs.len()).map(|nsg| self.rules_alike(other, Index::new(nsg))).collect();
        for (at, plan) in base.doors.plans.iter().enumerate() {
            let same = match plan {
                Plan::Nsg { nsg, .. } => alike.get(nsg.get()).is_some_and(|same| *same),
                Plan::Groups(groups) => {
                    let mut given = groups.iter().filter_map(Ref::given);
                    given.all(|group| self.permissions(group) == other.permissions(group))
                }
            };
            if let (true, Some(own), Some(known)) = (same, self.tables.get_mut(at), other.tables.get(at)) {
                own.clone_from(known);
            }
        }
        for (at, known) in other.firewalls.iter().enumerate() {
            let same = self.nat(Index::new(at)) == other.nat(Index::new(at));
            if let (true, Some(own)) = (same, self.firewalls.get_mut(at)) {
                own.clone_from(known);
            }
        }
        self
    }

    fn rules_alike(&self, other: &Self, nsg: Index<NetworkSecurityGroup>) -> bool {
        let changed = |engine: &Self| engine.changed.rules.get(&nsg.get()).cloned();
        match (changed(self), changed(other)) {
            (None, None) => true,
            (Some(own), Some(others)) if Arc::ptr_eq(&own, &others) => true,
            _ => self.rules(nsg) == other.rules(nsg),
        }
    }

    /// True where the other one is this one, but for changes that touch nothing before this machine.
    pub(crate) fn filters_alike(&self, other: &Self, machine: Index<VirtualMachine>) -> bool {
        let mut gates = self.base.doors.of(machine).iter().flat_map(|door| [door.subnet, door.nic]);
        let table = |engine: &Self, place: u32| {
            usize::try_from(place).ok().and_then(|place| engine.tables.get(place)).map(Arc::as_ptr)
        };
        Arc::ptr_eq(&self.base, &other.base)
            && self.firewalls.iter().zip(&other.firewalls).all(|(one, other)| Arc::ptr_eq(one, other))
            && gates.all(|gate| match gate {
                Gate::Table(place) => table(self, place) == table(other, place),
                Gate::Open | Gate::NotGiven(_) => true,
            })
    }

    /// A clone that makes some tables anew.
    fn anew(&self, touched: impl Fn(&Plan) -> bool) -> Self {
        let mut engine = self.clone();
        for (table, plan) in engine.tables.iter_mut().zip(&self.base.doors.plans) {
            if touched(plan) {
                *table = Arc::default();
            }
        }
        engine
    }

    fn table(&self, place: u32) -> Option<&Table> {
        let place = usize::try_from(place).ok()?;
        let (table, plan) = (self.tables.get(place)?, self.base.doors.plans.get(place)?);
        Some(table.get_or_init(|| self.compile(plan).into()))
    }

    fn compile(&self, plan: &Plan) -> Table {
        let Base { network, names, doors, .. } = &*self.base;
        match plan {
            Plan::Nsg { nsg, scope, whereto } => {
                Table::of_nsg(*nsg, self.rules(*nsg), names, network, *scope, whereto.as_ref())
            }
            Plan::Groups(groups) => Table::of_groups(
                groups,
                |group| self.permissions(group),
                |missing| doors.missing_of(&missing.id),
                names,
            ),
        }
    }
}
