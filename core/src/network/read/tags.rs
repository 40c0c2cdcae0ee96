//! Service tags: the file `ServiceTags_Public.json`, or what the service answers.

use alloc::vec::Vec;

use ipnet::IpNet;

use super::Reader;
use crate::json::NodeId;

impl Reader<'_, '_> {
    pub(super) fn service_tags(&mut self, node: NodeId) {
        let [values] = self.fields(node, &["values"]);
        for value in self.list(values) {
            let [name, prefixes] = self.fields(value, &["name", "addressPrefixes"]);
            let name = self.words(name).to_ascii_lowercase();
            let nodes = self.list(prefixes);
            let prefixes: Vec<IpNet> = self.nets(nodes);
            if !name.is_empty() {
                self.draft.network.tags.push((name, prefixes));
            }
        }
    }
}
