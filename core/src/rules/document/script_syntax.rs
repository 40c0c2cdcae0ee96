//! JIT124: a script that does not run as it is written.

use crate::Severity;
#[cfg(feature = "script")]
use crate::read::Fact;
use crate::rules::Rule;
use crate::rules::meta::{Meta, page};
#[cfg(feature = "script")]
use crate::rules::{Anchor, Context};

/// A script that does not run as it is written.
#[derive(Debug)]
pub struct ScriptSyntax;

impl Rule for ScriptSyntax {
    const META: Meta = Meta {
        name: "script-syntax",
        severity: Severity::Error,
        summary: "a script has a slip in its syntax",
        fixable: false,
        contested: false,
        page: page(include_str!("script_syntax.md")),
    };

    #[cfg(feature = "script")]
    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Script(note) = *fact else { return };
        if let Some((message, help)) = words(note.kind) {
            cx.find::<Self>(Anchor::Span(note.start, note.end), message).help(help);
        }
    }
}

/// None for what is no slip.
#[cfg(feature = "script")]
const fn words(kind: crate::script::NoteKind) -> Option<(&'static str, &'static str)> {
    use crate::script::NoteKind;
    Some(match kind {
        NoteKind::OpenString => ("this string has no closing quote", "put the quote at its end"),
        NoteKind::OpenHereString => (
            "this here-string has no end",
            "put `\"@` or `'@`, or in a shell its word, on a line of its own, first on it",
        ),
        NoteKind::OpenComment => ("this comment has no end", "put `#>` at its end"),
        NoteKind::OpenBrace => ("this brace is not closed", "put in `}`"),
        NoteKind::OpenParenthesis => ("this parenthesis is not closed", "put in `)`"),
        NoteKind::ExtraBracket => ("this bracket closes nothing", "take it out"),
        NoteKind::MissingEquals => ("a `=` is due between a name and its value", "write `name = value`"),
        NoteKind::MissingValue => ("a value is missing here", "write the value, or take the name out"),
        NoteKind::MissingComma => ("a comma is missing here", "put `,` between two values"),
        NoteKind::ExtraComma => {
            ("members of a table are parted by `;` or new lines, not by `,`", "write `;`")
        }
        NoteKind::MissingQuotes => (
            "this text needs quotes: without, PowerShell looks for a command of that name",
            "write it in quotes",
        ),
        NoteKind::MissingSpace => ("a space is missing behind the command", "put one in front of the `-`"),
        NoteKind::SplitBracket => ("a space splits this bracket", "write it without the space"),
        NoteKind::Stray => ("this belongs nowhere", "take it out"),
        NoteKind::NoSuchCommand => (
            "the Azure CLI has no such command: `az security jit-policy` has `list` and `show` only",
            "send the JSON by `az rest`: `jitgate convert --to az` writes such calls",
        ),
        NoteKind::PutWanted => (
            "a policy is put by `PUT` alone: this call does not put it",
            "send a policy by `PUT`; a request goes to `…/initiate`",
        ),
        NoteKind::PostWanted => (
            "a request is made by `POST` alone: this call opens nothing",
            "send a request by `POST`; a policy goes to the address without `/initiate`",
        ),
        NoteKind::SendsGet => (
            "without a method this call sends `GET`: its body does nothing",
            "name the method: `PUT` for a policy, `POST` for a request",
        ),
        NoteKind::NoLocation => (
            "this address has no location: a policy belongs to one",
            "write `…/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/…`, with the machines' region",
        ),
        NoteKind::NoVersion => (
            "this address has no `api-version`: Azure refuses it",
            "put `?api-version=2020-01-01` at its end",
        ),
        NoteKind::OtherVersion => {
            ("no API of this version has policies: Azure refuses it", "write `api-version=2020-01-01`")
        }
        NoteKind::UnknownSplat
        | NoteKind::BodyInFile
        | NoteKind::UnknownBody
        | NoteKind::SharedTable
        | NoteKind::TooMuch
        | NoteKind::LongLoop => return None,
    })
}
