//! JIT628: a document without a policy where one is due.

use crate::Severity;
use crate::decide::Refusal;
use crate::model::Kind;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A document without a policy where one is due.
#[derive(Debug)]
pub struct NotAPolicy;

impl Rule for NotAPolicy {
    const META: Meta = Meta {
        name: "not-a-policy",
        severity: Severity::Error,
        summary: "the document handed in as the policy holds none",
        fixable: false,
        contested: false,
        page: page(include_str!("not_a_policy.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::NoPolicy { node, kind } = *refusal else { return };
        let message = match kind {
            Kind::Request | Kind::StoredRequest => {
                "this is a request, and a policy is due: were the two swapped?"
            }
            Kind::PolicyList => "this list holds no policy",
            _ => "this document holds no policy",
        };
        cx.find::<Self>(node, message).help("hand in a policy, or a list of them");
    }
}
