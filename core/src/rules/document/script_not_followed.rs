//! JIT125: a part of a script that is not followed.

use crate::Severity;
#[cfg(feature = "script")]
use crate::read::Fact;
use crate::rules::Rule;
use crate::rules::meta::{Meta, page};
#[cfg(feature = "script")]
use crate::rules::{Anchor, Context};

/// A part of a script that is not followed.
#[derive(Debug)]
pub struct ScriptNotFollowed;

impl Rule for ScriptNotFollowed {
    const META: Meta = Meta {
        name: "script-not-followed",
        severity: Severity::Warning,
        summary: "what a part of a script does is known only when it runs",
        fixable: false,
        contested: false,
        page: page(include_str!("script_not_followed.md")),
    };

    #[cfg(feature = "script")]
    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Script(note) = *fact else { return };
        if let Some((message, help)) = words(note.kind) {
            cx.find::<Self>(Anchor::Span(note.start, note.end), message).help(help);
        }
    }
}

/// None for slips of the pen.
#[cfg(feature = "script")]
const fn words(kind: crate::script::NoteKind) -> Option<(&'static str, &'static str)> {
    use crate::script::NoteKind;
    Some(match kind {
        NoteKind::UnknownSplat => (
            "which parameters are in this table is known only when the script runs: they are not judged",
            "write the table in the script, or check the JSON that is sent",
        ),
        NoteKind::BodyInFile => {
            ("what is sent stands in a file: it is not judged here", "check that file, too")
        }
        NoteKind::UnknownBody => (
            "what is sent is known only when the script runs: it is not judged",
            "check the JSON that is sent",
        ),
        NoteKind::SharedTable => (
            "this changes a table that was put elsewhere before: there, the change is not followed",
            "change the table before it is used",
        ),
        NoteKind::TooMuch => (
            "the script makes more of its values than is read: what comes of it is not judged",
            "check it in parts, or check the JSON that is sent",
        ),
        NoteKind::LongLoop => (
            "this loop runs too often to be followed: what it makes is not judged",
            "name the few values that are meant, or check the JSON that is sent",
        ),
        _ => return None,
    })
}
