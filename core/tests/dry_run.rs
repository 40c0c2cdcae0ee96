//! What a preview foresees of a call is what stands after it: the rules in NSGs, what is open and for whom, and what
//! reaches the machines of the policy.

use std::collections::BTreeSet;

use crate::ledger_support::{after, app, user};
use crate::standing_support::{Standing, policy_id};
use crate::support::scene::{machine, nsg, vm, vnet};
use jitgate_core::Timestamp;
use jitgate_core::inventory::DryRun;
use jitgate_core::ledger::{Actor, Command, Expects, Knows, PutPolicy, Refusal};
use jitgate_core::preview::{Names, Options};
use jitgate_core::wire::inventory::ArmKind;
use proptest::prelude::*;
use serde_json::{Value, json};

const MACHINES: [&str; 4] = ["a", "b", "c", "d"];
const RULES: [&str; 3] = [
    "BlockBad 100 Deny Tcp 1.2.3.0/24 -> * 22",
    "Web 110 Allow Tcp * -> * 3389",
    "Corp 1002 Allow * 203.0.113.0/24 -> * *",
];

/// Machines that share the NSG of their subnet, or else two and two one of their own.
fn network(shared: bool) -> Vec<Value> {
    let own = |nsg| (!shared).then_some(nsg);
    let mut resources = Vec::new();
    for (name, address, nsg) in [
        ("a", "10.0.0.4", "one"),
        ("b", "10.0.0.5", "one"),
        ("c", "10.0.0.6", "two"),
        ("d", "10.0.0.7", "two"),
    ] {
        resources.extend(machine(name, &[(address, own(nsg).or((name == "b").then_some("one")))]));
    }
    resources.extend(["one", "two", "shared"].map(|name| nsg(name, &RULES)));
    resources.push(vnet(shared.then_some("shared")));
    resources
}

/// A policy: machines with their ports, each as `22 TCP PT3H`.
pub fn policy(machines: &[(&str, &[&str])]) -> Value {
    let port = |text: &&str| {
        let words: Vec<&str> = text.split(' ').collect();
        json!({"number": words[0].parse::<u16>().expect("a port"), "protocol": words[1],
            "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": words[2]})
    };
    let machine = |(name, ports): &(&str, &[&str])| json!({"id": vm(name), "ports": ports.iter().map(port).collect::<Vec<_>>()});
    json!({"kind": "Basic", "properties": {"virtualMachines": machines.iter().map(machine).collect::<Vec<_>>()}})
}

pub fn request(machine: &str, port: u16, source: &str, minutes: u64) -> Value {
    json!({"virtualMachines": [{"id": vm(machine), "ports": [
        {"number": port, "allowedSourceAddressPrefix": source, "duration": format!("PT{minutes}M")}]}]})
}

pub struct Site(pub Standing);

impl Site {
    pub fn new(resources: Vec<Value>) -> Self {
        Self(Standing::of(resources, after(0)))
    }

    pub fn put(&mut self, name: &str, body: &Value, now: Timestamp) {
        let put = PutPolicy {
            policy: policy_id(name),
            body: body.to_string().into_bytes(),
            expects: Expects::Anything,
            knows: Knows::at(self.0.ledger.state.seq()),
        };
        self.0.ledger.run(user("olga"), now, &Command::PutPolicy(put)).expect("it is taken");
    }

    /// True if it is granted.
    pub fn ask(&mut self, who: Actor, name: &str, body: &Value, now: Timestamp) -> bool {
        let body = body.to_string().into_bytes();
        let ask = Command::Initiate { policy: policy_id(name), body, expects: Expects::Anything };
        self.0.ledger.run(who, now, &ask).is_ok()
    }

    pub fn preview(&mut self, who: Actor, name: &str, body: &Value, now: Timestamp) -> Value {
        serde_json::from_str(&self.told(who, name, body, now).expect("there is a policy")).expect("JSON")
    }

    /// The code of the refusal.
    pub fn refused(&mut self, name: &str, body: &Value, now: Timestamp) -> String {
        self.told(user("olga"), name, body, now).expect_err("it is refused").code.into()
    }

    fn told(&mut self, who: Actor, name: &str, body: &Value, now: Timestamp) -> Result<String, Refusal> {
        let present = self.0.present(now);
        let (state, context) = (&self.0.ledger.state, self.0.ledger.context(who, now));
        let caller_address = context.actor.address;
        let options = Options { names: Names::Instances, caller_address, ..Options::at(state.present(now)) };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let asked = DryRun::read(body.as_bytes());
        present.dry_run(state, (&policy_id(name), &asked), &context, &options, &|_| true)
    }

    /// The rules of a machine's NSGs as they are shown: those of JIT for its address, and the others with their priorities.
    fn rules(&mut self, address: &str, now: Timestamp) -> (BTreeSet<String>, BTreeSet<String>) {
        let present = self.0.present(now);
        let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (_, at) in present.view.list(ArmKind::NetworkSecurityGroup).after("", None) {
            let nsg = present.view.resource(present.standing.engine(), ArmKind::NetworkSecurityGroup, at);
            let nsg: Value = serde_json::from_str(&nsg.expect("it is listed")).expect("JSON");
            for rule in nsg["properties"]["securityRules"].as_array().expect("rules") {
                let name = rule["name"].as_str().expect("a name");
                let said = format!("{} {name} {}", nsg["name"], rule["properties"]["priority"]);
                if !name.contains("JITRule") {
                    others.insert(said);
                } else if rule["properties"]["destinationAddressPrefix"] == address {
                    own.insert(format!("{said} {}", rule["properties"]["access"]));
                }
            }
        }
        (own, others)
    }

    /// Fails where a preview of a policy tells another thing than what stands now.
    fn holds(&mut self, preview: &Value, name: &str, now: Timestamp) {
        let told = preview["machines"].as_array().expect("machines");
        let stored = self.0.ledger.get_of(&policy_id(name), now);
        let ids = |list: &Value| -> BTreeSet<String> {
            let list = list.as_array().expect("a list").iter();
            list.map(|machine| machine["id"].as_str().expect("an id").to_owned()).collect()
        };
        assert_eq!(ids(&preview["machines"]), ids(&stored["properties"]["virtualMachines"]));
        for machine in told {
            let name = machine["name"].as_str().expect("a name");
            let at = MACHINES.iter().position(|known| *known == name).expect("a machine");
            let address = format!("10.0.0.{}", at + 4);
            let (own, others) = self.rules(&address, now);
            let added = machine["rules"]["added"].as_array().expect("rules").iter();
            let added: BTreeSet<String> = added
                .map(|rule| {
                    let name = rule["name"].as_str().expect("a name");
                    format!("{} {name} {} {}", rule["resource"]["name"], rule["priority"], rule["access"])
                })
                .collect();
            assert_eq!(added, own, "{name}");
            for moves in machine["rules"]["moved"].as_array().expect("moves") {
                for rule in moves["rules"].as_array().expect("rules") {
                    let name = rule["name"].as_str().expect("a name");
                    let moved = format!("{} {name} {}", moves["resource"]["name"], rule["to"]);
                    assert!(others.contains(&moved), "{moved}: {others:?}");
                }
            }
            let present = self.0.present(now);
            let engine = present.standing.engine();
            let reached = engine.effective(engine.find(name).expect("a machine")).may;
            let reached: Vec<String> = reached.boxes().iter().map(ToString::to_string).collect();
            let states = &machine["states"];
            assert_eq!(texts(states.get("open").unwrap_or(&states["atRest"])), reached, "{name}");

            let exposure = self.0.exposure(name, now);
            let live = exposure["open"].as_array().expect("a list").iter();
            let live: BTreeSet<String> = live
                .map(|one| {
                    let (protocol, port) = (&one["protocol"], &one["port"]);
                    format!("{protocol} {port} {} {}", one["sources"], one["requestor"])
                })
                .collect();
            let grants = preview["timeline"].get(0).map(|first| first["grants"].as_array().expect("grants"));
            let grants = grants.into_iter().flatten().filter(|grant| grant["machine"] == vm(name));
            let grants: BTreeSet<String> = grants
                .map(|grant| {
                    let (protocol, port) = (&grant["protocol"], &grant["port"]);
                    format!("{protocol} {port} {} {}", grant["sources"], grant["who"])
                })
                .collect();
            assert_eq!(grants, live, "{name}");
        }
    }
}

/// The words of what may come in.
fn texts(bounds: &Value) -> Vec<String> {
    let boxes = bounds["may"]["boxes"].as_array().expect("boxes").iter();
    boxes.map(|one| one["text"].as_str().expect("words").to_owned()).collect()
}

/// Who asks. Programs have no name in what they asked for.
fn person(who: usize) -> Actor {
    [user("ann"), user("bob"), app("deploy"), app("backup")][who].clone()
}

#[derive(Clone, Debug)]
enum Step {
    /// A policy, its machines as bits, and what it protects of them.
    Put(usize, usize, usize),
    /// Somebody, by a policy, for a machine, a port, from where, for how long.
    Ask(usize, usize, usize, u16, usize, u64),
    Revoke(usize),
    Delete(usize),
    /// What is shown now.
    Import,
    Wait(u64),
}

const POLICIES: [&str; 2] = ["one", "two"];
const SOURCES: [&str; 3] = ["1.2.3.4", "8.8.8.8", "*"];
const PORTS: [&[&str]; 7] = [
    &["22 TCP PT3H"],
    &["22 * PT3H"],
    &["22 UDP PT3H"],
    &["22 TCP PT3H", "22 UDP PT30M"],
    &["22 TCP PT10M", "22 UDP PT3H"],
    &["3389 TCP PT3H"],
    &["22 TCP PT3H", "3389 * PT1H"],
];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..2_usize, 1..16_usize, 0..PORTS.len()).prop_map(|(of, machines, ports)| Step::Put(of, machines, ports)),
        9 => (0..4_usize, 0..2_usize, 0..4_usize, prop::sample::select(&[22_u16, 22, 3389][..]), 0..3_usize, 5..60_u64)
            .prop_map(|(who, of, machine, port, from, minutes)| Step::Ask(who, of, machine, port, from, minutes)),
        1 => (0..2_usize).prop_map(Step::Revoke),
        1 => (0..2_usize).prop_map(Step::Delete),
        1 => Just(Step::Import),
        2 => (1..40_u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_foreseen_is_what_stands(steps in prop::collection::vec(step(), 1..18), shared in prop::bool::ANY) {
        let mut site = Site::new(network(shared));
        let mut minute = 0;
        for step in steps {
            minute += 1;
            let now = after(minute * 60);
            match step {
                Step::Put(of, machines, ports) => {
                    let all = MACHINES.iter().enumerate().filter(|(at, _)| (machines >> at) & 1 == 1);
                    let all: Vec<_> = all.map(|(_, name)| (*name, PORTS[ports])).collect();
                    let body = policy(&all);
                    let foreseen = site.preview(user("olga"), POLICIES[of], &json!({"policy": body}), now);
                    site.put(POLICIES[of], &body, now);
                    site.holds(&foreseen, POLICIES[of], now);
                }
                Step::Ask(who, of, machine, port, from, minutes) => {
                    if site.0.ledger.state.policy(&policy_id(POLICIES[of])).is_none() {
                        continue;
                    }
                    let body = request(MACHINES[machine], port, SOURCES[from], minutes);
                    let foreseen = site.preview(person(who), POLICIES[of], &json!({"request": body}), now);
                    let is_granted = site.ask(person(who), POLICIES[of], &body, now);
                    prop_assert_eq!(foreseen["decisions"][0]["decision"] == "granted", is_granted);
                    site.holds(&foreseen, POLICIES[of], now);
                }
                Step::Revoke(of) => {
                    site.0.revoke("ann", POLICIES[of], now);
                }
                Step::Delete(of) if site.0.ledger.state.policy(&policy_id(POLICIES[of])).is_some() => {
                    site.0.delete(POLICIES[of], now);
                }
                Step::Delete(_) => {}
                Step::Import => {
                    let view = site.0.view(now);
                    site.0.import(view, now);
                }
                Step::Wait(minutes) => minute += minutes,
            }
            let now = after(minute * 60);
            for name in POLICIES {
                if site.0.ledger.state.policy(&policy_id(name)).is_some() {
                    let preview = site.preview(user("olga"), name, &Value::Null, now);
                    site.holds(&preview, name, now);
                }
            }
        }
        // Before it is as it is without it.
        let now = after(minute * 60);
        for name in POLICIES {
            if site.0.ledger.state.policy(&policy_id(name)).is_some() {
                let preview = site.preview(user("olga"), name, &Value::Null, now);
                site.0.delete(name, now);
                let present = site.0.present(now);
                let without = present.fleet().at_rest();
                for machine in preview["machines"].as_array().expect("machines") {
                    let reached = without.effective(without.find(machine["name"].as_str().expect("a name")).expect("a machine"));
                    let reached: Vec<String> = reached.may.boxes().iter().map(ToString::to_string).collect();
                    prop_assert_eq!(texts(&machine["states"]["before"]), reached);
                }
            }
        }
    }
}

/// The words of what is open, by grants, on the first machine that is told of.
fn open(preview: &Value) -> Vec<String> {
    let grants = preview["timeline"].get(0).and_then(|first| first["grants"].as_array());
    let grants = grants.into_iter().flatten();
    let words = |grant: &Value| format!("{} {}", grant["protocol"], grant["sources"][0]).replace('"', "");
    grants.map(words).collect()
}

#[test]
fn only_what_was_granted_is_open() {
    let (ann, now) = (|| user("ann"), after(60));
    for (before, then, expected) in [
        (&["22 TCP PT3H", "22 UDP PT30M"][..], &["22 TCP PT3H", "22 UDP PT30M"][..], "TCP 1.2.3.4"),
        (&["22 TCP PT3H"], &["22 * PT3H"], "TCP 1.2.3.4"),
    ] {
        let mut site = Site::new(network(true));
        site.put("one", &policy(&[("a", before)]), now);
        assert!(site.ask(ann(), "one", &request("a", 22, "1.2.3.4", 60), now));
        let foreseen = site.preview(ann(), "one", &json!({"policy": policy(&[("a", then)])}), now);
        site.put("one", &policy(&[("a", then)]), now);
        let stored = site.preview(ann(), "one", &Value::Null, now);
        assert_eq!([open(&foreseen), open(&stored)], [[expected], [expected]], "{before:?} {then:?}");
    }
}

#[test]
fn what_a_call_closes_is_foreseen() {
    let now = after(60);
    let mut site = Site::new(network(true));
    site.put("one", &policy(&[("a", &["22 * PT3H"])]), now);
    assert!(site.ask(user("ann"), "one", &request("a", 22, "8.8.8.8", 60), now));
    let again = request("a", 22, "52.1.2.3", 60);
    for (who, expected) in [("ann", &["* 52.1.2.3"][..]), ("bob", &["* 8.8.8.8", "* 52.1.2.3"])] {
        assert_eq!(open(&site.preview(user(who), "one", &again, now)), expected, "{who}");
    }
    for (ports, expected) in [("22 UDP PT3H", &[][..]), ("22 * PT10M", &["* 8.8.8.8"])] {
        let proposed = json!({"policy": policy(&[("a", &[ports])])});
        assert_eq!(open(&site.preview(user("olga"), "one", &proposed, now)), expected, "{ports}");
    }
    assert_eq!(open(&site.preview(user("ann"), "one", &Value::Null, now)), ["* 8.8.8.8"], "nothing is done");
}

/// Words of all flows to a port in a state of the first machine.
fn flows(preview: &Value, state: &str, port: &str) -> Vec<String> {
    let states = &preview["machines"][0]["states"];
    let boxes =
        states.get(state).unwrap_or(&states["atRest"])["may"]["boxes"].as_array().expect("boxes").clone();
    let at_port = boxes.iter().filter(|one| one["ports"].as_array().expect("ports").contains(&json!(port)));
    at_port.map(|one| one["text"].as_str().expect("words").to_owned()).collect()
}

#[test]
fn other_policies_count() {
    let now = after(60);
    let mut site = Site::new(network(true));
    site.put("one", &policy(&[("a", &["22 TCP PT3H"])]), now);
    assert!(site.ask(user("ann"), "one", &request("a", 22, "1.2.3.4", 60), now));
    assert_eq!(
        flows(&site.preview(user("ann"), "one", &Value::Null, now), "open", "22"),
        [""; 0],
        "BlockBad"
    );
    let web = policy(&[("b", &["3389 TCP PT3H"])]);
    site.put("two", &web, now);
    let preview = site.preview(user("ann"), "one", &Value::Null, now);
    assert_eq!(flows(&preview, "open", "22"), ["TCP 22 from 1.2.3.4 to 10.0.0.4"]);
    let moved = &preview["machines"][0]["rules"]["moved"][0]["rules"];
    let names: Vec<&str> =
        moved.as_array().expect("moves").iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert!(names.contains(&"BlockBad"), "{moved}");

    // What the other policy does to its own machine is not told as what this one does beside.
    assert!(site.ask(user("bob"), "two", &request("b", 3389, "8.8.8.8", 60), now));
    let beside = site.preview(user("ann"), "one", &Value::Null, now);
    let told = beside["reports"][0]["diagnostics"].as_array().expect("diagnostics").iter();
    let told: Vec<&Value> = told.filter(|one| one["code"].as_str() >= Some("JIT740")).collect();
    assert_eq!(told, [&Value::Null; 0]);
    assert_eq!(
        (open(&beside), beside["timeline"][0]["opened"].as_array().map(Vec::len)),
        (open(&preview), Some(1))
    );

    // Of the same machine: what the other policy keeps closed is not open again without this one.
    site.put("two", &policy(&[("a", &["3389 TCP PT3H"])]), now);
    let preview = site.preview(user("ann"), "one", &Value::Null, now);
    assert_eq!([flows(&preview, "before", "3389"), flows(&preview, "atRest", "3389")], [[""; 0]; 2]);
    assert_eq!(preview["machines"][0]["policies"], json!(["one", "two"]));
}
