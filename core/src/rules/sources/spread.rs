//! Changes that put several sources in the place of one.

use alloc::string::String;
use alloc::vec::Vec;

use crate::json::{NodeId, Tape};
use crate::model::Sources;
use crate::part;
use crate::part::AnyCase;
use crate::rules::{EditDraft, edit};

const PLURAL: &str = "allowedSourceAddressPrefixes";

/// Puts these sources in the place of one: in a list as elements, in the singular member as a list under
/// the plural name. None where that name is taken.
pub fn spread(
    tape: &Tape,
    object: NodeId,
    sources: &Sources,
    node: NodeId,
    texts: &[&str],
) -> Option<Vec<EditDraft>> {
    let quoted: Vec<String> = texts.iter().map(|text| edit::quote(text)).collect();
    let mut text = part::join(&quoted, ", ");
    let mut edits = Vec::new();
    if sources.single.node() == Some(node) && texts.len() > 1 {
        edits.push(rename(tape, object, node)?);
        text.insert(0, '[');
        text.push(']');
    }
    edits.push(EditDraft::replace(tape, node, text));
    Some(edits)
}

/// Gives the singular member the plural name, unless that is taken.
pub fn rename(tape: &Tape, object: NodeId, value: NodeId) -> Option<EditDraft> {
    let mut names = tape.members(object).filter_map(|member| tape.string(member.key));
    let free = !names.any(|name| name.same_in_any_case(PLURAL));
    free.then(|| EditDraft::string(tape, edit::key_of(value), PLURAL))
}
