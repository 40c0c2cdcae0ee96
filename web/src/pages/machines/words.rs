//! What is known of a machine, in a few words.
use crate::api::{Class, Exposed, Machine, Os, Through};
use crate::parts::plural;
use jitgate_core::order;

/// Just-in-time access, as the tabs of the just-in-time page have it.
pub const fn class(class: Class) -> &'static str {
    match class {
        Class::Configured => "Configured",
        Class::NotConfigured => "Not configured",
        Class::Unsupported => "Unsupported",
    }
}

pub const fn os(os: Option<Os>) -> &'static str {
    match os {
        Some(Os::Linux) => "Linux",
        Some(Os::Windows) => "Windows",
        None => "Not known",
    }
}

/// Where just-in-time access works on a configured machine.
pub const fn works_on(machine: &Machine) -> &'static str {
    match machine.through {
        Some(Through::Nsg) => "Network security group",
        Some(Through::Firewall) => "Azure Firewall",
        Some(Through::SecurityGroup) => "Security group (EC2)",
        None if works_on_nothing(machine) && machine.is_ec2 => "Nothing: no security group is in front of it",
        None if works_on_nothing(machine) => {
            "Nothing: no network security group or firewall is in front of it"
        }
        None => "Not known",
    }
}

/// True of a machine whose policy closes nothing: nothing filters in front of it.
pub const fn works_on_nothing(machine: &Machine) -> bool {
    machine.through.is_none() && machine.reason.is_empty()
}

/// A value, or that it is not known.
pub fn known(value: &str) -> String {
    if value.is_empty() { "Not known".to_owned() } else { value.to_owned() }
}

/// Why it is not known what reaches the machine; none where it is.
pub fn unknown(machine: &Machine) -> Option<&str> {
    // Configured, and yet with a reason: it is in a policy alone.
    (machine.class == Class::Configured && !machine.reason.is_empty()).then_some(&*machine.reason)
}

/// What reaches the machine, in one sentence. It never says more than is known.
pub fn exposure(machine: &Machine) -> String {
    let ports = |all: &[Exposed]| {
        let mut ports: Vec<u16> = all.iter().map(|one| one.port).collect();
        order::distinct(&mut ports);
        ports
    };
    let (residual, unprotected) = (ports(&machine.residual), ports(&machine.unprotected));
    let internet = machine.residual.iter().chain(&machine.unprotected).any(|one| one.internet);
    let from = if internet { "; the internet is among the sources" } else { "" };
    let mut parts = Vec::new();
    // A request may open several, and each protocol of a number by itself.
    let mut open: Vec<u16> = machine.open.iter().map(|open| open.port).collect();
    order::distinct(&mut open);
    if !open.is_empty() {
        parts.push(format!("{} open by request", plural(open.len(), "port is", "ports are")));
    }
    if !residual.is_empty() {
        parts.push(format!("{} reached without a request", list(&residual)));
    }
    if !unprotected.is_empty() {
        let them = if unprotected.len() == 1 { "it" } else { "them" };
        parts.push(format!("{} reached, and no policy protects {them}", list(&unprotected)));
    }
    match (parts.as_slice(), unknown(machine)) {
        ([], Some(why)) => format!("What reaches it is not known: {why}."),
        ([], None) if machine.class == Class::Configured => {
            "Nothing that is known of its network reaches the protected ports; no request is open.".to_owned()
        }
        ([], None) => "Nothing that is known of its network reaches its management ports.".to_owned(),
        (parts, _) => format!("{}{from}.", capital(&parts.join("; "))),
    }
}

fn list(ports: &[u16]) -> String {
    let texts: Vec<String> = ports.iter().map(u16::to_string).collect();
    let word = if ports.len() == 1 { "port" } else { "ports" };
    format!("{word} {} can be", texts.join(", "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
