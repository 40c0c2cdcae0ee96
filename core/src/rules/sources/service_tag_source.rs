//! JIT311: a name in the place of an address.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::part::AnyCase;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// A name in the place of an address.
#[derive(Debug)]
pub struct ServiceTagSource;

impl Rule for ServiceTagSource {
    const META: Meta = Meta {
        name: "service-tag-source",
        severity: Severity::Error,
        summary: "a source is a service tag or another name",
        fixable: true,
        contested: false,
        page: page(include_str!("service_tag_source.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if source != SourceText::Odd(OddSource::ServiceTag) {
            return;
        }
        let (tape, text) = (cx.tape(), cx.text(node));
        let name = words::quoted(&text);
        let found = cx.find::<Self>(
            node,
            format!("{name} is a name: just-in-time access takes no service tags and no host names"),
        );
        if text.same_in_any_case("Internet") {
            found
                .help("name the addresses that work comes from, or write `*` for any address")
                .unsafe_fix("write `*`", [EditDraft::string(tape, node, "*")]);
        } else {
            found.help("write the addresses or blocks that it stands for");
        }
    }
}
