//! Decisions and rules as rows: `js/rows.js` makes of them what `jitgate_core::wire` has.

use alloc::string::{String, ToString};

use ipnet::Ipv4Net;
use jitgate_core::Code;
use jitgate_core::decide::{Decision, Grant, MachineBody, Nearest, PortBody, Reason, Subject, Until};
use jitgate_core::rules::words;

use crate::answer::Answer;
use crate::diagnostics::Diagnostics;
use crate::rows::Rows;

/// `[granted, [grant, …], [document, …], nearest, [change, …], texts]`, where the documents are those of the
/// diagnostics, and `nearest` is `[[machine, …], justification]`. What is not there is 0.
pub fn decision(decision: &Decision) -> Answer {
    let mut rows = Rows::default();
    rows.open();
    rows.number(u32::from(decision.is_granted()));
    rows.list(&decision.grants, Rows::grant);
    let mut diagnostics = Diagnostics::default();
    rows.list(&decision.reasons, Rows::subject);
    decision.reasons.iter().for_each(|reason| diagnostics.push(&reason.diagnostic));
    match &decision.nearest {
        Some(nearest) => rows.nearest(nearest),
        None => rows.number(0),
    }
    let changes = decision.nearest.as_ref().map_or(&[][..], |nearest| &nearest.changes);
    rows.list(changes, |rows, change| rows.text(change));
    diagnostics.end(rows)
}

/// `[[code, name, family, severity, summary, fixable, contested], …]`.
pub fn rules(codes: &[Code]) -> String {
    let mut rows = Rows::default();
    rows.list(codes, |rows, &code| {
        let meta = code.meta();
        rows.open();
        for text in [code.id(), meta.name, code.family().as_str(), meta.severity.as_str(), meta.summary] {
            rows.text(text);
        }
        rows.number(u32::from(meta.fixable));
        rows.number(u32::from(meta.contested));
        rows.close();
    });
    rows.json
}

impl Rows {
    pub fn list<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.open();
        items.iter().for_each(|item| each(self, item));
        self.close();
    }

    /// `[policy, machine, port, protocol, [source, …], start, end]`
    fn grant(&mut self, grant: &Grant) {
        self.open();
        self.optional(grant.policy.as_deref());
        self.text(&grant.machine);
        self.number(grant.port.into());
        self.text(grant.protocol.as_str());
        self.nets(&grant.sources);
        self.text(&grant.start.to_string());
        self.text(&grant.end.to_string());
        self.close();
    }

    fn subject(&mut self, reason: &Reason) {
        self.text(match reason.document {
            Subject::Policy => "policy",
            Subject::Request => "request",
        });
    }

    fn nearest(&mut self, nearest: &Nearest) {
        self.open();
        self.list(&nearest.body.machines, Self::machine);
        self.optional(nearest.body.justification.as_deref());
        self.close();
    }

    /// `[id, [[number, [source, …], end, duration], …]]`
    fn machine(&mut self, machine: &MachineBody) {
        self.open();
        self.text(&machine.id);
        self.list(&machine.ports, Self::port);
        self.close();
    }

    fn port(&mut self, port: &PortBody) {
        self.open();
        self.number(port.number.into());
        self.nets(&port.sources);
        let (end, duration) = match &port.until {
            Until::End(end) => (Some(end.as_str()), None),
            Until::Duration(duration) => (None, Some(duration.as_str())),
        };
        self.optional(end);
        self.optional(duration);
        self.close();
    }

    fn nets(&mut self, nets: &[Ipv4Net]) {
        self.list(nets, |rows, net| rows.text(&words::net(net)));
    }

    pub fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.number(0),
        }
    }
}
