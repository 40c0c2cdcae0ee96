//! JIT501: no resource id where a machine's is due.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::id::tidy;
use crate::model::{IdText, OddId};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side, words};

/// No resource id where a machine's is due.
#[derive(Debug)]
pub struct InvalidMachineId;

/// What a machine's id looks like.
pub(super) const SHAPE: &str = "write `/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}`";

impl Rule for InvalidMachineId {
    const META: Meta = Meta {
        name: "invalid-machine-id",
        severity: Severity::Error,
        summary: "a machine's id is no resource id",
        fixable: true,
        contested: false,
        page: page(include_str!("invalid_machine_id.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        if let IdText::Odd(odd @ (OddId::Other | OddId::Empty | OddId::Name), text) = id {
            report(*odd, text, node, cx);
        }
    }
}

#[cold]
fn report(odd: OddId, text: &str, node: NodeId, cx: &mut Context) {
    let message = match odd {
        OddId::Empty => Cow::Borrowed("the machine's id is empty"),
        OddId::Name => {
            let name = words::quoted(text);
            format!("{name} is no resource id: a name alone does not lead to a machine").into()
        }
        _ => shape(text).into(),
    };
    let mended = mend(text);
    let tape = cx.tape();
    let found = cx.find::<InvalidMachineId>(node, message).help(SHAPE);
    if let Some(mended) = mended {
        found.safe_fix("write the id alone", [EditDraft::string(tape, node, &mended)]);
    }
}

/// What is wrong with the shape of an id.
fn shape(text: &str) -> &'static str {
    let small = text.to_ascii_lowercase();
    let has = |word| part::contains(&small, word);
    if has("/subscriptions//subscriptions/") || has("/subscriptions/subscriptions/") {
        "`/subscriptions/` stands twice: the service looks for a subscription named `subscriptions`"
    } else if has("://") {
        "this is a web address, not a resource id"
    } else if small.starts_with("subscriptions/") {
        "the slash in front of `subscriptions` is missing: this is no resource id"
    } else if has("//") || small.ends_with('/') {
        "a part of the id is empty, perhaps from a variable that was not set"
    } else {
        "this is not the resource id of a virtual machine"
    }
}

/// The machine's id that stands in the text behind something else, if there is one.
fn mend(text: &str) -> Option<String> {
    let text = tidy(text).split(['?', '#']).next().unwrap_or(text);
    let rooted = format!("/{text}");
    let start = part::rfind(&rooted.to_ascii_lowercase(), "/subscriptions/")?;
    let id = tidy(rooted.get(start..)?);
    IdText::parse(Cow::Borrowed(id)).machine().map(|id| id.text().into())
}
