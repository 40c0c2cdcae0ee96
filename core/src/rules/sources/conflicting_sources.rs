//! JIT303: the singular and the plural source prefix in one rule.

use crate::Severity;
use crate::json::NodeId;
use crate::model::{Field, SourceList, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// The singular and the plural source prefix in one rule.
#[derive(Debug)]
pub struct ConflictingSources;

impl Rule for ConflictingSources {
    const META: Meta = Meta {
        name: "conflicting-sources",
        severity: Severity::Error,
        summary: "both `allowedSourceAddressPrefix` and `allowedSourceAddressPrefixes` are set",
        fixable: false,
        contested: false,
        page: page(include_str!("conflicting_sources.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, _: Side, cx: &mut Context) {
        let (single, list) = match (sources.single.node(), &sources.list) {
            // An empty list is no list, and an expression may turn out to be `null`.
            (Some(single), SourceList::Given(list, at))
                if !list.is_empty() && !matches!(sources.single, Field::Null(_) | Field::Unknown(_)) =>
            {
                (single, *at)
            }
            _ => return,
        };
        // An array in the singular member is another matter, and then it is the list too.
        if sources.list_in_single == Some(list) {
            return;
        }
        cx.find::<Self>(
            list,
            "`allowedSourceAddressPrefixes` stands beside `allowedSourceAddressPrefix`: the two exclude each other",
        )
        .help("keep the list, with every source in it")
        .related(single, "the singular prefix");
    }
}
