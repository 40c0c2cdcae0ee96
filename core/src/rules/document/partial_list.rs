//! JIT117: one page of several.

use crate::Severity;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// One page of several.
#[derive(Debug)]
pub struct PartialList;

impl Rule for PartialList {
    const META: Meta = Meta {
        name: "partial-list",
        severity: Severity::Warning,
        summary: "a list of policies is one page of several",
        fixable: false,
        contested: false,
        page: page(include_str!("partial_list.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::NextLink(node) = *fact else { return };
        cx.find::<Self>(node, "this is one page of several: what is said here is about this page alone")
            .help("follow `nextLink` until an answer has none, and check each page");
    }
}
