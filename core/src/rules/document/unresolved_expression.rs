//! JIT116: a value that is computed elsewhere.

use crate::Severity;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A value that is computed elsewhere.
#[derive(Debug)]
pub struct UnresolvedExpression;

impl Rule for UnresolvedExpression {
    const META: Meta = Meta {
        name: "unresolved-expression",
        severity: Severity::Info,
        summary: "a value is an expression and cannot be judged",
        fixable: false,
        contested: false,
        page: page(include_str!("unresolved_expression.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Expression(node) = *fact else { return };
        let message = if cx.tape().is_script() {
            "this value is known only when the script runs: it cannot be judged here"
        } else {
            "this value is computed when the document is used: it cannot be judged here"
        };
        cx.find::<Self>(node, message).help("check the document once more with the values in it");
    }
}
