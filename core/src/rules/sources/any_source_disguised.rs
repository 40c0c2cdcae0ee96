//! JIT305: a source that is everybody without saying `*`.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceList, SourceText, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A source that is everybody without saying `*`.
#[derive(Debug)]
pub struct AnySourceDisguised;

impl Rule for AnySourceDisguised {
    const META: Meta = Meta {
        name: "any-source-disguised",
        severity: Severity::Security,
        summary: "a source is any address without saying `*`",
        fixable: true,
        contested: false,
        page: page(include_str!("any_source_disguised.md")),
    };

    #[inline]
    fn sources(sources: &Sources, _: NodeId, _: Option<u16>, side: Side, cx: &mut Context) {
        // A request from everybody is another rule's matter.
        if side != Side::Policy || !sources.is_everybody() {
            return;
        }
        let mut said = false;
        for (source, node) in sources.given() {
            match source {
                SourceText::Any => said = true,
                SourceText::Odd(OddSource::Padded(net)) if net.prefix_len() == 0 => said = true,
                SourceText::Net(net) | SourceText::HostBits(net) if net.prefix_len() == 0 => {
                    said = true;
                    let tape = cx.tape();
                    let text = cx.quoted(node);
                    let found = cx
                        .find::<Self>(node, format!("{text} is every IPv4 address: a request may name any"));
                    found.help(
                        "name the addresses that work comes from; if any address is meant, say so with `*`",
                    );
                    // Whether the service takes `*` in a list is not documented.
                    if sources.single.node() == Some(node) {
                        found.safe_fix("write `*`", [EditDraft::string(tape, node, "*")]);
                    }
                }
                _ => {}
            }
        }
        if let (false, SourceList::Given(_, list)) = (said, &sources.list) {
            cx.find::<Self>(*list, "these blocks together are every IPv4 address: a request may name any")
                .help("name the addresses that work comes from; if any address is meant, say so with `*`");
        }
    }
}
