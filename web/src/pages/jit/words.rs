//! What is said about a machine: who has access, what is exposed and why.
use jitgate_core::order;

use crate::api::{Exposed, Machine, Open, Through};
use crate::parts::{grouped, let_in_by, open_port, sources};
use crate::ui::Glyph;

/// `1,200`
pub fn number(count: usize) -> String {
    grouped(&count.to_string())
}

/// Where just-in-time access works, as an icon and in words.
pub const fn through(through: Through) -> (Glyph, &'static str) {
    match through {
        Through::Nsg => (Glyph::Shield, "Network security group"),
        Through::Firewall => (Glyph::Firewall, "Azure Firewall"),
        Through::SecurityGroup => (Glyph::Shield, "Security group"),
    }
}

/// `anna: 22, 3389`, one for each user.
pub fn users(open: &[Open]) -> Vec<(String, String)> {
    let mut users: Vec<(String, String)> = Vec::new();
    for grant in open {
        let stopped = grant.stopped.map(|why| format!(" ({why})")).unwrap_or_default();
        let port = format!("{}{stopped}", open_port(grant, open));
        let name = user(&grant.requestor);
        match users.iter_mut().find(|(user, _)| user == name) {
            Some((_, ports)) => {
                ports.push_str(", ");
                ports.push_str(&port);
            }
            None => users.push((name.to_owned(), port)),
        }
    }
    users
}

/// Who asked for access: requests of applications have no user.
pub fn user(name: &str) -> &str {
    if name.is_empty() { "An application" } else { name }
}

/// As a sentence begins.
pub fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// `22, 3389`
pub fn list(ports: &[u16]) -> String {
    ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

/// Why somebody gets in: a sentence for each port.
pub fn reasons(machine: &Machine) -> Vec<String> {
    let residual = machine.residual.iter().map(|port| reason(port, "is protected, and reached all the same"));
    let unprotected =
        machine.unprotected.iter().map(|port| reason(port, "is reached, and no policy protects it"));
    residual.chain(unprotected).collect()
}

fn reason(port: &Exposed, what: &str) -> String {
    let mut from = sources(port.sources.get(..3).unwrap_or(&port.sources));
    let hidden =
        u64::try_from(port.sources.len().saturating_sub(3)).unwrap_or(u64::MAX).saturating_add(port.more);
    if hidden > 0 {
        from = format!("{from} and {} more", grouped(&hidden.to_string()));
    }
    let internet = if port.internet { ", the Internet included" } else { "" };
    let rules: Vec<String> = port
        .let_in_by
        .iter()
        .map(|rule| {
            let priority =
                rule.priority.map(|priority| format!(" (priority {priority})")).unwrap_or_default();
            format!("{}{priority} in {}", rule.name, rule.resource)
        })
        .collect();
    let by = let_in_by(&rules, &port.unfiltered);
    let state = if port.as_found { " in the network as it was imported" } else { "" };
    let about = if port.exact { "" } else { ", as far as can be told" };
    format!("Port {} ({}) {what}{state}: from {from}{internet}{about}{by}.", port.port, port.protocol)
}

/// The ports that are reached from the same, and from where, the Internet first.
type Way = (Vec<u16>, String);

pub fn reachable(machine: &Machine) -> Vec<Way> {
    let mut all: Vec<Way> = Vec::new();
    let ports = || machine.residual.iter().chain(&machine.unprotected);
    for port in ports().filter(|port| port.internet).chain(ports().filter(|port| !port.internet)) {
        let (from, number) = (origin(port), port.port);
        match all.iter_mut().find(|(_, known)| *known == from) {
            // A port may be reached as it was found, and by two protocols.
            Some((known, _)) if known.contains(&number) => {}
            Some((known, _)) => known.push(number),
            None => all.push((vec![number], from)),
        }
    }
    all
}

/// `22, 5985 from the Internet; 3389 from 10.0.0.0/8 and 2 more`
pub fn ways(all: &[Way]) -> String {
    all.iter().map(|(ports, from)| format!("{} from {from}", list(ports))).collect::<Vec<_>>().join("; ")
}

/// `22, 5985 from the Internet; also 3389`
pub fn ways_in_short(all: &[Way]) -> String {
    let Some((first, rest)) = all.split_first() else { return String::new() };
    let mut more: Vec<u16> = rest.iter().flat_map(|(ports, _)| ports).copied().collect();
    more.retain(|port| !first.0.contains(port));
    order::distinct(&mut more);
    let more = if more.is_empty() { String::new() } else { format!("; also {}", list(&more)) };
    ways(std::slice::from_ref(first)) + &more
}

fn origin(port: &Exposed) -> String {
    if port.internet {
        return "the Internet".to_owned();
    }
    // The host under every machine of Azure tells nothing.
    let mut sources = port.sources.iter().filter(|source| *source != "168.63.129.16");
    let Some(first) = sources.next() else { return "Azure's own host".to_owned() };
    let more = u64::try_from(sources.count()).unwrap_or(u64::MAX).saturating_add(port.more);
    match more {
        0 => first.clone(),
        more => format!("{first} and {} more", grouped(&more.to_string())),
    }
}
