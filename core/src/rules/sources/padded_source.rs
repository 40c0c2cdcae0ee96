//! JIT316: a source with blanks in it.

use alloc::string::String;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::source_text::is_blank;
use crate::model::{OddSource, SourceText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A source with blanks in it.
#[derive(Debug)]
pub struct PaddedSource;

impl Rule for PaddedSource {
    const META: Meta = Meta {
        name: "padded-source",
        severity: Severity::Error,
        summary: "a source has blanks around it or in it",
        fixable: true,
        contested: true,
        page: page(include_str!("padded_source.md")),
    };

    #[inline]
    fn source(source: SourceText, node: NodeId, _: Side, cx: &mut Context) {
        if let SourceText::Odd(OddSource::Padded(_)) = source {
            let mut text: String = cx.text(node).into();
            text.retain(|char| !is_blank(char));
            let edit = EditDraft::string(cx.tape(), node, &text);
            cx.find::<Self>(
                node,
                "the source has blanks or invisible characters in it: whether the service takes that is not known",
            )
            .help(format!("write `{text}`"))
            .safe_fix("take them out", [edit]);
        }
    }
}
