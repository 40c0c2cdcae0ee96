//! Virtual networks, their subnets and their peerings.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use ipnet::IpNet;

use super::{Head, Parent, Reader};
use crate::json::{NodeId, NodeKind};
use crate::network::fact::{Lost, Oddity, ResourceKind};
use crate::network::given::{Peering, Ref, Subnet, VirtualNetwork};
use crate::network::join::parent_id;

impl Reader<'_, '_> {
    pub(super) fn vnet(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::Vnet);
        let [space, subnets, peerings] =
            self.fields(node, &["addressSpace", "subnets", "virtualNetworkPeerings"]);
        let (prefixes, lost) = self.address_space(space);
        let peerings = self.list(peerings).into_iter().map(|node| self.peering(node)).collect();
        let export = self.is_export(node);
        for subnet in self.list(subnets) {
            if self.tape.kind(subnet) == NodeKind::Object {
                let [name] = self.fields(subnet, &["name"]);
                let name = name.and_then(|node| self.name(node)).unwrap_or_default();
                let [told] = self.fields(subnet, &["id"]);
                let told = told.and_then(|node| self.name(node));
                let made = if id.is_empty() || name.is_empty() {
                    String::new()
                } else {
                    [id.as_str(), "subnets", &name].join("/")
                };
                self.subnet(subnet, told.unwrap_or(made), name, &id, export);
            }
        }
        // Every network has an address space: it was left out, or lost on the way.
        if prefixes.is_empty() && export && !self.bare(&id, ResourceKind::Vnet, node) {
            return;
        }
        let subnets = Vec::new();
        self.draft.add(VirtualNetwork { id, name, location, prefixes, lost, subnets, peerings, place });
    }

    /// A subnet that is a resource of its own.
    pub(super) fn lone_subnet(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, .. } = self.head(node, parent, ResourceKind::Subnet);
        let vnet = parent_id(&id);
        self.subnet(node, id, name, &vnet, self.is_export(node));
    }

    fn subnet(&mut self, node: NodeId, id: String, name: String, vnet: &str, export: bool) {
        if id.is_empty() {
            self.fact(node, Oddity::NoId(ResourceKind::Subnet));
        }
        let [one, many, nsg, routes] =
            self.fields(node, &["addressPrefix", "addressPrefixes", "networkSecurityGroup", "routeTable"]);
        let prefixes = self.prefixes(one, many);
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
            nsg,
            route_table,
            place: self.place(node),
        };
        self.draft.add(subnet);
    }

    /// The single prefix and the list together; exports of one that has both name it twice.
    fn prefixes(&mut self, one: Option<NodeId>, many: Option<NodeId>) -> Vec<IpNet> {
        let one = self.list(one);
        let one = self.nets(one);
        let many = self.list(many);
        let mut prefixes = self.nets(many);
        prefixes.retain(|net| one.first() != Some(net));
        prefixes.splice(0..0, one);
        prefixes
    }

    /// The prefixes that can be read, and whether there are others; there is no address space without one.
    fn address_space(&mut self, node: Option<NodeId>) -> (Vec<IpNet>, bool) {
        let [prefixes] = node.map_or([None], |node| self.fields(node, &["addressPrefixes"]));
        let nodes = self.list(prefixes);
        let count = nodes.len();
        for &node in nodes.iter().filter(|&&node| self.is_nothing(node)).collect::<Vec<_>>() {
            self.fact(node, Oddity::Lost(Lost::Prefix));
        }
        let nets = self.nets(nodes);
        let lost = nets.is_empty() || nets.len() < count;
        (nets, lost)
    }

    pub(super) fn lone_peering(&mut self, node: NodeId, parent: Option<Parent>) {
        let id = self.id(node, parent);
        let vnet = parent_id(&id);
        let peering = self.peering(node);
        let place = self.place(node);
        self.draft.peerings.push((vnet, peering, place));
    }

    fn peering(&mut self, node: NodeId) -> Peering {
        let [remote, space, other_space, gateways, state, allowed] = self.fields(
            node,
            &[
                "remoteVirtualNetwork",
                "remoteVirtualNetworkAddressSpace",
                "remoteAddressSpace",
                "useRemoteGateways",
                "peeringState",
                "allowVirtualNetworkAccess",
            ],
        );
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
