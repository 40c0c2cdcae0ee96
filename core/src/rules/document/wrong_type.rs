//! JIT112: a value of another type than its property wants.

use alloc::string::String;

use crate::Severity;
use crate::format::format;
use crate::json::{NodeId, NodeKind, Tape};
use crate::model::{OddSource, SourceText};
use crate::part::AnyCase;
use crate::read::{Expected, Fact, is_cut_off, is_one_of};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, FixDraft, Rule, edit, words};

/// A value of another type than its property wants.
#[derive(Debug)]
pub struct WrongType;

impl Rule for WrongType {
    const META: Meta = Meta {
        name: "wrong-type",
        severity: Severity::Error,
        summary: "a value has another JSON type than its property",
        fixable: true,
        contested: false,
        page: page(include_str!("wrong_type.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::WrongType { node, name, expected, found } = *fact else { return };
        let tape = cx.tape();
        if found == NodeKind::String && is_cut_off(&cx.text(node)) {
            cx.find::<Self>(
                node,
                "PowerShell's `ConvertTo-Json` cut this value off and left its type in its place",
            )
            .help("call `ConvertTo-Json` with `-Depth 10`: without, it goes two levels deep");
            return;
        }
        let (is, due) = (words::kind(found), words::expected(expected));
        let message = if matches!(name, "policy" | "request" | "list") {
            format!("this is {is}, but a {name} is {due}")
        } else if is_element(name, expected) {
            format!("an element of `{name}` is {is} where {due} is due: the service refuses it")
        } else {
            format!("`{name}` holds {is} where {due} is due: the service refuses it")
        };
        let fix = fix(tape, node, name, expected, found);
        let one = found == NodeKind::String || is_one_of(tape, node, name);
        let finding = cx.find::<Self>(node, message);
        finding.help(help(name, expected, found, one));
        finding.fix = fix;
    }
}

/// The list of texts; the other lists hold objects.
const SOURCES: &str = "allowedSourceAddressPrefixes";

/// True where the name is that of the array around the value.
fn is_element(name: &str, expected: Expected) -> bool {
    match expected {
        Expected::Object => matches!(name, "virtualMachines" | "ports" | "requests"),
        Expected::String => name == SOURCES,
        _ => false,
    }
}

/// `one`: the value may be the one element of the list that is due.
fn help(name: &str, expected: Expected, found: NodeKind, one: bool) -> &'static str {
    match (name, expected, found) {
        ("number", _, NodeKind::Array) => "write a port rule of its own for each port",
        ("maxRequestAccessDuration" | "duration", ..) => "write a duration such as `PT3H`",
        ("endTimeUtc" | "startTimeUtc", ..) => "write a time such as `2026-01-15T18:00:00Z`",
        (_, Expected::Array, NodeKind::Object | NodeKind::String)
            if one && (name == SOURCES) == (found == NodeKind::String) =>
        {
            "put it in `[ ]`, even if it is the only one"
        }
        (_, Expected::Array, _) => "write a list in `[ ]`",
        (_, Expected::Object, NodeKind::Array) => "write one object in `{ }`, without `[ ]` around it",
        (_, Expected::Object, _) => "write an object in `{ }`",
        (_, Expected::String, _) => "write a string in double quotes",
        (_, Expected::Number, _) => "write a number without quotes",
        (_, Expected::Boolean, _) => "write `true` or `false` without quotes",
    }
}

fn fix(tape: &Tape, node: NodeId, name: &str, expected: Expected, found: NodeKind) -> Option<FixDraft> {
    let text = tape.string(node).unwrap_or_default();
    let wrap = |safe| {
        let place = tape.node(node);
        let edits = [EditDraft::insert(place.start, "["), EditDraft::insert(place.end, "]")];
        Some(FixDraft { title: "put it in `[ ]`".into(), safe, edits: edits.into() })
    };
    match (expected, found) {
        (Expected::Array, NodeKind::Object) if is_one_of(tape, node, name) => wrap(true),
        (Expected::Array, NodeKind::String) if name == SOURCES => match SourceText::parse(&text) {
            SourceText::Odd(OddSource::List) => split(tape, node, &text),
            SourceText::Odd(_) => None,
            text => wrap(!matches!(text, SourceText::HostBits(_))),
        },
        (Expected::Boolean, NodeKind::String) => {
            let word = ["true", "false"].into_iter().find(|word| text.same_in_any_case(word))?;
            let edits = [EditDraft::replace(tape, node, word)];
            Some(FixDraft { title: format!("write `{word}`"), safe: true, edits: edits.into() })
        }
        _ => None,
    }
}

/// Sources that stand in one string, each as a string of its own.
fn split(tape: &Tape, node: NodeId, text: &str) -> Option<FixDraft> {
    let parts = text.split([',', ';', ' ']).filter(|part| !part.is_empty());
    let mut list = String::from("[");
    for part in parts {
        if matches!(SourceText::parse(part), SourceText::Odd(_)) {
            return None;
        }
        if list.len() > 1 {
            list.push_str(", ");
        }
        list.push_str(&edit::quote(part));
    }
    list.push(']');
    let edits = [EditDraft::replace(tape, node, list)];
    Some(FixDraft { title: "write a list of them".into(), safe: false, edits: edits.into() })
}
