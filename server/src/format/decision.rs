//! A decision as text for people.

use jitgate_core::Timestamp;
use jitgate_core::decide::{Decision, Grant, Nearest};
use jitgate_core::diagnostic::render::shown;
use jitgate_core::model::Protocol;
use jitgate_core::model::duration::words;
use jitgate_core::rules::words::is_hidden;
use jitgate_core::wire::RequestBodyJson;

use super::Finding;
use super::text::{bad, faint, good, one, plural, strong};

/// The decision: what opens, or why not and what would.
pub fn text(decision: &Decision, reasons: &[Finding]) -> String {
    if decision.is_granted() {
        return granted(&decision.grants);
    }
    let mut out = format!("{}: {}\n\n", bad("refused"), plural(reasons.len(), ("reason", "reasons")));
    reasons.iter().for_each(|reason| out += &one(reason));
    out + &decision.nearest.as_ref().map(advice).unwrap_or_default()
}

/// What opens: the machines in the order asked, their ports under them.
fn granted(grants: &[Grant]) -> String {
    let start = grants.first().map_or(String::new(), |grant| format!(" from {}", clock(grant.start)));
    let ports = plural(grants.len(), ("port opens", "ports open"));
    let mut out = format!("{}: {ports}{start}\n", good("granted"));
    let mut machine = "";
    for grant in grants {
        if grant.machine != machine {
            machine = &grant.machine;
            let name = machine.rsplit('/').next().unwrap_or(machine);
            out += &format!("\n{}  {}\n", strong(&shown(name)), faint(&shown(machine)));
        }
        let length =
            grant.end.since(grant.start).map_or(String::new(), |time| format!(", for {}", words(time)));
        out += &format!(
            "  port {} ({}) to {} until {}{length}\n",
            grant.port,
            protocol(grant.protocol),
            sources(grant),
            clock(grant.end),
        );
    }
    out
}

fn advice(nearest: &Nearest) -> String {
    let mut out = format!("{}\n", strong("the nearest request that would be granted"));
    nearest.changes.iter().for_each(|change| out += &format!("  {}\n", shown(change)));
    // Our own shape cannot fail to serialize.
    let body = serde_json::to_string_pretty(&RequestBodyJson::from(&nearest.body)).unwrap_or_default();
    out + &format!("\n{}\n", escaped(&body))
}

/// JSON that means the same and holds no character that would act on a terminal: such a one stands in a string alone.
fn escaped(json: &str) -> String {
    let mut out = String::new();
    for char in json.chars() {
        if char != '\n' && is_hidden(char) {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04x}"));
        } else {
            out.push(char);
        }
    }
    out
}

fn sources(grant: &Grant) -> String {
    let name = |source: &ipnet::Ipv4Net| match source.prefix_len() {
        0 => "any address".to_string(),
        32 => source.addr().to_string(),
        _ => source.to_string(),
    };
    grant.sources.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Any => "every protocol",
        other => other.as_str(),
    }
}

/// `2026-01-15 12:00:00 UTC`
pub fn clock(time: Timestamp) -> String {
    let text = time.to_string();
    let seconds = text.split(['.', 'Z']).next().unwrap_or(&text);
    format!("{} UTC", seconds.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use jitgate_core::Timestamp;

    use super::clock;

    #[test]
    fn instants_are_said_in_utc() {
        let time = Timestamp::parse("2026-01-15T12:00:00.1234567Z").expect("a time");
        assert_eq!(clock(time), "2026-01-15 12:00:00 UTC");
    }
}
