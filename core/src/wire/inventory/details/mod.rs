//! What was imported of resources besides what the network is made of, for clients that list them: tags, zones, disks and
//! images, ids. Each text is kept once, however many resources have it.

mod read;
mod table;
mod texts;
mod value;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::ArmKind;
use crate::wire::string;
use texts::Texts;

/// The tags of a resource: names and values, in the order of the text.
type Tags = Vec<(String, String)>;

/// Details of all resources.
#[derive(Debug, Default)]
pub struct Details {
    /// Members, as `"zones":["1"]`.
    texts: Texts,
    tags: Vec<Arc<Tags>>,
    of: BTreeMap<ArmKind, Vec<Own>>,
}

/// Those of a resource, by their places in the lists.
#[derive(Debug, Default)]
struct Own {
    tags: Option<u32>,
    /// Members of the resource itself, and of its `properties`.
    outer: Box<[u32]>,
    inner: Box<[u32]>,
}

impl Details {
    fn own(&self, kind: ArmKind, at: usize) -> Option<&Own> {
        // Both kinds of machines are in one list.
        let list = if kind == ArmKind::ClassicVirtualMachine { ArmKind::VirtualMachine } else { kind };
        self.of.get(&list)?.get(at)
    }

    fn texts<'d>(&'d self, places: &'d [u32]) -> impl Iterator<Item = &'d str> {
        places.iter().filter_map(|place| self.texts.get(*place))
    }

    /// True where such a member of the resource, or of its `properties`, was imported.
    pub(super) fn has(&self, kind: ArmKind, at: usize, name: &str) -> bool {
        let is = |text: &str| {
            let rest = text.strip_prefix('"').and_then(|text| text.strip_prefix(name));
            rest.is_some_and(|rest| rest.starts_with('"'))
        };
        self.own(kind, at).is_some_and(|own| self.texts(&own.outer).chain(self.texts(&own.inner)).any(is))
    }

    /// Its tags.
    pub(super) fn tags(&self, kind: ArmKind, at: usize) -> &[(String, String)] {
        let tags = self.own(kind, at).and_then(|own| self.tags.get(usize::try_from(own.tags?).ok()?));
        tags.map(|tags| tags.as_slice()).unwrap_or_default()
    }

    /// A resource as JSON, which ends with its `properties`, with its details.
    pub(super) fn add(&self, kind: ArmKind, at: usize, text: String) -> String {
        let (Some(own), Some(body)) = (self.own(kind, at), text.strip_suffix("}}")) else { return text };
        let mut text = body.to_owned();
        for member in self.texts(&own.inner) {
            if !text.ends_with('{') {
                text.push(',');
            }
            text.push_str(member);
        }
        text.push_str("}}");
        self.add_outer(kind, at, text)
    }

    /// A resource as JSON, with the details that stand beside its `properties`.
    pub(super) fn add_outer(&self, kind: ArmKind, at: usize, text: String) -> String {
        let (Some(own), Some(body)) = (self.own(kind, at), text.strip_suffix('}')) else { return text };
        let mut text = body.to_owned();
        let tags = self.tags(kind, at);
        if !tags.is_empty() {
            let pairs: Vec<String> =
                tags.iter().map(|(name, value)| format!("{}:{}", string(name), string(value))).collect();
            text.push_str(&format!(",\"tags\":{{{}}}", pairs.join(",")));
        }
        for member in self.texts(&own.outer) {
            text.push(',');
            text.push_str(member);
        }
        text.push('}');
        text
    }
}
