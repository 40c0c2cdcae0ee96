//! The part of a session that knows networks; the small module does without it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::IpAddr;

use jitgate_core::network::engine::{Class, Engine, Flow, NotFound};
use jitgate_core::network::{Index, VirtualMachine};
use jitgate_core::preview::{Loaded, Mode, Options, Side, Watch, diff, load, preview};
use jitgate_core::wire;

use crate::diagnostics::Diagnostics;
use crate::rows::Rows;
use crate::session::{Session, Status, make_room};

/// IANA's numbers: what a question calls ICMP is another protocol in IPv6.
const ICMP: u8 = 1;
const ICMPV6: u8 = 58;

/// A network and the policies in force on it.
#[derive(Debug)]
pub(crate) struct Asked {
    network: Loaded,
    watch: Watch,
    /// Its side of a comparison that is under way.
    side: Option<Side>,
}

/// A question as numbers.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// TCP, UDP or ICMP.
    pub protocol: u8,
    /// To which port.
    pub port: u16,
    /// From which port; any ordinary one where it is negative.
    pub source_port: i32,
}

impl Session {
    /// Loads a network from the first parts, under the policies and requests in the next ones, which are decided at
    /// `now` for the caller at the caller's address.
    pub fn load(&mut self, counts: [usize; 3], mode: u32, now: f64) -> Status {
        self.loaded = None;
        let options = match self.options(mode, now) {
            Ok(options) => options,
            Err(status) => return status,
        };
        let parts = self.take_parts();
        let [files, policies, requests] = split(&parts, counts);
        let network = load(&files, Some(options.now));
        let watch = Watch::new(&network, &policies, &requests, &options);
        self.loaded = Some(Box::new(Asked { network, watch, side: None }));
        Status::Done
    }

    /// Gives what is to be said about each file of the network: `[[[kind, count], …], texts]`.
    pub fn reports(&mut self) -> Status {
        let Some(asked) = &self.loaded else { return Status::NotLoaded };
        let mut rows = Rows::default();
        let mut diagnostics = Diagnostics::default();
        rows.open();
        rows.open();
        for report in &asked.network.reports {
            rows.open();
            diagnostics.report(report.kind, &report.diagnostics, &mut rows);
            rows.close();
        }
        rows.close();
        self.answer = diagnostics.end(rows);
        Status::Done
    }

    /// Gives the machines of the network: `[[id, name, class, reason], …]`.
    pub fn machines(&mut self) -> Status {
        let Some(asked) = &self.loaded else { return Status::NotLoaded };
        let engine = &asked.network.engine;
        let mut rows = Rows::default();
        rows.open();
        for (at, machine) in engine.network().machines.iter().enumerate() {
            let index = Index::new(at);
            let class = engine.classify(index, asked.watch.protects(index));
            rows.open();
            for text in [&machine.id, &machine.name, class_word(class), class.reason()] {
                rows.text(text);
            }
            rows.close();
        }
        rows.close();
        self.answer = rows.json.into();
        Status::Done
    }

    /// Answers whether an address could reach a machine at an instant. The parts are the machine's name or id, the
    /// address that asks, and the one that is asked, which may be empty.
    pub fn reach(&mut self, question: Question, at: f64) -> Status {
        match self.reached(question, at) {
            Ok(answer) => {
                self.answer = answer.into();
                Status::Done
            }
            Err(status) => status,
        }
    }

    fn reached(&self, question: Question, at: f64) -> Result<alloc::string::String, Status> {
        let asked = self.loaded.as_ref().ok_or(Status::NotLoaded)?;
        let [name, from, to] = [0, 1, 2].map(|at| self.parts.get(at).map(Vec::as_slice).unwrap_or_default());
        let at = self.now(at).ok_or(Status::BadTime)?;
        let from = address(from).ok_or(Status::BadFrom)?;
        let to = if to.is_empty() { None } else { Some(address(to).ok_or(Status::BadTo)?) };
        let engine = asked.watch.at(at);
        let machine = machine(engine, name)?;
        let protocol = match (question.protocol, from) {
            (ICMP, IpAddr::V6(_)) => ICMPV6,
            (protocol, _) => protocol,
        };
        let source_port = u16::try_from(question.source_port).ok();
        let flow = Flow { machine, from, port: question.port, protocol, source_port, to };
        Ok(wire::reach(engine, &engine.reach(&flow)))
    }

    /// Gives what may reach the machine that is named in the first part at an instant.
    pub fn traffic(&mut self, at: f64) -> Status {
        let Some(asked) = &self.loaded else { return Status::NotLoaded };
        let Some(at) = self.now(at) else { return Status::BadTime };
        let engine = asked.watch.at(at);
        match machine(engine, self.parts.first().map(Vec::as_slice).unwrap_or_default()) {
            Ok(machine) => {
                self.answer = wire::traffic(&engine.effective(machine)).into();
                Status::Done
            }
            Err(status) => status,
        }
    }

    /// Gives what policies and requests, in the first parts, do to the network.
    pub fn preview(&mut self, counts: [usize; 2], mode: u32, now: f64) -> Status {
        let options = match self.options(mode, now) {
            Ok(options) => options,
            Err(status) => return status,
        };
        let parts = core::mem::take(&mut self.parts);
        let Some(asked) = &self.loaded else { return Status::NotLoaded };
        let [policies, requests] = split(&parts, counts);
        self.answer = wire::preview(&preview(&asked.network, &policies, &requests, &options)).into();
        Status::Done
    }

    /// Compares two versions, in the first parts; what is the same around both comes after them.
    pub fn diff(&mut self, counts: [usize; 3], now: f64) -> Status {
        let Some(now) = self.now(now) else { return Status::BadTime };
        let parts = self.take_parts();
        let [before, after, around] = split(&parts, counts);
        self.answer = wire::diff(&diff(&before, &after, &around, Some(now))).into();
        Status::Done
    }

    /// Begins to compare the network at an instant, `alone` where neither has a machine. Gives how many it has.
    pub fn begin(&mut self, alone: bool, at: f64) -> Status {
        let Some(at) = self.now(at) else { return Status::BadTime };
        let Some(asked) = &mut self.loaded else { return Status::NotLoaded };
        let engine = asked.watch.at(at);
        self.answer = alloc::format!("{{\"machines\":{}}}", engine.network().machines.len()).into();
        asked.side = Some(Side::new(engine, alone));
        Status::Done
    }

    /// Tells the other side about so many machines from one on: in bytes, not in an answer.
    pub fn tell(&mut self, from: usize, count: usize) -> Status {
        let Some(side) = self.loaded.as_ref().and_then(|asked| asked.side.as_ref()) else {
            return Status::NotLoaded;
        };
        self.told = side.tell(from, count);
        self.answer = alloc::format!("{{\"bytes\":{}}}", self.told.len()).into();
        Status::Done
    }

    /// What was told last.
    pub(crate) fn told(&self) -> &[u8] {
        &self.told
    }

    /// Compares with what the other side tells, in the first part.
    pub fn compare(&mut self) -> Status {
        let Some(side) = self.loaded.as_mut().and_then(|asked| asked.side.as_mut()) else {
            return Status::NotLoaded;
        };
        let told = self.parts.first().map(Vec::as_slice).unwrap_or_default();
        if side.compare(told).is_none() {
            return Status::NotLoaded;
        }
        self.answer = alloc::string::String::from("null").into();
        Status::Done
    }

    /// Ends the comparison, and gives the difference but for the reports.
    pub fn difference(&mut self) -> Status {
        let Some(side) = self.loaded.as_mut().and_then(|asked| asked.side.take()) else {
            return Status::NotLoaded;
        };
        self.answer = wire::diff(&side.difference()).into();
        Status::Done
    }

    /// The parts, with room to read them.
    fn take_parts(&mut self) -> Vec<Vec<u8>> {
        make_room(self.parts.iter().map(Vec::len).fold(0, usize::saturating_add));
        core::mem::take(&mut self.parts)
    }

    fn options(&self, mode: u32, now: f64) -> Result<Options, Status> {
        let now = self.now(now).ok_or(Status::BadTime)?;
        let mode = if mode == 0 { Mode::Enforce } else { Mode::Document };
        Ok(Options { mode, caller_address: self.caller()?, ..Options::at(now) })
    }
}

/// The parts, so many each.
fn split<const N: usize>(parts: &[Vec<u8>], counts: [usize; N]) -> [Vec<&[u8]>; N] {
    let mut rest = parts.iter().map(Vec::as_slice);
    counts.map(|count| rest.by_ref().take(count).collect())
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    str::from_utf8(bytes).ok()?.parse().ok()
}

fn machine(engine: &Engine, name: &[u8]) -> Result<Index<VirtualMachine>, Status> {
    let name = str::from_utf8(name).map_err(|_| Status::UnknownMachine)?;
    engine.find(name).map_err(|not_found| match not_found {
        NotFound::Unknown => Status::UnknownMachine,
        NotFound::Ambiguous => Status::AmbiguousMachine,
    })
}

const fn class_word(class: Class) -> &'static str {
    match class {
        Class::Configured => "configured",
        Class::NotConfigured => "notConfigured",
        Class::Unsupported(_) => "unsupported",
    }
}
