//! JIT113: a part of a document in place of the whole.

use crate::Severity;
use crate::json::{NodeId, Tape};
use crate::part::AnyCase;
use crate::read::{BareForm, Fact};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// A part of a document in place of the whole.
#[derive(Debug)]
pub struct BareDocument;

impl Rule for BareDocument {
    const META: Meta = Meta {
        name: "bare-document",
        severity: Severity::Error,
        summary: "a part of a policy or a request stands for the whole",
        fixable: true,
        contested: false,
        page: page(include_str!("bare_document.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Bare { node, form, request } = *fact else { return };
        let tape = cx.tape();
        if form == BareForm::Properties
            && !request
            && tape.members(node).any(|member| is_id(tape, member.key))
        {
            let small = tape.members(node).any(|member| tape.plain(member.key) == Some("id"));
            let help = if small {
                "to send it, put `virtualMachines` into `properties`"
            } else {
                "to send it, put `virtualMachines` into `properties`, and begin all names with small letters"
            };
            cx.find::<Self>(node, "this is a policy as the Azure CLI and PowerShell print it: the service takes it in another form")
                .help(help)
                .severity(Severity::Warning);
            return;
        }
        if tape.is_script() && matches!(form, BareForm::Machine | BareForm::Machines) {
            let (message, help) = if request {
                (
                    "this table asks for access: no command here sends it",
                    "give it to `Start-AzJitNetworkAccessPolicy -VirtualMachine`",
                )
            } else {
                (
                    "this table is made for a policy: no command here sends it",
                    "give it to `Set-AzJitNetworkAccessPolicy -VirtualMachine`",
                )
            };
            cx.find::<Self>(node, message).help(help).severity(Severity::Info);
            return;
        }
        let (message, help) = words(form, request);
        let edits = wrapping(tape, node, form, request).map(|(before, after)| {
            let whole = tape.node(node);
            [EditDraft::insert(whole.start, before), EditDraft::insert(whole.end, after)]
        });
        let found = cx.find::<Self>(node, message);
        found.help(help);
        if let Some(edits) = edits {
            found.safe_fix("put the rest around it", edits);
        }
    }
}

const fn words(form: BareForm, request: bool) -> (&'static str, &'static str) {
    match (form, request) {
        (BareForm::Properties, false) => (
            "`virtualMachines` stands in the policy itself: the service looks for it in `properties`",
            "put `virtualMachines` and what belongs to it into `properties`",
        ),
        (BareForm::Machines | BareForm::Properties, true) => (
            "this is a list of machines, not a whole request",
            "make it the value of `virtualMachines` in an object",
        ),
        (BareForm::Machines, false) => (
            "this is a list of machines, not a whole policy",
            "make it the value of `virtualMachines` in the `properties` of an object",
        ),
        (BareForm::Machine, false) => (
            "this is one machine, not a whole policy",
            "put it into `virtualMachines` in the `properties` of an object",
        ),
        (BareForm::Machine, true) => (
            "this is one machine, not a whole request",
            "put it into the list `virtualMachines` of an object",
        ),
        (BareForm::Ports, _) => (
            "this is a list of ports: which machine they are for is not said",
            "make it the value of `ports` in a machine with its `id`",
        ),
        (BareForm::Port, _) => (
            "this is one port: which machine it is for is not said",
            "put it into the `ports` of a machine with its `id`",
        ),
    }
}

/// What makes a whole of the part, where that is all that is missing.
fn wrapping(
    tape: &Tape,
    node: NodeId,
    form: BareForm,
    request: bool,
) -> Option<(&'static str, &'static str)> {
    Some(match (form, request) {
        (BareForm::Machines, false) => (r#"{"kind": "Basic", "properties": {"virtualMachines": "#, "}}"),
        (BareForm::Machine, false) => (r#"{"kind": "Basic", "properties": {"virtualMachines": ["#, "]}}"),
        (BareForm::Machines, true) => (r#"{"virtualMachines": "#, "}"),
        (BareForm::Machine, true) => (r#"{"virtualMachines": ["#, "]}"),
        (BareForm::Properties, false)
            if !is_member(tape, node) && tape.members(node).all(|member| inner(tape, member.key)) =>
        {
            (r#"{"kind": "Basic", "properties": "#, "}")
        }
        _ => return None,
    })
}

/// True for `id`, which the service gives: what has one was not written by hand.
fn is_id(tape: &Tape, key: NodeId) -> bool {
    tape.plain(key).is_some_and(|name| name.same_in_any_case("id"))
}

/// True for what has a name already, in something else: what is wrong with that is not said by the part alone.
fn is_member(tape: &Tape, node: NodeId) -> bool {
    node != NodeId(0) && tape.slice(0, tape.node(node).start).trim_end().ends_with(':')
}

/// True for a name that has its place in `properties`.
fn inner(tape: &Tape, key: NodeId) -> bool {
    tape.plain(key).is_some_and(|name| {
        matches!(name, "virtualMachines" | "requests" | "provisioningState" | "appendMode")
    })
}
