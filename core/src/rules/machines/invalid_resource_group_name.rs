//! JIT517: a name that no resource group can have.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::IdText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A name that no resource group can have.
#[derive(Debug)]
pub struct InvalidResourceGroupName;

/// The longest name, in characters.
const MOST: usize = 90;

impl Rule for InvalidResourceGroupName {
    const META: Meta = Meta {
        name: "invalid-resource-group-name",
        severity: Severity::Warning,
        summary: "the resource group in a machine's id has a name that no resource group can have",
        fixable: false,
        contested: false,
        page: page(include_str!("invalid_resource_group_name.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        let Some(id) = id.machine() else { return };
        let name = id.resource_group();
        // Letters of every script are allowed. Which characters beyond ASCII are letters is left to the service.
        let inside = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || !byte.is_ascii()
                || matches!(byte, b'-' | b'_' | b'.' | b'(' | b')')
        };
        let is_short = name.len() <= MOST || name.chars().count() <= MOST;
        if !name.bytes().all(inside) || name.ends_with('.') || !is_short {
            report(name, node, cx);
        }
    }
}

#[cold]
fn report(name: &str, node: NodeId, cx: &mut Context) {
    let name = words::quoted(name);
    cx.find::<InvalidResourceGroupName>(node, format!("no resource group can have the name {name}"))
        .help("check the name: 1 to 90 letters, digits, `-`, `_`, `.`, `(` or `)`, no `.` last");
}
