//! JIT108: a name that stands twice in one object.

use crate::Severity;
use crate::format::format;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// A name that stands twice in one object.
#[derive(Debug)]
pub struct DuplicateProperty;

impl Rule for DuplicateProperty {
    const META: Meta = Meta {
        name: "duplicate-property",
        severity: Severity::Error,
        summary: "an object has the same property twice",
        fixable: false,
        contested: false,
        page: page(include_str!("duplicate_property.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::DuplicateName { first, second } = *fact else { return };
        let name = cx.quoted(second);
        cx.find::<Self>(
            Anchor::Key(second),
            format!("{name} stands here again: readers differ in which one they take"),
        )
        .help("keep the one that is meant")
        .related(Anchor::Key(first), "the first one");
    }
}
