//! JIT511: a firewall's public address that is none.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::Severity;
use crate::format::format;
use crate::model::{Machine, Policy};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// A firewall's public address that is none.
#[derive(Debug)]
pub struct InvalidPublicIpAddress;

impl Rule for InvalidPublicIpAddress {
    const META: Meta = Meta {
        name: "invalid-public-ip-address",
        severity: Severity::Error,
        summary: "a `publicIpAddress` is no public IPv4 address",
        fixable: false,
        contested: false,
        page: page(include_str!("invalid_public_ip_address.md")),
    };

    fn machine(machine: &Machine, _: &Policy, cx: &mut Context) {
        let Some((text, node)) = machine.public_ip_address.given() else { return };
        let given = || words::quoted(text);
        let found = match text.parse::<Ipv4Addr>() {
            Ok(address) if is_public(address) => return,
            Ok(_) => cx
                .find::<Self>(
                    node,
                    format!("{} is no public address: no firewall has it on the internet", given()),
                )
                .severity(Severity::Warning),
            Err(_) if text.is_empty() => cx.find::<Self>(node, "the firewall's public address is empty"),
            Err(_) if text.parse::<Ipv6Addr>().is_ok() => {
                cx.find::<Self>(node, format!("{} is an IPv6 address, the service takes IPv4 only", given()))
            }
            Err(_) => cx.find::<Self>(node, format!("{} is no IPv4 address", given())),
        };
        found.help("write the public IPv4 address of the Azure Firewall, or leave `publicIpAddress` out");
    }
}

/// False for addresses that IANA's registry of special purposes keeps off the internet.
fn is_public(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let special = address.is_private() || address.is_loopback() || address.is_link_local() || shared;
    let nobody = first == 0 || first >= 224 || address.is_documentation();
    !special && !nobody
}
