//! JIT115: a value that is still to be filled in.

use crate::Severity;
use crate::format::format;
use crate::read::{Fact, placeholder};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A value that is still to be filled in.
#[derive(Debug)]
pub struct UnreplacedPlaceholder;

impl Rule for UnreplacedPlaceholder {
    const META: Meta = Meta {
        name: "unreplaced-placeholder",
        severity: Severity::Error,
        summary: "a placeholder was not replaced by a value",
        fixable: false,
        contested: false,
        page: page(include_str!("unreplaced_placeholder.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Placeholder(node) = *fact else { return };
        let text = cx.text(node);
        let text = words::quoted(placeholder(&text).unwrap_or(&text));
        cx.find::<Self>(node, format!("{text} is still to be filled in"))
            .help("put in the value of your own");
    }
}
