//! JIT610: a request without a source.

use crate::Severity;
use crate::json::NodeId;
use crate::model::Sources;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A request without a source.
#[derive(Debug)]
pub struct CallerAddressUsed;

impl Rule for CallerAddressUsed {
    const META: Meta = Meta {
        name: "caller-address-used",
        severity: Severity::Info,
        summary: "a request names no source: the caller's own address is taken",
        fixable: false,
        contested: false,
        page: page(include_str!("caller_address_used.md")),
    };

    #[inline]
    fn sources(sources: &Sources, object: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        if side == Side::Request && sources.is_none() && !cx.tape().is_cut_short(object) {
            cx.find::<Self>(object, "no source is given: the port opens to the address that the call comes from")
                .help("write the address you connect from, if that is another: behind a proxy, a VPN or in a pipeline");
        }
    }
}
