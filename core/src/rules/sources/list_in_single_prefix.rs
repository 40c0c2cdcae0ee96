//! JIT312: several sources in the place of one.

use alloc::vec::Vec;

use crate::Severity;
use crate::json::{NodeId, NodeKind, Tape};
use crate::model::{OddSource, SourceList, SourceText, Sources};
use crate::rules::meta::{Meta, page};
use crate::rules::sources::spread::{rename, spread};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// Several sources in the place of one.
#[derive(Debug)]
pub struct ListInSinglePrefix;

impl Rule for ListInSinglePrefix {
    const META: Meta = Meta {
        name: "list-in-single-prefix",
        severity: Severity::Error,
        summary: "several sources stand in the place of one",
        fixable: true,
        contested: false,
        page: page(include_str!("list_in_single_prefix.md")),
    };

    #[inline]
    fn sources(sources: &Sources, object: NodeId, _: Option<u16>, _: Side, cx: &mut Context) {
        if let Some(array) = sources.list_in_single {
            Self::array(sources, object, array, cx);
        }
        for (source, node) in sources.given() {
            if source == SourceText::Odd(OddSource::List) {
                Self::text(sources, object, node, cx);
            }
        }
    }
}

impl ListInSinglePrefix {
    /// `["10.20.0.0/16"]` where one string is due.
    #[cold]
    fn array(sources: &Sources, object: NodeId, array: NodeId, cx: &mut Context) {
        // Beside a list of its own, the two are in conflict, and that is said.
        if !matches!(&sources.list, SourceList::Given(_, list) if *list == array) {
            return;
        }
        let tape = cx.tape();
        let found = cx.find::<Self>(
            array,
            "`allowedSourceAddressPrefix` holds an array: the service wants one string there, and refuses it",
        );
        found.help("a list belongs in `allowedSourceAddressPrefixes`");
        if let Some(only) = only(tape, array) {
            found.safe_fix("take it out of the array", [EditDraft::replace(tape, array, tape.raw(only))]);
        } else if tape.elements(array).next().is_some()
            && let Some(edit) = rename(tape, object, array)
        {
            found.safe_fix("rename it to `allowedSourceAddressPrefixes`", [edit]);
        }
    }

    /// `"10.20.0.7, 10.20.0.8"`
    #[cold]
    fn text(sources: &Sources, object: NodeId, node: NodeId, cx: &mut Context) {
        let (tape, text) = (cx.tape(), cx.text(node));
        let mut message = words::quoted(&text);
        message.push_str(if is_joined(tape, node) {
            " is what PowerShell makes of this list: one string, which the service refuses"
        } else {
            " is several sources in one string: the service refuses it"
        });
        let found = cx.find::<Self>(node, message);
        found.help("write each as a string of its own, in `allowedSourceAddressPrefixes`");
        let parts: Vec<_> = SourceText::parts(&text).collect();
        let certain = parts.iter().all(|part| SourceText::parse(part).net().is_some());
        let edits = if certain { spread(tape, object, sources, node, &parts) } else { None };
        if let Some(edits) = edits {
            found.safe_fix("write them as a list", edits);
        }
    }
}

/// The string that is an array's only element.
fn only(tape: &Tape, array: NodeId) -> Option<NodeId> {
    let mut elements = tape.elements(array);
    let first = elements.next()?.value;
    (elements.next().is_none() && tape.kind(first) == NodeKind::String).then_some(first)
}

/// True where a script has a list, of which PowerShell makes one string.
fn is_joined(tape: &Tape, node: NodeId) -> bool {
    // In a shell's quotes, a backslash stands before those of JSON.
    tape.is_script() && !tape.raw(node).trim_start_matches('\\').starts_with(['"', '\''])
}
