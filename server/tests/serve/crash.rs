//! Killed at any moment: what was acknowledged is there, and nothing is there by half.

use std::collections::HashMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::client::{Client, access, machine, policy};
use crate::process::{PROGRAM, Server, run};

const KILLS: usize = 50;
/// Kills before the data is verified and made anew: a test's program replays slowly.
const EACH: usize = 10;
const CLIENTS: usize = 6;

/// What one client did before the server died.
struct Work {
    policy: String,
    machines: [String; 2],
    /// The requests that were answered with 202, in order.
    acknowledged: Vec<String>,
    /// The mark of the last policy that was answered with 200.
    mark: Option<String>,
    /// What was sent last, and never answered: a request's justification or a policy's mark.
    in_flight: Option<String>,
}

#[test]
fn fifty_kills_under_load_lose_nothing() {
    let acknowledged = AtomicUsize::new(0);
    let (mut unanswered, mut complete) = (0, 0);
    for round in 0..KILLS.div_ceil(EACH) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        for kill in 0..EACH {
            let mut server = Server::start(&data);
            let name = format!("r{round}k{kill}");
            // Not a divisor of anything that the server does.
            let pause = Duration::from_micros(30_000 + u64::from(rand::random::<u16>()) * 2);
            let before = acknowledged.load(Ordering::Relaxed);
            let work: Vec<Work> = thread::scope(|scope| {
                let clients: Vec<_> = (0..CLIENTS)
                    .map(|number| {
                        let client = Client::new(&server);
                        let (name, acknowledged) = (format!("{name}c{number}"), &acknowledged);
                        scope.spawn(move || hammer(&client, &name, acknowledged))
                    })
                    .collect();
                // However slow the machine is, there is load; and then at any moment.
                let loaded = before + 11;
                while acknowledged.load(Ordering::Relaxed) < loaded
                    && !clients.iter().all(thread::ScopedJoinHandle::is_finished)
                {
                    thread::sleep(Duration::from_millis(1));
                }
                thread::sleep(pause);
                server.kill();
                clients.into_iter().map(|client| client.join().expect("a client fails")).collect()
            });
            let server = Server::start(&data);
            let client = Client::new(&server);
            for work in &work {
                unanswered += usize::from(work.in_flight.is_some());
                complete += usize::from(check(&client, work));
            }
        }
        let (code, out, _) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(&data));
        assert_eq!(code, Some(0), "{out}");
    }
    let acknowledged = acknowledged.into_inner();
    println!(
        "{KILLS} kills, {acknowledged} acknowledged, {unanswered} unanswered, {complete} of these on disk"
    );
    assert!(acknowledged > KILLS * 10, "hardly any load: {acknowledged}");
}

/// Sends policies and requests until the connection breaks.
fn hammer(client: &Client, policy_name: &str, acknowledged: &AtomicUsize) -> Work {
    let machines = [format!("{policy_name}a"), format!("{policy_name}b")];
    let names = [machines[0].as_str(), machines[1].as_str()];
    let mut work = Work {
        policy: policy_name.to_owned(),
        machines: machines.clone(),
        acknowledged: Vec::new(),
        mark: None,
        in_flight: None,
    };
    for number in 0.. {
        let tag = format!("{policy_name}n{number}");
        work.in_flight = Some(tag.clone());
        let is_put = number % 5 == 0;
        let answer = if is_put {
            client.put(policy_name, &policy(names, &tag))
        } else {
            client.initiate(policy_name, &access(names, &tag), &tag)
        };
        match (answer, is_put) {
            (Some((200, _)), true) => work.mark = Some(tag),
            (Some((202, _)), false) => work.acknowledged.push(tag),
            (Some(other), _) => panic!("{tag}: {other:?}"),
            (None, _) => break,
        }
        acknowledged.fetch_add(1, Ordering::Relaxed);
        work.in_flight = None;
    }
    work
}

/// Everything acknowledged is there, once and whole; beyond it only what was in flight, and that whole as well.
/// Whether the latter is there.
fn check(client: &Client, work: &Work) -> bool {
    let (status, policy) = client.get(&work.policy).expect("the server answers");
    let in_flight = work.in_flight.as_deref();
    if status == 404 {
        assert!(work.mark.is_none() && work.acknowledged.is_empty(), "{} is lost", work.policy);
        return false;
    }
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let machines = list(&policy["properties"]["virtualMachines"]);
    let mark = machines[2]["id"].as_str().expect("an id");
    let is = |tag: &str| mark == machine(tag);
    assert!(work.mark.as_deref().is_some_and(is) || in_flight.is_some_and(is), "{}: {mark}", work.policy);

    let mut found: HashMap<String, usize> = HashMap::new();
    for request in list(&policy["properties"]["requests"]) {
        *found.entry(request["justification"].as_str().expect("a justification").to_owned()).or_default() +=
            1;
        let machines = list(&request["virtualMachines"]);
        let ids: Vec<&str> = machines.iter().filter_map(|machine| machine["id"].as_str()).collect();
        assert_eq!(ids, work.machines.each_ref().map(|name| machine(name)), "half a request");
        assert!(machines.iter().all(|machine| list(&machine["ports"]).len() == 2), "half a request");
    }
    for tag in &work.acknowledged {
        assert_eq!(found.remove(tag), Some(1), "{tag} was acknowledged");
    }
    let late = in_flight.and_then(|tag| found.remove(tag));
    assert!(found.is_empty(), "nobody was told of {found:?}");
    late.is_some() || in_flight.is_some_and(is)
}
