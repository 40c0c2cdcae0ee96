//! JIT625: a request without a source from a caller without an address.

use crate::Severity;
use crate::decide::Refusal;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A request without a source from a caller without an address.
#[derive(Debug)]
pub struct CallerAddressUnknown;

impl Rule for CallerAddressUnknown {
    const META: Meta = Meta {
        name: "caller-address-unknown",
        severity: Severity::Error,
        summary: "the request names no source, and the caller's address is not known",
        fixable: false,
        contested: false,
        page: page(include_str!("caller_address_unknown.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::CallerUnknown { node } = *refusal else { return };
        cx.find::<Self>(node, "the request names no source, and the caller's address is not known here")
            .help("add `allowedSourceAddressPrefix`, or tell the caller's address");
    }
}
