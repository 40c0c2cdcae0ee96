//! The made-up fleet, made large: what a list of it weighs, and how long what can be reached takes to be told after
//! something has changed.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use jitgate_core::Timestamp;
use jitgate_demo::{Demo, Put, SUBSCRIPTIONS};
use serde_json::{Value, json};

use crate::client::Client;
use crate::process::{PROGRAM, Server};

pub fn run(folder: &Path, spokes: u8) {
    let demo = Demo::new(Timestamp::parse("2026-01-15T00:00:00Z").expect("a time"), spokes);
    let data = folder.join("fleet");
    import(&demo, folder, &data);
    let server = Server::start(&data);
    let mut client = Client::connect(&server);
    let start = Instant::now();
    for policy in &demo.policies {
        put(&mut client, policy, &policy.body);
    }
    println!(
        "what reaches a fleet: {} policies put in {:.1} s; the list of it with all counts, {} subscriptions",
        demo.policies.len(),
        start.elapsed().as_secs_f64(),
        SUBSCRIPTIONS.len()
    );
    told(&mut client, "at first");
    told(&mut client, "once more");
    let policy = &demo.policies[demo.policies.len() / 2];
    initiate(&mut client, policy);
    told(&mut client, "after a request");
    put(&mut client, policy, &policy.body.replace("PT3H", "PT2H"));
    told(&mut client, "after a change of a policy");
    let other = &demo.policies[demo.policies.len() / 3];
    assert_eq!(client.call("DELETE", &at(&other.id, ""), ""), 200);
    told(&mut client, "after a policy was deleted");
    weigh(&mut client);
}

fn import(demo: &Demo, folder: &Path, data: &Path) {
    let files = demo.files.iter().map(|(name, bytes)| {
        let file = folder.join(name);
        std::fs::write(&file, bytes).expect("the disk has room");
        file
    });
    let mut command = Command::new(PROGRAM);
    command.args(["import", "--fail-on", "never", "--data"]).arg(data).args(files);
    let done = command.output().expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    println!("{}", String::from_utf8_lossy(&done.stdout).lines().last().unwrap_or_default());
}

fn at(path: &str, more: &str) -> String {
    format!("{path}{more}?api-version=2020-01-01")
}

fn put(client: &mut Client, policy: &Put, body: &str) {
    let status = client.call("PUT", &at(&policy.id, ""), body);
    assert_eq!(status, 200, "{}: {}", policy.id, String::from_utf8_lossy(client.body()));
}

/// Opens the first port of the first machine.
fn initiate(client: &mut Client, policy: &Put) {
    let body: Value = serde_json::from_str(&policy.body).expect("JSON");
    let machine = &body["properties"]["virtualMachines"][0];
    let port = &machine["ports"][0];
    let allowed =
        port["allowedSourceAddressPrefix"].as_str().or(port["allowedSourceAddressPrefixes"][0].as_str());
    let from = allowed.filter(|allowed| *allowed != "*").unwrap_or("203.0.113.9");
    let ports = json!([{ "number": port["number"], "duration": "PT1H", "allowedSourceAddressPrefix": from }]);
    let request = json!({ "virtualMachines": [{ "id": machine["id"], "ports": ports }] });
    let status = client.call("POST", &at(&policy.id, "/initiate"), &request.to_string());
    assert_eq!(status, 202, "{}", String::from_utf8_lossy(client.body()));
}

fn list(subscription: &str, kind: &str) -> String {
    at(&format!("/subscriptions/{subscription}/providers/{kind}"), "") + "&$top=1000"
}

/// The first page for each subscription, which tells how many machines there are of each group.
fn told(client: &mut Client, when: &str) {
    let mut times = Vec::new();
    for (subscription, _) in SUBSCRIPTIONS {
        let start = Instant::now();
        assert_eq!(client.call("GET", &list(subscription, "Microsoft.Security/jitExposure"), ""), 200);
        times.push(format!("{:.0} ms", start.elapsed().as_secs_f64() * 1e3));
    }
    println!("  {when}: {}", times.join(", "));
}

/// A page of 1000 machines, as it is and encoded.
fn weigh(client: &mut Client) {
    println!("a page of 1000 machines");
    for kind in ["Microsoft.Security/jitExposure", "Microsoft.Compute/virtualMachines"] {
        for accept in ["identity", "gzip", "br"] {
            client.accept = accept;
            let (path, times) = (list(SUBSCRIPTIONS[0].0, kind), 20);
            let start = Instant::now();
            for _ in 0..times {
                assert_eq!(client.call("GET", &path, ""), 200);
            }
            let each = start.elapsed().as_secs_f64() / f64::from(times);
            println!(
                "  {kind}, {accept}: {:.0} KB in {:.1} ms",
                client.body().len() as f64 / 1e3,
                each * 1e3
            );
        }
    }
}
