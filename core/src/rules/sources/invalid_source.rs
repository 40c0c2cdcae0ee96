//! JIT301: a source that is no IPv4 address, no block and not `*`.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A source that is no IPv4 address, no block and not `*`.
#[derive(Debug)]
pub struct InvalidSource;

impl Rule for InvalidSource {
    const META: Meta = Meta {
        name: "invalid-source",
        severity: Severity::Error,
        summary: "a source is no IPv4 address, no block and not `*`",
        fixable: false,
        contested: false,
        page: page(include_str!("invalid_source.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        let message = match source {
            SourceText::Odd(OddSource::Empty) => "the source is empty: the service refuses it".into(),
            SourceText::Odd(OddSource::Other) => {
                let text = cx.quoted(node);
                format!("{text} is no IPv4 address and no block: the service refuses it")
            }
            _ => return,
        };
        cx.find::<Self>(node, message).help(
            "write an address such as `10.20.0.7`, a block such as `10.20.0.0/16`, or `*` for everybody",
        );
    }
}
