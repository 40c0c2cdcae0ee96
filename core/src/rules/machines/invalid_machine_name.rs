//! JIT515: a name that no virtual machine can have.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::IdText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A name that no virtual machine can have.
#[derive(Debug)]
pub struct InvalidMachineName;

/// The longest name, in characters; the valid ones are all ASCII.
const MOST: usize = 64;

impl Rule for InvalidMachineName {
    const META: Meta = Meta {
        name: "invalid-machine-name",
        severity: Severity::Warning,
        summary: "a machine's name is not one that a virtual machine can have",
        fixable: false,
        contested: false,
        page: page(include_str!("invalid_machine_name.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        let Some(id) = id.machine() else { return };
        let name = id.name().as_bytes();
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let ends = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let fits = name.len() <= MOST
            && name.iter().all(inside)
            && name.first().is_some_and(u8::is_ascii_alphanumeric)
            && name.last().is_some_and(ends);
        if !fits {
            report(id.name(), node, cx);
        }
    }
}

#[cold]
fn report(name: &str, node: NodeId, cx: &mut Context) {
    let name = words::quoted(name);
    cx.find::<InvalidMachineName>(node, format!("no virtual machine can have the name {name}"))
        .help("check the name: 1 to 64 letters, digits, `-`, `_` or `.`, a letter or digit first, no `-` or `.` last");
}
