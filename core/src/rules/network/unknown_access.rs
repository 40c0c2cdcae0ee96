//! JIT709: a rule neither allows nor denies.

use alloc::borrow::Cow;
use alloc::format;

use crate::Severity;
use crate::json::NodeKind;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A rule neither allows nor denies.
#[derive(Debug)]
pub struct UnknownAccess;

impl Rule for UnknownAccess {
    const META: Meta = Meta {
        name: "unknown-access",
        severity: Severity::Error,
        summary: "a rule neither allows nor denies",
        fixable: false,
        contested: false,
        page: page(include_str!("unknown_access.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::BadAccess {
            return;
        }
        let node = fact.place.node;
        let message = match cx.tape().kind(node) {
            NodeKind::Object => Cow::Borrowed("this rule does not say whether it allows or denies"),
            _ => Cow::Owned(format!("{} is neither `Allow` nor `Deny`", words::quoted(&cx.text(node)))),
        };
        cx.find::<Self>(node, message).help("write `Allow` or `Deny`");
    }
}
