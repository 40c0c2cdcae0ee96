//! JIT304: a port rule that does not say from where.

use crate::Severity;
use crate::json::NodeId;
use crate::model::Sources;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A port rule that does not say from where.
#[derive(Debug)]
pub struct MissingSource;

impl Rule for MissingSource {
    const META: Meta = Meta {
        name: "missing-source",
        severity: Severity::Security,
        summary: "a port rule does not say from where the port may be opened",
        fixable: false,
        contested: false,
        page: page(include_str!("missing_source.md")),
    };

    #[inline]
    fn sources(sources: &Sources, object: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        // In a request, no source means the caller's address.
        if side != Side::Policy || !sources.is_none() || cx.tape().is_cut_short(object) {
            return;
        }
        cx.find::<Self>(
            object,
            "the rule names no source: what the service makes of that is not documented, and it may mean any address",
        )
        .help("add `allowedSourceAddressPrefix` with the addresses that work comes from, or `*` if any address is meant");
    }
}
