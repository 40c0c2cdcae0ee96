//! JIT115: a value that is still to be filled in.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::read::{Fact, placeholder};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A value that is still to be filled in.
#[derive(Debug)]
pub struct UnreplacedPlaceholder;

impl Rule for UnreplacedPlaceholder {
    const META: Meta = Meta {
        name: "unreplaced-placeholder",
        severity: Severity::Error,
        summary: "a placeholder was not replaced by a value",
        fixable: false,
        contested: false,
        page: page(include_str!("unreplaced_placeholder.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        if let Fact::Placeholder(node) = *fact {
            report(node, cx);
        }
    }

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if source == SourceText::Odd(OddSource::Placeholder) {
            report(node, cx);
        }
    }
}

#[cold]
fn report(node: NodeId, cx: &mut Context) {
    let text = cx.text(node);
    let text = words::quoted(placeholder(&text).unwrap_or(&text));
    cx.find::<UnreplacedPlaceholder>(node, format!("{text} is still to be filled in"))
        .help("put in your own value");
}
