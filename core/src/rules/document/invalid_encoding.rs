//! JIT102: text that is not UTF-8.

use crate::Severity;
use crate::json::Encoding;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// Text that is not UTF-8.
#[derive(Debug)]
pub struct InvalidEncoding;

impl Rule for InvalidEncoding {
    const META: Meta = Meta {
        name: "invalid-encoding",
        severity: Severity::Error,
        summary: "the text is not encoded as UTF-8",
        fixable: false,
        contested: false,
        page: page(include_str!("invalid_encoding.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        match *fact {
            Fact::Encoding(Encoding::Utf16) => {
                cx.find::<Self>(Anchor::Span(0, 0), "the text is UTF-16: JSON that is sent must be UTF-8")
                    .help(
                        "save it as UTF-8; in Windows PowerShell, write files with `Out-File -Encoding utf8`",
                    );
            }
            Fact::Encoding(Encoding::Utf32) => {
                cx.find::<Self>(Anchor::Span(0, 0), "the text is UTF-32: JSON that is sent must be UTF-8")
                    .help("save it as UTF-8");
            }
            Fact::Encoding(Encoding::Invalid { at }) => {
                // The replacement character in the decoded text has three bytes.
                let place = Anchor::Span(at, at.saturating_add(3));
                cx.find::<Self>(
                    place,
                    "bytes that are not UTF-8 stand here: the service cannot read the text",
                )
                .help("save the file as UTF-8");
            }
            _ => {}
        }
    }
}
