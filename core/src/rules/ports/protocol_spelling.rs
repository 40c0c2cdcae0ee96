//! JIT207: a protocol in another spelling.

use crate::Severity;
use crate::format::format;
use crate::model::{PortRule, ProtocolText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// A protocol in another spelling.
#[derive(Debug)]
pub struct ProtocolSpelling;

impl Rule for ProtocolSpelling {
    const META: Meta = Meta {
        name: "protocol-spelling",
        severity: Severity::Error,
        summary: "a protocol is not spelt `TCP`, `UDP` or `*`",
        fixable: true,
        contested: true,
        page: page(include_str!("protocol_spelling.md")),
    };

    #[inline]
    fn port_rule(rule: &PortRule, cx: &mut Context) {
        let Some((&ProtocolText::Spelt(protocol), node)) = rule.protocol.given() else { return };
        let (text, right) = (cx.quoted(node), protocol.as_str());
        let edit = EditDraft::string(cx.tape(), node, right);
        cx.find::<Self>(
            node,
            format!("{text} is not how the API spells `{right}`: the service may refuse it"),
        )
        .help(format!("write `{right}`"))
        .safe_fix(format!("write `{right}`"), [edit]);
    }
}
