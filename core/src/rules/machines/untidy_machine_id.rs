//! JIT513: white space around an id, or a slash behind it.

use crate::Severity;
use crate::json::NodeId;
use crate::model::IdText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// White space around an id, or a slash behind it.
#[derive(Debug)]
pub struct UntidyMachineId;

impl Rule for UntidyMachineId {
    const META: Meta = Meta {
        name: "untidy-machine-id",
        severity: Severity::Error,
        summary: "a machine's id has white space around it or a slash at its end",
        fixable: true,
        contested: true,
        page: page(include_str!("untidy_machine_id.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        if let IdText::Untidy(id) = id {
            let edit = EditDraft::string(cx.tape(), node, id.text());
            cx.find::<Self>(
                node,
                "there is white space around the id or a slash at its end: it may not be taken for the same machine",
            )
            .help("write the id alone")
            .safe_fix("write the id alone", [edit]);
        }
    }
}
