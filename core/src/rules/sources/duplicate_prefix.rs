//! JIT309: a source that its list names twice.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{SourceList, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::blocks::{remove, sorted, text};
use crate::rules::{Context, Rule, Side};

/// A source that its list names twice.
#[derive(Debug)]
pub struct DuplicatePrefix;

impl Rule for DuplicatePrefix {
    const META: Meta = Meta {
        name: "duplicate-prefix",
        severity: Severity::Warning,
        summary: "a source stands twice in one list",
        fixable: true,
        contested: false,
        page: page(include_str!("duplicate_prefix.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        let SourceList::Given(list, _) = &sources.list else { return };
        let mut first = None;
        for (net, node) in sorted(list, side) {
            match first {
                Some((same, at)) if same == net => {
                    let edit = remove(cx.tape(), list, node);
                    cx.find::<Self>(node, format!("`{}` stands in the list already", text(net)))
                        .related(at, "the first one")
                        .help("leave it out: it allows nothing more")
                        .safe_fix("leave it out", [edit]);
                }
                _ => first = Some((net, node)),
            }
        }
    }
}
