//! Route tables.

use alloc::vec::Vec;

use super::{Head, Parent, Reader};
use crate::json::NodeId;
use crate::network::fact::ResourceKind;
use crate::network::given::{Route, RouteTable};
use crate::network::join::parent_id;

impl Reader<'_, '_> {
    pub(super) fn route_table(&mut self, node: NodeId, parent: Option<Parent>) {
        let Head { id, name, location, place } = self.head(node, parent, ResourceKind::RouteTable);
        let [routes] = self.fields(node, &["routes"]);
        let routes: Vec<Route> = self.list(routes).into_iter().filter_map(|node| self.route(node)).collect();
        self.draft.add(RouteTable { id, name, location, routes, place });
    }

    pub(super) fn lone_route(&mut self, node: NodeId, parent: Option<Parent>) {
        let id = self.id(node, parent);
        let place = self.place(node);
        if let Some(route) = self.route(node) {
            self.draft.routes.push((parent_id(&id), route, place));
        }
    }

    fn route(&mut self, node: NodeId) -> Option<Route> {
        let [prefix, hop, kind] = self.fields(node, &["addressPrefix", "nextHopIpAddress", "nextHopType"]);
        let prefix = prefix?;
        // A route may lead to a service tag instead, which is no part of the virtual network.
        let text = self.known(Some(prefix))?;
        if text.starts_with(|char: char| char.is_ascii_alphabetic()) && !text.contains(':') {
            return None;
        }
        let prefix = self.net(prefix)?;
        Some(Route { prefix, next_hop: self.ip(hop), next_hop_type: self.words(kind) })
    }
}
