//! A preview as text for people: a paragraph for each machine that a policy protects, the times in which
//! something is open, and what there is to say about the documents.

use std::net::SocketAddr;

use jitgate_core::diagnostic::render::shown;
use jitgate_core::model::Protocol;
use jitgate_core::model::duration::words;
use jitgate_core::network::Bounds;
use jitgate_core::preview::{Interval, MachinePreview, Preview, Residual, RuleChange, States};
use jitgate_core::sets::{Packet, Ports, Protocols, Region, TCP, Traffic, UDP, has_ports};

use super::Finding;
use super::decision::clock;
use super::text::{bad, faint, good, one, plural, strong};

/// More lines than these for one state are counted, not listed.
const MOST_LINES: usize = 12;

/// The preview, then the findings. Before all of it the policies that it is without, and how many errors they have.
pub fn text(preview: &Preview, unused: &[(&str, usize)], findings: &[Finding]) -> String {
    let mut out = String::new();
    for (file, errors) in unused {
        let errors = plural(*errors, ("error", "errors"));
        out += &format!("{}: the policy `{file}` has {errors}\n", bad("not used"));
    }
    if !unused.is_empty() {
        out += "\n";
    }
    let (protected, others): (Vec<_>, Vec<_>) =
        preview.machines.iter().partition(|machine| !machine.policies.is_empty());
    protected.iter().for_each(|machine| out += &format!("{}\n", self::machine(machine)));
    if protected.is_empty() && unused.is_empty() {
        out += "no policy protects a machine of this network\n\n";
    }
    if !protected.is_empty() && protected.iter().all(|machine| machine.states.is_none()) {
        let none = "none of the machines in the policies is known to be in the network that was given";
        out += &format!("{}: what reaches them is not known\n\n", bad(none));
    }
    out += &timeline(&preview.timeline);
    out += &beside(&others);
    for (index, decision) in &preview.decisions {
        let word = if decision.is_granted() { good("granted") } else { bad("refused") };
        out += &format!("request {}: {word}\n", index.saturating_add(1));
        decision
            .reasons
            .iter()
            .for_each(|reason| out += &format!("  {}\n", shown(&reason.diagnostic.message)));
    }
    if !preview.decisions.is_empty() {
        out += "\n";
    }
    findings.iter().for_each(|finding| out += &one(finding));
    out
}

fn machine(machine: &MachinePreview) -> String {
    let mut out = format!("{}  {}\n", strong(&shown(&machine.name)), faint(&shown(&machine.id)));
    let ports: Vec<String> =
        machine.ports.iter().map(|(protocol, port)| format!("{} {port}", protocol.as_str())).collect();
    let policies: Vec<String> =
        machine.policies.iter().map(|name| format!("policy `{}`", shown(name))).collect();
    // Of one that is not in the network nothing is known.
    let class = if machine.states.is_none() { "not found, but named" } else { class(machine.class) };
    out += &format!("  {class} by {}: {}\n", policies.join(", "), ports.join(", "));
    if !machine.reason.is_empty() {
        out += &format!("  {}\n", shown(&machine.reason));
    }
    if let Some(states) = &machine.states {
        let residual = machine.residual.iter().map(|residual| &residual.traffic.may);
        let changes = [states.closed(), states.opened(), states.opened_at_rest()];
        // A firewall's port is another than the machine's.
        let shown = residual.chain(&changes).fold(protected(machine), |all, one| all.union(one));
        out += &self::states(states, &shown);
    }
    machine.residual.iter().for_each(|residual| out += &self::residual(residual));
    let added = machine.rules.added.iter().map(|change| rule("＋", change));
    let removed = machine.rules.removed.iter().map(|change| rule("−", change));
    let moved = machine.rules.moved.iter().map(|moved| {
        let line = format!(
            "→ `{}` in {}: priority {} becomes {}",
            moved.name, moved.resource.name, moved.from, moved.to
        );
        shown(&line)
    });
    out + &block("rules", added.chain(moved).chain(removed).collect())
}

/// Everything to the machine's protected ports.
fn protected(machine: &MachinePreview) -> Traffic {
    let port = |&(protocol, port): &(Protocol, u16)| {
        let protocols = match protocol {
            Protocol::Tcp => Protocols::one(TCP),
            Protocol::Udp => Protocols::one(UDP),
            Protocol::Any => Protocols::with_ports(),
        };
        Traffic::from(&Region { protocols, destination_ports: Ports::one(port), ..Region::all() })
    };
    machine.ports.iter().map(port).fold(Traffic::none(), |all, one| all.union(&one))
}

/// The states as far as they are shown; what just-in-time access changes, wherever it is.
fn states(states: &States, shown: &Traffic) -> String {
    let about = |bounds: &Bounds<Traffic>| {
        traffic(&Bounds { surely: bounds.surely.intersection(shown), may: bounds.may.intersection(shown) })
    };
    let mut out = block("before", about(&states.before));
    if let Some(found) = &states.as_found {
        out += &block("as found", about(found));
    }
    out += &block("at rest", about(&states.at_rest));
    out += &block("open", about(&states.open));
    let restored = if states.is_restored() {
        let mut digest = String::new();
        for byte in states.after.may.digest().iter().take(4) {
            digest += &format!("{byte:02x}");
        }
        format!("{} {}", good("the same as at rest"), faint(&format!("(digest {digest}…)")))
    } else {
        bad("not the same as at rest")
    };
    out += &block("after", vec![restored]);
    out += &block("closes", signed("−", &states.closed(), &states.surely_closed()));
    out + &block("opens", signed("＋", &states.opened(), &states.surely_opened()))
}

/// Each box of what opens or closes with its size, and one packet of it; last what only may.
fn signed(sign: &str, traffic: &Traffic, surely: &Traffic) -> Vec<String> {
    let maybe = traffic.difference(surely);
    let mut all = sized(sign, &traffic.difference(&maybe));
    all.extend(sized(&format!("{sign} maybe"), &maybe));
    all
}

fn sized(sign: &str, traffic: &Traffic) -> Vec<String> {
    let line = |region: &Region| {
        let size = region.sources.size();
        let count = if size.to_string() == "1" {
            "1 address".to_string()
        } else {
            format!("{} addresses", size.short())
        };
        let packet = Traffic::from(region).witness();
        let packet = packet.map_or(String::new(), |packet| format!(", as {}", way(&packet)));
        format!("{sign} {region} {}", faint(&format!("({count}{packet})")))
    };
    lines(traffic, line)
}

/// `203.0.113.7:49152 → 10.0.0.4:22`; without ports where the protocol has none.
fn way(packet: &Packet) -> String {
    let end = |address, port| {
        if has_ports(packet.protocol) {
            SocketAddr::new(address, port).to_string()
        } else {
            address.to_string()
        }
    };
    let from = end(packet.source, packet.source_port);
    format!("{from} → {}", end(packet.destination, packet.destination_port))
}

fn traffic(bounds: &Bounds<Traffic>) -> Vec<String> {
    if bounds.is_exact() {
        let all = lines(&bounds.may, ToString::to_string);
        return if all.is_empty() { vec![good("nothing")] } else { all };
    }
    let mut all = lines(&bounds.surely, ToString::to_string);
    let maybe = bounds.may.difference(&bounds.surely);
    all.extend(lines(&maybe, |region| format!("maybe {region}")));
    all
}

fn lines(traffic: &Traffic, line: impl Fn(&Region) -> String) -> Vec<String> {
    let boxes = traffic.boxes();
    let mut lines: Vec<String> = boxes.iter().take(MOST_LINES).map(line).collect();
    let more = boxes.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.push(format!("and {more} more; `--format json` has all"));
    }
    lines
}

fn residual(residual: &Residual) -> String {
    let when = if residual.as_found { "as the network is now" } else { "at rest" };
    let stays = if residual.traffic.surely.is_empty() { "may stay" } else { "stays" };
    let mut all = vec![format!(
        "{} {when}, in spite of just-in-time access:",
        bad(&format!("{} {} {stays} open", residual.protocol.as_str(), residual.port))
    )];
    all.extend(traffic(&residual.traffic).into_iter().map(|line| format!("  {line}")));
    all.extend(
        residual.let_in_by.iter().map(|change| format!("  let in by {}", rule("", change).trim_start())),
    );
    all.extend(residual.closing.steps.iter().map(|step| format!("  to close it: {}", shown(step))));
    block("exposed", all)
}

fn rule(sign: &str, change: &RuleChange) -> String {
    let rule = &change.rule;
    let name = if rule.name.is_empty() { String::new() } else { format!(" `{}`", rule.name) };
    let priority = rule.priority.map_or(String::new(), |priority| format!(" {priority}"));
    let to =
        rule.translated.as_ref().map_or(String::new(), |(address, port)| format!(" on to {address}:{port}"));
    let line = format!(
        "{sign} {}{priority} in {}: {} {} from {}{to}{name}",
        rule.access.to_lowercase(),
        change.resource.name,
        rule.protocol,
        rule.ports.join(", "),
        rule.sources.join(", "),
    );
    shown(&line)
}

/// A name and lines beside it; nothing without lines.
fn block(name: &str, lines: Vec<String>) -> String {
    let mut out = String::new();
    for (index, line) in lines.into_iter().enumerate() {
        let name = if index == 0 { name } else { "" };
        out += &format!("  {} {line}\n", strong(&format!("{name:<9}")));
    }
    out
}

fn timeline(intervals: &[Interval]) -> String {
    let mut out = String::new();
    for interval in intervals {
        let length = interval.until.since(interval.from).map(words).unwrap_or_default();
        let until = clock(interval.until);
        out += &format!("{} until {until} ({length})\n", strong(&clock(interval.from)));
        for (grant, mapped) in &interval.grants {
            let machine = grant.machine.rsplit('/').next().unwrap_or_default();
            let who = grant.who.as_deref().filter(|who| !who.is_empty());
            let who = who.map_or(String::new(), |who| format!(" for {who}"));
            let why = grant.why.as_deref().map_or(String::new(), |why| format!(": {why}"));
            let mapped = mapped
                .map_or(String::new(), |(address, port)| format!(" at {address}:{port} of the firewall"));
            let line = format!("{machine} {} {}{mapped}{who}{why}", grant.protocol.as_str(), grant.port);
            out += &format!("  {}\n", shown(&line));
        }
        for (_, name, traffic) in &interval.opened {
            let name = shown(name);
            signed("＋", &traffic.may, &traffic.surely)
                .iter()
                .for_each(|line| out += &format!("    {name} {line}\n"));
        }
    }
    if out.is_empty() { out } else { format!("{out}\n") }
}

/// The machines that no policy protects, with the reason where there is one.
fn beside(machines: &[&MachinePreview]) -> String {
    let mut out = String::new();
    for (class, words) in [("notConfigured", "not configured"), ("unsupported", "unsupported")] {
        let all: Vec<_> = machines.iter().filter(|machine| machine.class == class).collect();
        for machine in all.iter().take(MOST_LINES) {
            let reason = shown(&machine.reason);
            let reason = if reason.is_empty() { reason } else { format!(": {reason}") };
            out += &format!("{}  {words}{reason}\n", strong(&shown(&machine.name)));
        }
        let more = all.len().saturating_sub(MOST_LINES);
        if more > 0 {
            out += &format!("{} {words}\n", plural(more, ("more machine is", "more machines are")));
        }
    }
    if out.is_empty() { out } else { format!("{out}\n") }
}

fn class(class: &str) -> &str {
    match class {
        "configured" => "protected",
        "unsupported" => "unsupported, in spite of being protected",
        other => other,
    }
}
