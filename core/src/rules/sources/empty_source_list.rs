//! JIT318: a list of sources with nothing in it.

use crate::Severity;
use crate::json::NodeId;
use crate::model::{SourceList, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A list of sources with nothing in it.
#[derive(Debug)]
pub struct EmptySourceList;

impl Rule for EmptySourceList {
    const META: Meta = Meta {
        name: "empty-source-list",
        severity: Severity::Warning,
        summary: "a list of sources is empty",
        fixable: false,
        contested: false,
        page: page(include_str!("empty_source_list.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        let SourceList::Given(list, array) = &sources.list else { return };
        let alone = sources.single.is_none() && sources.list_in_single.is_none();
        if list.is_empty() && alone && side != Side::Stored {
            cx.find::<Self>(
                *array,
                "the list of sources is empty: whether that means no address or any is not documented",
            )
            .help("put the addresses in it that work comes from");
        }
    }
}
