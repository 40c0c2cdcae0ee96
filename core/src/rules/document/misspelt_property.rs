//! JIT110: a property in another spelling.

use crate::Severity;
use crate::format::format;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, EditDraft, Rule};

/// A property in another spelling.
#[derive(Debug)]
pub struct MisspeltProperty;

impl Rule for MisspeltProperty {
    const META: Meta = Meta {
        name: "misspelt-property",
        severity: Severity::Error,
        summary: "a property is misspelt",
        fixable: true,
        contested: false,
        page: page(include_str!("misspelt_property.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::MisspeltName { key, object, right, sure, beside } = *fact else { return };
        let name = cx.quoted(key);
        let edit = EditDraft::string(cx.tape(), key, right);
        if let Some(beside) = beside {
            cx.find::<Self>(
                Anchor::Key(key),
                format!("{name} stands beside `{right}`: readers differ in which one they take"),
            )
            .help("keep the one that is meant, and write its name exactly so")
            .related(Anchor::Key(beside), "the other one");
            return;
        }
        let found =
            cx.find::<Self>(Anchor::Key(key), format!("{name} is no property of a {object}; `{right}` is"));
        found.help(format!("write `{right}`"));
        let title = format!("write `{right}` for {name}");
        if sure {
            found.safe_fix(title, [edit]);
        } else {
            found.unsafe_fix(title, [edit]);
        }
    }
}
