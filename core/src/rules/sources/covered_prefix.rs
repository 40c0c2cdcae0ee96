//! JIT307: a source inside another of the same list.

use ipnet::Ipv4Net;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{SourceList, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::blocks::{remove, sorted, text};
use crate::rules::{Context, Rule, Side};

/// A source inside another of the same list.
#[derive(Debug)]
pub struct CoveredPrefix;

impl Rule for CoveredPrefix {
    const META: Meta = Meta {
        name: "covered-prefix",
        severity: Severity::Warning,
        summary: "a source lies inside another of the same list",
        fixable: true,
        contested: false,
        page: page(include_str!("covered_prefix.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        let SourceList::Given(list, _) = &sources.list else { return };
        let mut wide = None;
        let mut earlier = None;
        for (net, node) in sorted(list, side) {
            // An equal one is a duplicate, and said as that.
            let again = earlier.replace(net) == Some(net);
            match wide {
                Some((outer, at)) if Ipv4Net::contains(&outer, &net) => {
                    if net != outer && !again {
                        let edit = remove(cx.tape(), list, node);
                        let (net, outer) = (text(net), text(outer));
                        cx.find::<Self>(node, format!("`{net}` lies inside `{outer}`: it adds nothing"))
                            .help("leave it out; or, if only the narrow one is meant, leave out the wide one")
                            .related(at, "the wide one")
                            .safe_fix("leave it out", [edit]);
                    }
                }
                _ => wide = Some((net, node)),
            }
        }
    }
}
