//! How fast the ledger is and how much memory it takes, with a million requests over 100,000 policies:
//! `cargo bench -p jitgate-core --bench ledger`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a measurement, of a ledger that it makes itself"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Expects, Knows, Principal, PutPolicy, ResourceId, State, handle,
    verify,
};
use jitgate_core::{Timestamp, wire};

const SUBSCRIPTION: &str = "3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10";

fn group(policy: usize) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/group-{:04}", policy % 1000)
}

fn policy_id(policy: usize) -> ResourceId {
    let group = group(policy);
    ResourceId::new(&format!(
        "{group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/policy-{policy}"
    ))
}

fn vm(policy: usize, machine: usize) -> String {
    format!("{}/providers/Microsoft.Compute/virtualMachines/vm-{policy}-{machine}", group(policy))
}

fn put(policy: usize) -> Command {
    let rule = |port| {
        format!(
            r#"{{"number":{port},"protocol":"TCP","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"PT3H"}}"#
        )
    };
    let machine =
        |machine| format!(r#"{{"id":"{}","ports":[{},{}]}}"#, vm(policy, machine), rule(22), rule(3389));
    let body =
        format!(r#"{{"kind":"Basic","properties":{{"virtualMachines":[{},{}]}}}}"#, machine(0), machine(1));
    Command::PutPolicy(PutPolicy {
        policy: policy_id(policy),
        body: body.into_bytes(),
        expects: Expects::Anything,
        knows: Knows::at(u64::MAX),
    })
}

fn initiate(policy: usize, number: usize) -> Command {
    let body = format!(
        r#"{{"virtualMachines":[{{"id":"{}","ports":[{{"number":22,"duration":"PT1H"}}]}}],"justification":"ticket {number}"}}"#,
        vm(policy, number % 2)
    );
    Command::Initiate { policy: policy_id(policy), body: body.into_bytes(), expects: Expects::Anything }
}

fn context(number: usize, seconds: u64) -> Context {
    let person = number % 500;
    let actor = Actor {
        principal: Principal {
            id: format!("oid-{person}").into(),
            name: format!("person{person}@contoso.com").into(),
            kind: ActorKind::User,
        },
        address: Some("203.0.113.7".parse().expect("an address")),
    };
    let start = Timestamp::parse("2026-01-01T00:00:00Z").expect("a time");
    Context {
        now: start.checked_add(Duration::from_secs(seconds)).expect("a time"),
        actor,
        correlation_id: format!("00000000-0000-0000-0000-{number:012}"),
        client_request_id: Some(format!("11111111-0000-0000-0000-{number:012}")),
    }
}

/// The resident memory of this process in MiB; 0 where the system does not tell.
fn memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

fn report(what: &str, count: usize, took: Duration) {
    let each = took.as_secs_f64() * 1e6 / count as f64;
    println!("{what:34} {count:>9} in {:7.2} s, {each:8.2} µs each", took.as_secs_f64());
}

/// Policies, then a request each 2.5 seconds, for an hour, and what has ended now and then.
fn fill(policies: usize, requests: usize, mut run: impl FnMut(Command, Context)) {
    for policy in 0..policies {
        run(put(policy), context(policy, 0));
    }
    for number in 0..requests {
        let seconds = (number as u64 * 5) / 2;
        run(initiate(number % policies, number), context(number, seconds));
        if number % 100 == 0 {
            run(Command::Expire, context(number, seconds));
        }
    }
}

fn main() {
    let scale = std::env::var("SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000_usize);
    let (policies, requests) = (scale, 10 * scale);
    let mut lines: Vec<String> = Vec::new();
    let mut state = State::new();
    let run = |state: &mut State, lines: Option<&mut Vec<String>>, command: &Command, context: &Context| {
        let done = state.execute(command, context);
        done.outcome.expect("it is done");
        if let Some(lines) = lines {
            lines.extend(done.records.into_iter().map(|sealed| sealed.json));
        }
    };
    // Once without the lines: what the state alone takes.
    let empty = memory();
    fill(policies, requests, |command, context| run(&mut state, None, &command, &context));
    println!("memory of the state: {:.0} MiB", memory() - empty);
    drop(std::mem::take(&mut state));
    let start = Instant::now();
    fill(policies, requests, |command, context| run(&mut state, Some(&mut lines), &command, &context));
    report("execute: put, initiate, expire", policies + requests, start.elapsed());
    let bytes: usize = lines.iter().map(String::len).sum();
    println!("{} records, {} MiB of JSON", lines.len(), bytes >> 20);
    let last = context(requests, requests as u64 * 5 / 2);
    let start = Instant::now();
    for number in 0..10_000 {
        black_box(handle(&state, &initiate(number % policies, number), &last).is_ok());
    }
    report("handle: initiate", 10_000, start.elapsed());
    let start = Instant::now();
    for number in 0..10_000 {
        let policy = state.policy(&policy_id(number % policies)).expect("a policy");
        black_box(wire::ledger::policy(&state, policy, last.now));
    }
    report("get as JSON", 10_000, start.elapsed());
    let start = Instant::now();
    for _ in 0..10_000 {
        black_box(state.clone());
    }
    report("clone", 10_000, start.elapsed());
    // A reader keeps each state: what is shared has to be copied on the way down.
    let start = Instant::now();
    for number in 0..10_000 {
        let kept = state.clone();
        let mut context = last.clone();
        context.client_request_id = None;
        run(&mut state, Some(&mut lines), &initiate(number % policies, number + requests), &context);
        black_box(kept);
    }
    report("execute beside a reader", 10_000, start.elapsed());
    drop(state);
    let start = Instant::now();
    let mut again = State::new();
    for line in &lines {
        again.apply(&wire::ledger::parse_record(line).expect("a record")).expect("in order");
    }
    report("parse and apply at start", lines.len(), start.elapsed());
    let start = Instant::now();
    verify(&lines, None).expect("whole");
    report("verify", lines.len(), start.elapsed());
    let records: Vec<_> =
        lines.iter().take(200_000).map(|line| wire::ledger::parse_record(line).expect("a record")).collect();
    let mut third = State::new();
    let start = Instant::now();
    records.iter().for_each(|record| third.apply(record).expect("in order"));
    report("apply alone", records.len(), start.elapsed());
}
