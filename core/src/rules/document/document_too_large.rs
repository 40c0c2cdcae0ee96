//! JIT103: a document over the limit on size.

use crate::Severity;
use crate::json::Encoding;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// A document over the limit on size.
#[derive(Debug)]
pub struct DocumentTooLarge;

impl Rule for DocumentTooLarge {
    const META: Meta = Meta {
        name: "document-too-large",
        severity: Severity::Error,
        summary: "the document is larger than 32 MiB",
        fixable: false,
        contested: false,
        page: page(include_str!("document_too_large.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        if *fact == Fact::Encoding(Encoding::TooLarge) {
            cx.find::<Self>(Anchor::Span(0, 0), "the document is larger than 32 MiB and was not read")
                .help("split it: Azure Resource Manager takes at most 4 MiB in one request");
        }
    }
}
