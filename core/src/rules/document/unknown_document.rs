//! JIT107: JSON that holds no policy and no request.

use crate::Severity;
use crate::format::format;
use crate::json::{NodeId, NodeKind};
use crate::part;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// JSON that holds no policy and no request.
#[derive(Debug)]
pub struct UnknownDocument;

impl Rule for UnknownDocument {
    const META: Meta = Meta {
        name: "unknown-document",
        severity: Severity::Error,
        summary: "the document holds neither a policy nor a request",
        fixable: false,
        contested: false,
        page: page(include_str!("unknown_document.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::UnknownKind { node, resource, network } = *fact else { return };
        if network && cx.tape().kind(node) != NodeKind::Broken {
            cx.find::<Self>(node, "this tells of no network").help("check it without saying what it is");
            return;
        }
        if let Some(resource) = resource.filter(|&id| cx.tape().kind(id) == NodeKind::String) {
            let name = cx.quoted(resource);
            return find(resource, format!("this is {name}, not a just-in-time access policy"), cx);
        }
        if part::contains(cx.tape().text(), "\\\"virtualMachines\\\"") {
            cx.find::<Self>(node, "a policy or a request stands in a string here, and is not read there")
                .help("take it out of the string, without its quotes and the `\\` in it, and check it by itself");
            return;
        }
        match cx.tape().kind(node) {
            // Its slip says it.
            NodeKind::Broken => {}
            NodeKind::Object | NodeKind::Array => {
                find(node, "this is neither a just-in-time access policy nor a request".into(), cx);
            }
            kind => {
                let kind = words::kind(kind);
                find(node, format!("the document is {kind}: a policy or a request is an object"), cx);
            }
        }
    }
}

fn find(node: NodeId, message: alloc::string::String, cx: &mut Context) {
    cx.find::<UnknownDocument>(node, message).help(
        "a policy has `properties` with `virtualMachines`, a request has `virtualMachines`, each with `ports`",
    );
}
