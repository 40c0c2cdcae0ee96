//! JIT101: text that is no JSON.

use alloc::vec;

use crate::Severity;
use crate::format::format;
use crate::json::{Slip, SlipKind, Tape};
use crate::read::Fact;
use crate::rules::document::slip_surely::is_sure;
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, EditDraft, FixDraft, Rule, words};

/// Text that is no JSON.
#[derive(Debug)]
pub struct InvalidJson;

impl Rule for InvalidJson {
    const META: Meta = Meta {
        name: "invalid-json",
        severity: Severity::Error,
        summary: "the text is not valid JSON",
        fixable: true,
        contested: false,
        page: page(include_str!("invalid_json.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Slip(slip) = fact else { return };
        let Some((message, help)) = message(slip.kind) else { return };
        let tape = cx.tape();
        let (start, end) = (slip.start, slip.end.max(slip.start));
        let found = cx.find::<Self>(Anchor::Span(start, end), message);
        found.help(help);
        found.fix = fix(tape, slip);
        if is_guess(slip.kind) && !found.fix.as_ref().is_some_and(|fix| fix.safe) {
            cx.guess();
        }
        if matches!(slip.kind, SlipKind::WrongBracket | SlipKind::ExtraBracket) {
            // A comma that is one too many may be one that the bracket parts from its values.
            cx.doubt();
        }
    }
}

/// True for slips that may make other names and values of what is written, unless it is sure what was meant.
fn is_guess(kind: SlipKind) -> bool {
    matches!(
        kind,
        SlipKind::MissingComma
            | SlipKind::MissingColon
            | SlipKind::MissingName
            | SlipKind::SingleQuotes
            | SlipKind::CurlyQuotes
            | SlipKind::MissingQuotes
            | SlipKind::WrongLiteral
            | SlipKind::OpenString
            | SlipKind::Comment
            | SlipKind::Stray
    )
}

/// Words for any slip, for documents that no rule sees.
pub(crate) fn slip_message(kind: SlipKind) -> (&'static str, &'static str) {
    match kind {
        SlipKind::LoneSurrogate => {
            ("this escape is half a character", "write both halves, or the character itself")
        }
        SlipKind::TooDeep => ("the brackets are nested too deep to be read", ""),
        other => message(other).unwrap_or(("this is no valid JSON", "")),
    }
}

/// None for slips that have a rule of their own.
fn message(kind: SlipKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        SlipKind::MissingComma => ("a comma is missing here", "put `,` between two members or elements"),
        SlipKind::ExtraComma => ("this comma is one too many", "JSON allows a comma only between two values"),
        SlipKind::MissingColon => ("a colon is missing here", "put `:` between a name and its value"),
        SlipKind::MissingValue => ("a value is missing here", "write the value, or take the name out"),
        SlipKind::MissingName => ("a name is missing here", "every value in an object needs a name"),
        SlipKind::SingleQuotes => ("JSON strings stand in double quotes", "write `\"` for `'`"),
        SlipKind::CurlyQuotes => ("JSON strings stand in straight quotes", "write `\"` on both sides"),
        SlipKind::MissingQuotes => ("this text needs double quotes", "JSON strings and names stand in `\"`"),
        SlipKind::WrongLiteral => ("JSON writes this word in another way", "use `true`, `false` or `null`"),
        SlipKind::OpenString => ("this string has no closing quote", "put `\"` at its end"),
        SlipKind::ControlCharacter => {
            ("a string holds a control character", "write it as an escape, such as `\\t` or `\\u0000`")
        }
        SlipKind::BadEscape => ("JSON knows no such escape", "write `\\\\` for a backslash"),
        SlipKind::BadNumber => {
            ("this is no JSON number", "write digits alone, without sign or zeros in front")
        }
        SlipKind::Comment => ("JSON has no comments", "take the comment out"),
        SlipKind::WrongBracket => ("this bracket does not match the one that is open", ""),
        SlipKind::ExtraBracket => ("this bracket closes nothing", "take it out"),
        SlipKind::OpenObject => ("a `}` is missing here", "close the object"),
        SlipKind::OpenArray => ("a `]` is missing here", "close the array"),
        SlipKind::UnopenedObject => ("a `{` is missing here", "open the object"),
        SlipKind::UnopenedArray => ("a `[` is missing here", "open the array"),
        SlipKind::OddSpace => {
            ("a character that cannot be seen stands here: JSON does not take it for a space", "take it out")
        }
        SlipKind::Stray => ("this is no part of JSON", "take it out"),
        SlipKind::TrailingText => {
            ("the document has ended, but more text follows: it was not read", "check one document at a time")
        }
        SlipKind::LoneSurrogate | SlipKind::TooDeep => return None,
    })
}

fn fix(tape: &Tape, slip: &Slip) -> Option<FixDraft> {
    let text = tape.slice(slip.start, slip.end);
    let put = |text: &str| vec![EditDraft { start: slip.start, end: slip.end, text: text.into() }];
    let sure = || is_sure(tape, slip);
    let fixed = match slip.kind {
        SlipKind::MissingComma => Some(("put in `,`", sure(), ",")),
        SlipKind::ExtraComma => Some(("take out `,`", true, "")),
        SlipKind::MissingColon => Some(("put in `:`", sure(), ":")),
        SlipKind::Comment => Some(("take out the comment", sure(), "")),
        SlipKind::OpenObject => Some(("put in `}`", false, "}")),
        SlipKind::OpenArray => Some(("put in `]`", false, "]")),
        SlipKind::UnopenedObject => Some(("put in `{`", false, "{")),
        SlipKind::UnopenedArray => Some(("put in `[`", false, "[")),
        SlipKind::OddSpace => Some(("write a space", true, " ")),
        SlipKind::ExtraBracket => Some(("take it out", false, "")),
        _ => None,
    };
    if let Some((title, safe, new)) = fixed {
        return Some(FixDraft { title: title.into(), safe, edits: put(new) });
    }
    let (title, safe, edits) = match slip.kind {
        SlipKind::SingleQuotes | SlipKind::CurlyQuotes => {
            let single = slip.kind == SlipKind::SingleQuotes;
            let mut inner = text.chars();
            let (first, last) = (inner.next()?, inner.next_back()?);
            if single && last != '\'' {
                return None;
            }
            let inner = inner.as_str();
            // A quote or an escape inside makes the change a guess, and so do signs between quotes that are no pair.
            let plain = !inner.contains(['"', '\\'])
                && (width(first) == width(last) || !inner.contains([',', ':', '{', '}', '[', ']']));
            let title = if single { "write double quotes" } else { "write straight quotes" };
            (title.into(), plain && sure(), put(&format!("\"{inner}\"")))
        }
        SlipKind::MissingQuotes => {
            // The closing one may be there.
            let string = format!("\"{}\"", text.strip_suffix('"').unwrap_or(text));
            (format!("write {}", words::quoted(&string)), sure(), put(&string))
        }
        SlipKind::WrongLiteral => {
            let word = match text {
                "True" | "TRUE" => "true",
                "False" | "FALSE" => "false",
                _ => "null",
            };
            (format!("write `{word}`"), sure(), put(word))
        }
        SlipKind::OpenString => ("put in `\"`".into(), false, vec![EditDraft::insert(slip.end, "\"")]),
        _ => return None,
    };
    Some(FixDraft { title, safe, edits })
}

/// How many strokes a quote has that a word processor writes; 0 for others.
fn width(quote: char) -> u8 {
    match quote {
        '“' | '”' | '„' | '‟' => 2,
        '‘' | '’' | '‚' => 1,
        _ => 0,
    }
}
