//! Route tables.

use alloc::vec::Vec;

use super::{Head, Parent, Reader};
use crate::json::NodeId;
use crate::network::fact::{Lost, Oddity, ResourceKind};
use crate::network::given::{Route, RouteTable};
use crate::network::join::parent_id;

impl Reader<'_, '_> {
    pub(super) fn route_table(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::RouteTable);
        let [routes] = self.fields(node, &["routes"]);
        if routes.is_none() && self.is_export(node) && !self.bare(&id, ResourceKind::RouteTable, node) {
            return;
        }
        let (mut known, mut lost) = (Vec::new(), false);
        for route in self.list(routes) {
            known.extend(self.route(route, &mut lost));
        }
        self.draft.add(RouteTable { id, name, location, routes: known, lost, place });
    }

    pub(super) fn lone_route(&mut self, node: NodeId, parent: Option<Parent>) {
        let id = self.id(node, parent);
        let (place, mut lost) = (self.place(node), false);
        let route = self.route(node, &mut lost).filter(|_| self.draft.perhaps.is_none());
        lost |= self.draft.perhaps.is_some();
        if lost || route.is_some() {
            let listed = self.listed && self.is_export(node);
            self.draft.routes.push((parent_id(&id), route, place, listed));
        }
    }

    /// None where it leads to no addresses, or to none that are known, which is then lost.
    fn route(&mut self, node: NodeId, lost: &mut bool) -> Option<Route> {
        let [prefix, hop, kind] = self.fields(node, &["addressPrefix", "nextHopIpAddress", "nextHopType"]);
        // A route may lead to a service tag instead, which is no part of the virtual network.
        let text = self.known(prefix).unwrap_or_default();
        if text.starts_with(|char: char| char.is_ascii_alphabetic()) && !text.contains(':') {
            return None;
        }
        if prefix.is_none_or(|prefix| self.is_nothing(prefix)) {
            self.fact(prefix.unwrap_or(node), Oddity::Lost(Lost::Prefix));
        }
        let Some(prefix) = prefix.and_then(|prefix| self.net(prefix)) else {
            *lost = true;
            return None;
        };
        Some(Route { prefix, next_hop: self.ip(hop), next_hop_type: self.words(kind) })
    }
}
