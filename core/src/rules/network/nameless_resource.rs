//! JIT716: a resource or a rule cannot be told from others.

use alloc::borrow::Cow;
use alloc::format;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::network::words::resource;
use crate::rules::{Context, Rule};

/// A resource or a rule cannot be told from others.
#[derive(Debug)]
pub struct NamelessResource;

impl Rule for NamelessResource {
    const META: Meta = Meta {
        name: "nameless-resource",
        severity: Severity::Warning,
        summary: "a resource or a rule cannot be told from others",
        fixable: false,
        contested: false,
        page: page(include_str!("nameless_resource.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let what = match fact.oddity {
            Oddity::NoId(kind) => resource(kind),
            Oddity::NoName => "rule",
            _ => return,
        };
        let message = if fact.oddity == Oddity::NoName {
            Cow::Borrowed("this rule has no name: nothing that is said of it can point to it")
        } else {
            Cow::Owned(format!("this {what} has no id and no name that makes one: nothing can refer to it"))
        };
        cx.find::<Self>(fact.place.node, message).help("give the export as it comes, with `id` and `name`");
    }
}
