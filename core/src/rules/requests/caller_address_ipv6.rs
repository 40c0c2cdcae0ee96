//! JIT626: a request without a source from an IPv6 address.

use crate::Severity;
use crate::decide::Refusal;
use crate::format::format;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A request without a source from an IPv6 address.
#[derive(Debug)]
pub struct CallerAddressIpv6;

impl Rule for CallerAddressIpv6 {
    const META: Meta = Meta {
        name: "caller-address-ipv6",
        severity: Severity::Error,
        summary: "the request names no source, and the caller comes from an IPv6 address",
        fixable: false,
        contested: false,
        page: page(include_str!("caller_address_ipv6.md")),
    };

    fn refusal(refusal: &Refusal, cx: &mut Context) {
        let Refusal::CallerIpv6 { node, address } = refusal else { return };
        cx.find::<Self>(
            *node,
            format!("the request names no source, and yours is the IPv6 address `{address}`: the service opens IPv4 only"),
        )
        .help("add `allowedSourceAddressPrefix` with the IPv4 address that you come from");
    }
}
