//! A month of requests: what people open on ordinary days, some of it right now, and what was refused.

use std::time::Duration;

use jitgate_core::Timestamp;
use serde_json::json;

use super::policies::{Policy, Port};
use super::random::Random;
use super::{Attempt, PEOPLE, Person, before, set};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Why people come.
const REASONS: [&str; 10] = [
    "restart the tracking service",
    "look at yesterday's slow queries",
    "replace a certificate",
    "install this month's updates",
    "help payroll with a print job",
    "find out why the disk is full",
    "move the archive to the new volume",
    "check the backup of last night",
    "CHG-4711: change the log level",
    "collect a dump for the vendor",
];

/// All attempts, in the order of their times.
pub fn requests(policies: &[Policy], now: Timestamp, random: &mut Random) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    // Ordinary days, the last of them yesterday.
    for day in 1..=30_u64 {
        // On a weekend there is less to do.
        let count = if day % 7 < 2 { 2 } else { 6_u64.saturating_add(random.below(4)) };
        for _ in 0..count {
            let ago = day.saturating_mul(DAY).saturating_sub(random.below(10 * HOUR)).max(5 * HOUR);
            attempts.extend(attempt(policies, before(now, Duration::from_secs(ago)), None, random));
        }
    }
    // Right now.
    for step in 0..14_u64 {
        let ago = Duration::from_secs(random.below(40 * 60).saturating_add(step.saturating_mul(60)));
        attempts.extend(attempt(policies, before(now, ago), None, random));
    }
    for step in 0..12_u64 {
        let ago = Duration::from_secs(step.saturating_mul(2 * DAY).saturating_add(3 * HOUR));
        attempts.extend(attempt(policies, before(now, ago), Some(step % 3), random));
    }
    attempts.sort_by_key(|attempt| attempt.at);
    attempts
}

/// A request: with a fault of that number it asks for too much.
fn attempt(policies: &[Policy], at: Timestamp, fault: Option<u64>, random: &mut Random) -> Option<Attempt> {
    let policy = random.pick(policies)?;
    let (id, ports) = random.pick(&policy.machines)?;
    let port = random.pick(ports)?;
    let by = usize::try_from(random.below(8)).ok()?;
    // Who may only read has no business here.
    let by = if PEOPLE.get(by).is_none_or(|person| person.role == "Reader") { 2 } else { by };
    let person = PEOPLE.get(by)?;
    let granted_hours = 1_u64.saturating_add(random.below(port.hours.min(4)));
    let (hours, source, number) = match fault {
        None => (granted_hours, source(person, port)?, port.number),
        Some(0) => (port.hours.saturating_add(5), source(person, port)?, port.number),
        Some(1) => (granted_hours, source(person, port)?, 1433),
        // Beyond a day nothing is allowed, whatever the sources are.
        Some(_) if port.sources.is_empty() => (26, source(person, port)?, port.number),
        Some(_) => (granted_hours, "100.72.9.14".to_owned(), port.number),
    };
    let mut requested = json!({"number": number, "allowedSourceAddressPrefix": source});
    let hours = Duration::from_secs(hours.saturating_mul(HOUR));
    if random.percent(30) {
        set(&mut requested, "", "endTimeUtc", json!(at.checked_add(hours)?.to_string()));
    } else {
        set(&mut requested, "", "duration", json!(format!("PT{}H", hours.as_secs().checked_div(HOUR)?)));
    }
    let mut body = json!({"virtualMachines": [{"id": id, "ports": [requested]}]});
    if random.percent(85) {
        set(&mut body, "", "justification", json!(random.pick(&REASONS)?));
    }
    Some(Attempt {
        at,
        by,
        from: person.from(),
        policy: policy.put.id.clone(),
        body: body.to_string(),
        granted: fault.is_none(),
    })
}

/// The person's own address, where the policy allows it; else the first block that it does.
fn source(person: &Person, port: &Port) -> Option<String> {
    let own: ipnet::Ipv4Net = person.address.into();
    let mut blocks = port.sources.iter().filter_map(|block| block.parse::<ipnet::Ipv4Net>().ok());
    match port.sources {
        [] => Some(person.address.to_string()),
        _ if blocks.clone().any(|block| block.contains(&own)) => Some(person.address.to_string()),
        _ => blocks.next().and_then(|block| block.hosts().nth(20)).map(|address| address.to_string()),
    }
}
