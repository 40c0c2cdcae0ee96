//! What is said about a machine: who has access, what is exposed and why.
use crate::api::{Exposed, Machine, Open, Through};
use crate::parts::{grouped, open_port, sources};
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
        let stopped = if grant.effective { "" } else { " (stopped by another filter)" };
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
    let by = if rules.is_empty() { String::new() } else { format!(". It is let in by {}", rules.join(", ")) };
    let state = if port.as_found { " in the network as it was imported" } else { "" };
    let about = if port.exact { "" } else { ", as far as can be told" };
    format!("Port {} ({}) {what}{state}: from {from}{internet}{about}{by}.", port.port, port.protocol)
}

/// `22 from the Internet, 3389 from 10.0.0.0/8`
pub fn reachable(ports: &[Exposed]) -> String {
    let one = |port: &Exposed| {
        let from = if port.internet {
            "the Internet".to_owned()
        } else {
            let hidden = u64::try_from(port.sources.len())
                .unwrap_or(u64::MAX)
                .saturating_add(port.more)
                .saturating_sub(1);
            let first = port.sources.first().map_or("", String::as_str);
            if hidden > 0 {
                format!("{first} and {} more", grouped(&hidden.to_string()))
            } else {
                first.to_owned()
            }
        };
        format!("{} from {from}", port.port)
    };
    ports.iter().map(one).collect::<Vec<_>>().join(", ")
}
