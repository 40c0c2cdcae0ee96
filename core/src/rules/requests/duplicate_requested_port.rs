//! JIT609: one port of a machine twice in a request.

use crate::Severity;
use crate::format::format;
use crate::model::Request;
use crate::names::Names;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// One port of a machine twice in a request.
#[derive(Debug)]
pub struct DuplicateRequestedPort;

impl Rule for DuplicateRequestedPort {
    const META: Meta = Meta {
        name: "duplicate-requested-port",
        severity: Severity::Error,
        summary: "a request names the same port of a machine twice",
        fixable: false,
        contested: true,
        page: page(include_str!("duplicate_requested_port.md")),
    };

    fn request(request: &Request, cx: &mut Context) {
        let ports =
            request.machines.iter().fold(0_usize, |sum, machine| sum.saturating_add(machine.ports.len()));
        if request.stored || ports < 2 {
            return;
        }
        let mut seen = Names::of_any_case(ports);
        for machine in &request.machines {
            let Some(id) = machine.id.get() else { continue };
            for port in &machine.ports {
                let Some((number, node)) = port.number.given() else { continue };
                let Some(number) = number.port() else { continue };
                if let Some(&mut first) = seen.insert(id.text(), number, node) {
                    cx.find::<Self>(
                        node,
                        format!("port `{number}` of this machine is asked for twice: which source and end count is not known"),
                    )
                    .help("put the sources into one `allowedSourceAddressPrefixes`, with one end")
                    .related(first, "the earlier one");
                }
            }
        }
    }
}
