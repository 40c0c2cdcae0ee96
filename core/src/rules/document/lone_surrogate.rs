//! JIT114: an escape that is half a character.

use crate::Severity;
use crate::json::SlipKind;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// An escape that is half a character.
#[derive(Debug)]
pub struct LoneSurrogate;

impl Rule for LoneSurrogate {
    const META: Meta = Meta {
        name: "lone-surrogate",
        severity: Severity::Error,
        summary: "a string holds half of a surrogate pair",
        fixable: false,
        contested: false,
        page: page(include_str!("lone_surrogate.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        if let Fact::Slip(slip) = fact
            && slip.kind == SlipKind::LoneSurrogate
        {
            cx.find::<Self>(
                Anchor::Span(slip.start, slip.end),
                "this escape is half a character: readers differ in what they make of it",
            )
            .help("write the character itself, or both halves");
        }
    }
}
