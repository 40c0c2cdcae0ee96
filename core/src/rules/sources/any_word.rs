//! JIT317: a word for everybody other than `*`.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{OddSource, SourceText};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// A word for everybody other than `*`.
#[derive(Debug)]
pub struct AnyWord;

impl Rule for AnyWord {
    const META: Meta = Meta {
        name: "any-word",
        severity: Severity::Error,
        summary: "a source says any address with a word other than `*`",
        fixable: true,
        contested: false,
        page: page(include_str!("any_word.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if source != SourceText::Odd(OddSource::AnyWord) {
            return;
        }
        let text = cx.text(node);
        let edit = EditDraft::string(cx.tape(), node, "*");
        let word = words::quoted(&text);
        let found =
            cx.find::<Self>(node, format!("{word} is no source: the service writes any address as `*`"));
        found.help("name the addresses that work comes from, or write `*` for any address");
        if part::trim(&text) == "0" {
            found.unsafe_fix("write `*`", [edit]);
        } else {
            found.safe_fix("write `*`", [edit]);
        }
    }
}
