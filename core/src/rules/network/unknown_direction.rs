//! JIT710: a rule looks neither in nor out.

use alloc::borrow::Cow;
use alloc::format;

use crate::Severity;
use crate::json::NodeKind;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A rule looks neither in nor out.
#[derive(Debug)]
pub struct UnknownDirection;

impl Rule for UnknownDirection {
    const META: Meta = Meta {
        name: "unknown-direction",
        severity: Severity::Error,
        summary: "a rule looks neither in nor out",
        fixable: false,
        contested: false,
        page: page(include_str!("unknown_direction.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        if fact.oddity != Oddity::BadDirection {
            return;
        }
        let node = fact.place.node;
        let message = match cx.tape().kind(node) {
            NodeKind::Object => Cow::Borrowed("this rule does not say which way it looks"),
            _ => Cow::Owned(format!("{} is neither `Inbound` nor `Outbound`", words::quoted(&cx.text(node)))),
        };
        cx.find::<Self>(node, message)
            .help("write `Inbound` for what comes to the machine, `Outbound` for what leaves it");
    }
}
