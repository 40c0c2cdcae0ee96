//! JIT109: a property that the object does not have.

use crate::Severity;
use crate::format::format;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, EditDraft, Rule};

/// A property that the object does not have.
#[derive(Debug)]
pub struct UnknownProperty;

impl Rule for UnknownProperty {
    const META: Meta = Meta {
        name: "unknown-property",
        severity: Severity::Warning,
        summary: "an object has a property that the API does not know",
        fixable: true,
        contested: false,
        page: page(include_str!("unknown_property.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::UnknownName { node, key, object } = *fact else { return };
        let name = cx.quoted(key);
        let edit = EditDraft::remove_member(cx.tape(), node, key);
        cx.find::<Self>(
            Anchor::Key(key),
            format!("{name} is no property of a {object}: the service ignores it"),
        )
        .help("take it out, or look up how the property that you mean is written")
        .unsafe_fix(format!("take out {name}"), [edit]);
    }
}
