//! JIT629: a document without a request where one is due.

use crate::Severity;
use crate::decide::Refusal;
use crate::model::Kind;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A document without a request where one is due.
#[derive(Debug)]
pub struct NotARequest;

impl Rule for NotARequest {
    const META: Meta = Meta {
        name: "not-a-request",
        severity: Severity::Error,
        summary: "the document handed in as the request holds none",
        fixable: false,
        contested: false,
        page: page(include_str!("not_a_request.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::NoRequest { node, kind } = *refusal else { return };
        let message = match kind {
            Kind::Policy | Kind::PolicyList => {
                "this is a policy, and a request is due: were the two swapped?"
            }
            Kind::StoredRequest => {
                "this is a request that the service has stored: it cannot be made again as it is"
            }
            _ => "this document holds no request",
        };
        cx.find::<Self>(node, message).help("hand in the body of an `initiate` call");
    }
}
