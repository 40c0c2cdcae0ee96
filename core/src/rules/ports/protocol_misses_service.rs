//! JIT211: a rule for UDP alone on the port of a service that is reached over TCP.

use super::services;
use crate::Severity;
use crate::format::format;
use crate::model::{Machine, Policy, PortRule, Protocol};
use crate::names::Names;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule};

/// A rule for UDP alone on the port of a service that is reached over TCP.
#[derive(Debug)]
pub struct ProtocolMissesService;

impl Rule for ProtocolMissesService {
    const META: Meta = Meta {
        name: "protocol-misses-service",
        severity: Severity::Security,
        summary: "a port of a TCP service is protected for `UDP` alone",
        fixable: true,
        contested: false,
        page: page(include_str!("protocol_misses_service.md")),
    };

    #[inline]
    fn machine(machine: &Machine, _: &Policy, cx: &mut Context) {
        if machine.ports.iter().any(|rule| protocol(rule) == Some(Protocol::Udp)) {
            look(machine, cx);
        }
    }
}

fn protocol(rule: &PortRule) -> Option<Protocol> {
    rule.protocol.get().and_then(|protocol| protocol.protocol())
}

fn number(rule: &PortRule) -> Option<u16> {
    rule.number.get().and_then(|number| number.port())
}

#[cold]
fn look(machine: &Machine, cx: &mut Context) {
    // A protocol that is not known may well be TCP.
    let others = machine.ports.iter().filter(|rule| protocol(rule) != Some(Protocol::Udp));
    // Ports have no names: their numbers tell them apart.
    let mut covered = Names::exact();
    for port in others.filter_map(number) {
        covered.insert("", port, ());
    }
    for rule in &machine.ports {
        let Some((_, node)) = rule.protocol.given().filter(|_| protocol(rule) == Some(Protocol::Udp)) else {
            continue;
        };
        let Some(port) = number(rule).filter(|port| covered.get("", *port).is_none()) else { continue };
        let Some(service) = services::service(port) else { continue };
        let edit = EditDraft::string(cx.tape(), node, "TCP");
        cx.find::<ProtocolMissesService>(
            node,
            format!("port `{port}` is {service}, which is reached over TCP: this rule leaves TCP as open as it was"),
        )
        .help("protect `TCP`, or `*` for both")
        .unsafe_fix("write `TCP`", [edit]);
    }
}
