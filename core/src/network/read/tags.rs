//! Service tags: the file `ServiceTags_Public.json`, or what the service answers.

use super::Reader;
use crate::json::NodeId;

impl Reader<'_, '_> {
    pub(super) fn service_tags(&mut self, node: NodeId) {
        let [values] = self.fields(node, &["values"]);
        for value in self.list(values) {
            let [name, prefixes] = self.fields(value, &["name", "addressPrefixes"]);
            let name = self.words(name).to_ascii_lowercase();
            // A list that was cut off does not end as lists do.
            let is_whole = prefixes.is_some_and(|list| self.tape.raw(list).ends_with(']'));
            let nodes = self.list(prefixes);
            let (prefixes, lost) = self.prefix_list(nodes);
            // Of a tag that lost some of its prefixes, or has none, nothing is known.
            if !name.is_empty() && is_whole && !lost && !prefixes.is_empty() {
                self.draft.network.tags.push((name, prefixes));
            }
        }
    }
}
