//! What two versions of a policy let a requester open: for each machine, protocol, port and address the longest
//! window. Order, numbering, names and spelling are not part of that.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;

use ipnet::Ipv4Net;

use super::target::Protected;
use crate::model::{Protocol, duration};
use crate::order;
use crate::sets::AddressRange;

/// Addresses that may have a port opened for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub udp: bool,
    pub port: u16,
    pub first: u32,
    pub last: u32,
    /// Zero where nothing may be opened.
    pub before: Duration,
    /// The same after the change.
    pub after: Duration,
}

/// Something that becomes possible or impossible to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenableChange {
    /// The machine's id.
    pub machine: String,
    /// The protocol, in a policy's words.
    pub protocol: Protocol,
    /// The ports, ascending.
    pub ports: Vec<u16>,
    /// From where, as first and last addresses, ascending and apart.
    pub sources: Vec<(u32, u32)>,
    /// The longest window before; none where nothing could be opened.
    pub before: Option<Duration>,
    /// The longest window after; none where nothing can be opened.
    pub after: Option<Duration>,
}

impl OpenableChange {
    /// By how much the longest window changes.
    pub fn time(&self) -> Duration {
        let (before, after) = (self.before.unwrap_or_default(), self.after.unwrap_or_default());
        before.max(after).saturating_sub(before.min(after))
    }

    /// True for what becomes possible.
    pub fn opens(&self) -> bool {
        self.after > self.before
    }
}

/// `TCP 22 from 203.0.113.0/24 for up to 3 h instead of 1 h`
impl fmt::Display for OpenableChange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let ports: Vec<String> = self.ports.iter().map(ToString::to_string).collect();
        let address = |bits| IpAddr::V4(Ipv4Addr::from_bits(bits));
        let range = |&(first, last): &(u32, u32)| match (first, last) {
            (0, u32::MAX) => "Any".to_string(),
            _ => AddressRange::new(address(first), address(last))
                .map(|range| range.to_string())
                .unwrap_or_default(),
        };
        let sources: Vec<String> = self.sources.iter().map(range).collect();
        let protocol = if self.protocol == Protocol::Any { "Any" } else { self.protocol.as_str() };
        write!(f, "{protocol} {} from {}", ports.join(", "), sources.join(", "))?;
        let longest = self.after.or(self.before).unwrap_or_default();
        write!(f, " for up to {}", duration::words(longest))?;
        match (self.before, self.after) {
            (Some(before), Some(_)) => write!(f, " instead of {}", duration::words(before)),
            _ => Ok(()),
        }
    }
}

/// Compares what two versions let open on one machine.
pub(super) fn compare(machine: &str, before: &[Protected], after: &[Protected]) -> Vec<OpenableChange> {
    let mut windows = Vec::new();
    for udp in [false, true] {
        let of = |list: &[Protected]| -> Vec<(u16, Vec<Ipv4Net>, Duration)> {
            let other = if udp { Protocol::Tcp } else { Protocol::Udp };
            list.iter()
                .filter(|port| port.protocol != other)
                .map(|port| (port.port, port.sources.clone(), port.most))
                .collect()
        };
        let (before, after) = (of(before), of(after));
        let mut ports: Vec<u16> = before.iter().chain(&after).map(|(port, ..)| *port).collect();
        order::distinct(&mut ports);
        for port in ports {
            for (first, last, before, after) in sweep(&on(port, &before), &on(port, &after)) {
                windows.push(Window { udp, port, first, last, before, after });
            }
        }
    }
    merge(machine, windows)
}

type Blocks = Vec<(u32, u32, Duration)>;

/// The blocks that may open a port.
fn on(port: u16, rules: &[(u16, Vec<Ipv4Net>, Duration)]) -> Blocks {
    let rules = rules.iter().filter(|(number, ..)| *number == port);
    rules
        .flat_map(|(_, nets, most)| {
            nets.iter().map(|net| (net.network().to_bits(), net.broadcast().to_bits(), *most))
        })
        .collect()
}

/// The ranges in which the longest windows differ.
fn sweep(before: &Blocks, after: &Blocks) -> Vec<(u32, u32, Duration, Duration)> {
    let mut starts: Vec<u32> = before
        .iter()
        .chain(after)
        .flat_map(|&(first, last, _)| [Some(first), last.checked_add(1)])
        .flatten()
        .collect();
    order::distinct(&mut starts);
    let longest = |blocks: &Blocks, at: u32| {
        let there = blocks.iter().filter(|(first, last, _)| *first <= at && at <= *last);
        there.map(|(.., most)| *most).max().unwrap_or_default()
    };
    let mut ranges: Vec<(u32, u32, Duration, Duration)> = Vec::new();
    for (at, first) in starts.iter().enumerate() {
        let next = at.checked_add(1).and_then(|next| starts.get(next));
        let last = next.map_or(u32::MAX, |next| next.saturating_sub(1));
        let (before, after) = (longest(before, *first), longest(after, *first));
        if before == after {
            continue;
        }
        match ranges.last_mut() {
            Some((_, end, b, a)) if end.checked_add(1) == Some(*first) && *b == before && *a == after => {
                *end = last;
            }
            _ => ranges.push((*first, last, before, after)),
        }
    }
    ranges
}

/// Joins what differs in the source, the port or the protocol alone, in this order.
fn merge(machine: &str, windows: Vec<Window>) -> Vec<OpenableChange> {
    let some = |time: Duration| (time > Duration::ZERO).then_some(time);
    let mut changes: Vec<OpenableChange> = Vec::new();
    for window in windows {
        let protocol = if window.udp { Protocol::Udp } else { Protocol::Tcp };
        let (before, after) = (some(window.before), some(window.after));
        let same = |change: &&mut OpenableChange| {
            change.protocol == protocol
                && change.ports == [window.port]
                && change.before == before
                && change.after == after
        };
        let range = (window.first, window.last);
        match changes.iter_mut().find(same) {
            Some(change) => change.sources.push(range),
            None => changes.push(OpenableChange {
                machine: machine.to_string(),
                protocol,
                ports: [window.port].into(),
                sources: [range].into(),
                before,
                after,
            }),
        }
    }
    let times = |a: &OpenableChange, b: &OpenableChange| a.before == b.before && a.after == b.after;
    let by_port = join(
        changes,
        |a, b| times(a, b) && a.protocol == b.protocol && a.sources == b.sources,
        |a, b| {
            a.ports.extend(b.ports);
        },
    );
    join(
        by_port,
        |a, b| times(a, b) && a.ports == b.ports && a.sources == b.sources,
        |a, _| {
            a.protocol = Protocol::Any;
        },
    )
}

fn join(
    changes: Vec<OpenableChange>,
    same: impl Fn(&OpenableChange, &OpenableChange) -> bool,
    add: impl Fn(&mut OpenableChange, OpenableChange),
) -> Vec<OpenableChange> {
    let mut joined: Vec<OpenableChange> = Vec::new();
    for change in changes {
        match joined.iter_mut().find(|earlier| same(earlier, &change)) {
            Some(earlier) => add(earlier, change),
            None => joined.push(change),
        }
    }
    joined
}
