//! JIT606: a request that opens a port to any address.

use alloc::vec::Vec;

use crate::Severity;
use crate::blocks::aggregate;
use crate::json::NodeId;
use crate::model::Sources;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A request that opens a port to everybody.
#[derive(Debug)]
pub struct RequestFromAnywhere;

impl Rule for RequestFromAnywhere {
    const META: Meta = Meta {
        name: "request-from-anywhere",
        severity: Severity::Security,
        summary: "a request opens a port to the whole internet",
        fixable: false,
        contested: false,
        page: page(include_str!("request_from_anywhere.md")),
    };

    fn sources(sources: &Sources, object: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        if side != Side::Request {
            return;
        }
        let all = sources.nets().find(|(net, _)| net.prefix_len() == 0).map(|(_, node)| node);
        let Some(node) = all.or_else(|| together(sources).then_some(object)) else { return };
        cx.find::<Self>(node, "this opens the port to the whole internet, which is what just-in-time access is to prevent")
            .help("leave the source out: the port then opens to your own address; or write the addresses you come from");
    }
}

/// True when several blocks make up all of IPv4.
fn together(sources: &Sources) -> bool {
    let nets: Vec<_> = sources.nets().map(|(net, _)| net).collect();
    nets.len() > 1 && aggregate(&nets).iter().any(|net| net.prefix_len() == 0)
}
