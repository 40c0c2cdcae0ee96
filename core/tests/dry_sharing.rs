//! What a policy that changes closes and opens on EC2 instances that share a security group with its own.

use crate::dry_run::Site;
use crate::ledger_support::{after, user};
use crate::standing_support::{Standing, policy_id};
use jitgate_core::inventory::DryRun;
use jitgate_core::preview::{Names, Options};
use serde_json::{Value, json};

const NAMES: [&str; 4] =
    ["i-0a1b2c3d4e5f60718", "i-0a1b2c3d4e5f60719", "i-0a1b2c3d4e5f60720", "i-0a1b2c3d4e5f60721"];

/// The first three share a group that lets in everybody; the last has one of its own.
fn site() -> Site {
    let instance = |at: usize, group: &str| {
        let address = format!("10.0.0.{}", at + 4);
        json!({"InstanceId": NAMES[at], "PrivateIpAddress": address, "NetworkInterfaces": [{
            "NetworkInterfaceId": format!("eni-{at}"), "Groups": [{"GroupId": group, "GroupName": group}],
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": true}]}]})
    };
    let instances = [instance(0, "sg-1"), instance(1, "sg-1"), instance(2, "sg-1"), instance(3, "sg-2")];
    let open = |port: u16| json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]});
    let group = |id: &str| json!({"GroupId": id, "GroupName": id, "IpPermissions": [open(22), open(3389)]});
    let files = [
        json!({"Reservations": [{"Instances": instances}]}).to_string().into_bytes(),
        json!({"SecurityGroups": [group("sg-1"), group("sg-2")]}).to_string().into_bytes(),
    ];
    let mut standing = Standing::default();
    standing.import(files.to_vec(), after(0));
    Site(standing)
}

/// Instances with their ports.
fn policy(machines: &[(usize, &[u16])]) -> Value {
    let port = |port: &u16| json!({"number": port, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
    let machine = |(at, ports): &(usize, &[u16])| json!({"id": policy_member(*at), "ports": ports.iter().map(port).collect::<Vec<_>>()});
    json!({"kind": "Basic", "properties": {"virtualMachines": machines.iter().map(machine).collect::<Vec<_>>()}})
}

/// As a policy names an instance: in its own resource group.
fn policy_member(at: usize) -> String {
    let id = policy_id("one");
    let (group, _) = id.text().split_once("/Microsoft.Security").expect("its parts");
    format!("{group}/Microsoft.Compute/virtualMachines/{}", NAMES[at])
}

/// Which instances are touched, what closes and what opens there.
fn touched(answer: &Value) -> Vec<String> {
    let ports = |one: &Value, what: &str| {
        let boxes =
            one.get(what).and_then(|traffic| traffic["boxes"].as_array()).cloned().unwrap_or_default();
        let ports: Vec<String> =
            boxes.iter().map(|one| one["ports"][0].as_str().expect("a port").to_owned()).collect();
        ports.join(",")
    };
    let all = answer.get("sharing").and_then(Value::as_array).cloned().unwrap_or_default();
    let place = |one: &Value| NAMES.iter().position(|name| one["name"] == *name);
    let one = |one: &Value| match place(one) {
        Some(place) => format!(
            "{place} {} closed {} open {}",
            one["groups"][0].as_str().expect("a group"),
            ports(one, "closed"),
            ports(one, "reopened")
        ),
        None => one.to_string(),
    };
    all.iter().map(one).collect()
}

#[test]
fn all_that_share_the_group_are_told_of() {
    let stored = || policy(&[(0, &[22])]);
    let same = |what: &str| (0..3).map(|at| format!("{at} sg-1 {what}")).collect::<Vec<_>>();
    for (before, body, expected) in [
        (None, json!({"policy": stored()}), same("closed 22 open ")),
        (None, json!({"policy": policy(&[(3, &[22])])}), vec!["3 sg-2 closed 22 open ".to_owned()]),
        (Some(stored()), json!({"policy": stored()}), vec![]),
        (Some(stored()), json!({"policy": policy(&[(0, &[22, 3389])])}), same("closed 3389 open ")),
        (Some(stored()), json!({"policy": policy(&[(0, &[3389])])}), same("closed 3389 open 22")),
        (Some(stored()), json!({"policy": policy(&[(1, &[22])])}), vec![]),
        (Some(stored()), json!({"delete": true}), same("closed  open 22")),
        // Of a port that stays closed by a neighbour nothing opens.
        (
            Some(policy(&[(0, &[22, 3389]), (1, &[22])])),
            json!({"policy": policy(&[(1, &[22])])}),
            same("closed  open 3389"),
        ),
        // A grant is a group of the instance's own.
        (
            Some(stored()),
            json!({"request": {"virtualMachines": [{"id": policy_member(0), "ports": [
            {"number": 22, "allowedSourceAddressPrefix": "203.0.113.7", "duration": "PT1H"}]}]}}),
            vec![],
        ),
    ] {
        let mut site = site();
        if let Some(before) = before {
            site.put("one", &before, after(60));
        }
        let told = site.preview(user("olga"), "one", &body, after(120));
        assert_eq!(touched(&told), expected, "{body}");
    }
}

#[test]
fn what_another_policy_keeps_closed_changes_for_nobody() {
    let mut site = site();
    site.put("one", &policy(&[(0, &[22])]), after(60));
    site.put("two", &policy(&[(1, &[22, 3389])]), after(60));
    let told = site.preview(user("olga"), "one", &json!({"delete": true}), after(120));
    assert_eq!(touched(&told), [""; 0]);
    let both = json!({"delete": true, "also": [{"id": policy_id("two").text(), "policy": null}]});
    let told = site.preview(user("olga"), "one", &both, after(120));
    assert_eq!(touched(&told).len(), 3, "{told}");
}

#[test]
fn those_that_may_not_be_seen_have_no_name() {
    let mut site = site();
    let present = site.0.present(after(60));
    let (state, context) = (&site.0.ledger.state, site.0.ledger.context(user("olga"), after(60)));
    let options = Options { names: Names::Instances, ..Options::at(state.present(after(60))) };
    let asked = DryRun::read(json!({"policy": policy(&[(0, &[22])])}).to_string().as_bytes());
    let sees = |id: &str| id.contains(NAMES[0]);
    let told = present.dry_run(state, (&policy_id("one"), &asked), &context, &options, &sees);
    let told: Value = serde_json::from_str(&told.expect("there is a policy")).expect("JSON");
    assert_eq!(touched(&told), ["0 sg-1 closed 22 open ", "{}"]);
}
