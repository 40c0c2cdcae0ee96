//! JIT105: a text without any value.

use crate::Severity;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// A text without any value.
#[derive(Debug)]
pub struct EmptyDocument;

impl Rule for EmptyDocument {
    const META: Meta = Meta {
        name: "empty-document",
        severity: Severity::Error,
        summary: "the document is empty",
        fixable: false,
        contested: false,
        page: page(include_str!("empty_document.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        if *fact == Fact::Empty {
            cx.find::<Self>(Anchor::Span(0, 0), "the document is empty: there is no JSON value in it")
                .help("check that the file was written and that the command before it succeeded");
        }
    }
}
