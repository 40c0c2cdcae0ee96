//! Virtual networks, their subnets and their peerings.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use ipnet::IpNet;

use super::{Head, Parent, Reader};
use crate::json::{NodeId, NodeKind};
use crate::network::fact::{Oddity, ResourceKind};
use crate::network::given::{Peering, Ref, Subnet, VirtualNetwork};
use crate::network::join::{parent_id, peering_key};

/// The members of a peering.
const PEERING: [&str; 6] = [
    "remoteVirtualNetwork",
    "remoteVirtualNetworkAddressSpace",
    "remoteAddressSpace",
    "useRemoteGateways",
    "peeringState",
    "allowVirtualNetworkAccess",
];

impl Reader<'_, '_> {
    pub(super) fn vnet(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Vnet);
        let [space, subnets, peerings] =
            self.fields(node, &["addressSpace", "subnets", "virtualNetworkPeerings"]);
        let (prefixes, lost) = self.address_space(space);
        let (peerings, peerings_lost) = self.peerings(peerings, &id);
        let export = self.is_export(node);
        self.subnets(subnets, &id, export);
        // Every network has an address space: it was left out, or lost on the way.
        if prefixes.is_empty() && export && !self.bare(&id, ResourceKind::Vnet, node) {
            return;
        }
        self.draft.add(VirtualNetwork {
            id,
            name,
            location,
            prefixes,
            lost,
            peerings,
            peerings_lost,
            place,
            ..VirtualNetwork::default()
        });
    }

    /// The subnets of a network's own list. What stands in the place of one tells nothing of it.
    fn subnets(&mut self, list: Option<NodeId>, vnet: &str, export: bool) {
        let (mut own, mut cut) = (Vec::new(), None);
        for node in self.list(list) {
            let [name, told] = self.fields(node, &["name", "id"]);
            let name = name.and_then(|node| self.name(node)).unwrap_or_default();
            let told = told.and_then(|node| self.name(node)).unwrap_or_default();
            let id = match told.trim_end_matches('/') {
                "" if vnet.is_empty() || name.is_empty() => String::new(),
                "" => [vnet, "subnets", &name].join("/"),
                told => told.to_owned(),
            };
            if id.is_empty() && name.is_empty() {
                cut = cut.or(Some(self.place(node)));
                continue;
            }
            own.push(id.clone());
            self.subnet(node, id, name, vnet, export);
        }
        if list.is_some() {
            self.draft.subnet_lists.own(vnet, own.into_iter(), cut);
        }
    }

    /// The peerings of a network's own list, and whether there are others.
    fn peerings(&mut self, list: Option<NodeId>, vnet: &str) -> (Vec<Peering>, bool) {
        // Of what is left of one, its name perhaps, it is not known where it leads.
        let is_cut = |node: &NodeId| self.fields(*node, &PEERING).iter().all(Option::is_none);
        let (cut, told): (Vec<_>, Vec<_>) = self.list(list).into_iter().partition(is_cut);
        let cut = cut.first().map(|&node| self.place(node));
        let peerings: Vec<_> = told.into_iter().map(|node| self.peering(node)).collect();
        if list.is_some() {
            let own = peerings.iter().map(|peering| peering_key(vnet, peering));
            self.draft.peering_lists.own(vnet, own, cut);
        }
        (peerings, cut.is_some())
    }

    /// A subnet that is a resource of its own.
    pub(super) fn lone_subnet(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, .. } = self.head(node, parent, ResourceKind::Subnet);
        let vnet = parent_id(&id);
        self.draft.subnet_lists.lone(&vnet, id.clone(), self.listed);
        self.subnet(node, id, name, &vnet, self.is_export(node));
    }

    fn subnet(&mut self, node: NodeId, id: String, name: String, vnet: &str, export: bool) {
        if id.is_empty() {
            self.fact(node, Oddity::NoId(ResourceKind::Subnet));
        }
        let [one, many, nsg, routes, members] = self.fields(
            node,
            &["addressPrefix", "addressPrefixes", "networkSecurityGroup", "routeTable", "ipConfigurations"],
        );
        self.nics_of_subnet(members);
        let (prefixes, lost) = self.prefixes(one, many);
        let (mut nsg, mut route_table) = (self.own_reference(nsg, &id), self.own_reference(routes, &id));
        // Every subnet has one: it was left out, or lost on the way, and so may be what else it has.
        if prefixes.is_empty() && export {
            if !self.bare(&id, ResourceKind::Subnet, node) {
                return;
            }
            nsg = nsg.or_lost_of(&id, self.place(node));
            route_table = route_table.or_lost_of(&id, self.place(node));
        }
        let subnet = Subnet {
            id,
            name,
            vnet: if vnet.is_empty() { Ref::None } else { self.missing(node, vnet.to_owned()) },
            prefixes,
            lost,
            nsg,
            route_table,
            place: self.place(node),
        };
        self.draft.add(subnet);
    }

    /// The NICs whose IP configurations are in a subnet, among those of other resources.
    fn nics_of_subnet(&mut self, configurations: Option<NodeId>) {
        for of in self.references::<()>(configurations) {
            let Ref::Missing(of) = of else { continue };
            let nic = parent_id(&of.id);
            let kind = nic.rsplit('/').nth(1);
            if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("networkInterfaces")) {
                self.draft.nics_of_subnets.push(nic);
            }
        }
    }

    /// The single prefix and the list together; exports of one that has both name it twice.
    fn prefixes(&mut self, one: Option<NodeId>, many: Option<NodeId>) -> (Vec<IpNet>, bool) {
        // A single prefix that is nothing is none.
        let one = self.list(one.filter(|&node| !self.is_nothing(node)));
        let (one, one_lost) = self.prefix_list(one);
        let many = self.list(many);
        let (mut prefixes, many_lost) = self.prefix_list(many);
        prefixes.retain(|net| one.first() != Some(net));
        prefixes.splice(0..0, one);
        (prefixes, one_lost || many_lost)
    }

    /// The prefixes that can be read, and whether there are others; there is no address space without one.
    fn address_space(&mut self, node: Option<NodeId>) -> (Vec<IpNet>, bool) {
        let [prefixes] = node.map_or([None], |node| self.fields(node, &["addressPrefixes"]));
        let nodes = self.list(prefixes);
        let (nets, lost) = self.prefix_list(nodes);
        let lost = lost || nets.is_empty();
        (nets, lost)
    }

    pub(super) fn lone_peering(&mut self, node: NodeId, parent: Option<Parent>) {
        let id = self.id(node, parent);
        let vnet = parent_id(&id);
        let mut peering = self.peering(node);
        let place = self.place(node);
        // Of one that may not be there it is not known where it leads.
        if self.draft.perhaps.is_some() {
            (peering.remote, peering.prefixes) = (self.missing(node, String::new()), Vec::new());
        }
        self.draft.peering_lists.lone(&vnet, peering_key(&vnet, &peering), self.listed);
        self.draft.peerings.push((vnet, peering, place));
    }

    fn peering(&mut self, node: NodeId) -> Peering {
        let [remote, space, other_space, gateways, state, allowed] = self.fields(node, &PEERING);
        let barred = allowed.is_some_and(|node| self.tape.kind(node) == NodeKind::False);
        let (prefixes, lost) = self.address_space(space.or(other_space));
        Peering {
            remote: self.reference(remote),
            prefixes: if lost { Vec::new() } else { prefixes },
            uses_remote_gateways: self.is_true(gateways),
            // Templates do not tell the state.
            connected: !barred
                && state.is_none_or(|node| self.words(Some(node)).eq_ignore_ascii_case("Connected")),
        }
    }
}
