//! Records of a real ledger, and what has to be fetched for each.
use jitgate_core::Timestamp;
use jitgate_core::ledger::{ActorKind, Principal, ResourceId};
use jitgate_local::{Ask, Service, Situation};

use super::*;

const PLACE: &str = "/subscriptions/5d1f0c1e-33f1-4a8e-9d9f-0b9a6f7c2e51/resourceGroups";

fn machine(group: &str, name: &str) -> String {
    format!("{PLACE}/{group}/providers/Microsoft.Compute/virtualMachines/{name}")
}

fn policy(group: &str) -> String {
    format!(
        "{PLACE}/{group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default"
    )
}

fn id(text: &str) -> ResourceId {
    ResourceId::new(text)
}

/// A ledger, and the clock that it goes by.
struct Ledger(Service, u32);

impl Ledger {
    fn situation(&self) -> Situation {
        Situation {
            now: Timestamp::parse(&format!("2026-01-15T{:02}:00:00Z", self.1)).unwrap(),
            user: Principal { id: "1".into(), name: "ann".into(), kind: ActorKind::User },
            address: "203.0.113.7".parse().ok(),
            correlation: "c".to_owned(),
            origin: "https://portal".to_owned(),
        }
    }

    /// Makes a call; what its records touch.
    fn call(&mut self, method: &str, path: &str, body: &str) -> Touched {
        let target = format!("{path}?api-version=2020-01-01");
        let ask = Ask { method, target: &target, body: body.as_bytes(), ..Ask::default() };
        let (reply, change) = self.0.answer(&ask, &self.situation());
        let change = change.unwrap_or_else(|| panic!("{}: {}", reply.status, reply.body));
        self.commit(change)
    }

    fn commit(&mut self, change: jitgate_local::Change) -> Touched {
        let mut touched = Touched::default();
        change.lines.iter().for_each(|line| touched.add(Touched::of_record(line)));
        self.0.commit(change);
        touched
    }

    fn put(&mut self, group: &str, names: &[&str]) -> Touched {
        let port = r#"{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"*","maxRequestAccessDuration":"PT3H"}"#;
        let machines: Vec<_> = names
            .iter()
            .map(|name| format!(r#"{{"id":"{}","ports":[{port}]}}"#, machine(group, name)))
            .collect();
        let body =
            format!(r#"{{"kind":"Basic","properties":{{"virtualMachines":[{}]}}}}"#, machines.join(","));
        self.call("PUT", &policy(group), &body)
    }

    fn initiate(&mut self, group: &str, name: &str) -> Touched {
        let body = format!(
            r#"{{"virtualMachines":[{{"id":"{}","ports":[{{"number":22,"duration":"PT1H"}}]}}]}}"#,
            machine(group, name)
        );
        self.call("POST", &format!("{}/initiate", policy(group)), &body)
    }
}

fn ledger() -> Ledger {
    let mut ledger = Ledger(Service::new(), 8);
    ledger.put("rg-a", &["one", "two"]);
    ledger
}

/// `(policies, machines, rules)`
fn told(touched: &Touched) -> (Vec<&str>, Vec<&str>, bool) {
    assert!(!touched.everything);
    let names = |ids: &BTreeSet<ResourceId>| -> Vec<String> {
        ids.iter().map(|id| format!("{}/{}", id.resource_group().unwrap_or_default(), id.name())).collect()
    };
    let leak = |all: Vec<String>| all.into_iter().map(|one| &*one.leak()).collect();
    (leak(names(&touched.policies)), leak(names(&touched.machines)), touched.rules)
}

#[test]
fn each_change_touches_its_policy_and_its_machines() {
    let mut ledger = ledger();
    assert_eq!(told(&ledger.initiate("rg-a", "two")), (vec!["rg-a/default"], vec!["rg-a/two"], false));
    let close =
        format!(r#"{{"virtualMachines":[{{"id":"{}","ports":[{{"number":22}}]}}]}}"#, machine("rg-a", "two"));
    let revoked = ledger.call("POST", &format!("{}/revoke", policy("rg-a")), &close);
    assert_eq!(told(&revoked), (vec!["rg-a/default"], vec!["rg-a/two"], false));
    // A machine that goes is touched as well as those that come.
    let put = ledger.put("rg-a", &["two", "three"]);
    assert_eq!(told(&put), (vec!["rg-a/default"], vec!["rg-a/one", "rg-a/three", "rg-a/two"], true));
    let deleted = ledger.call("DELETE", &policy("rg-a"), "");
    assert_eq!(told(&deleted), (vec!["rg-a/default"], vec!["rg-a/three", "rg-a/two"], true));
}

#[test]
fn what_time_has_ended_touches_what_it_was() {
    let mut ledger = ledger();
    ledger.put("rg-b", &["four"]);
    ledger.initiate("rg-a", "one");
    ledger.initiate("rg-b", "four");
    ledger.1 = 12;
    let change = ledger.0.expire(&ledger.situation()).unwrap();
    let expected = (vec!["rg-a/default", "rg-b/default"], vec!["rg-a/one", "rg-b/four"], false);
    assert_eq!(told(&ledger.commit(change)), expected);
}

#[test]
fn a_refusal_touches_nothing() {
    let mut ledger = ledger();
    let touched = ledger.initiate("rg-a", "nowhere");
    assert_eq!(touched, Touched::default());
    assert_eq!(touched.fetch(), Fetch::Nothing);
}

#[test]
fn what_cannot_be_told_is_everything() {
    for line in ["", "{}", "{\"seq\":1}", "no JSON"] {
        assert_eq!(Touched::of_record(line).fetch(), Fetch::Everything, "{line}");
    }
}

#[test]
fn a_few_machines_are_fetched_one_by_one_and_many_by_their_group() {
    let of = |counts: &[usize]| {
        let machines = (0_usize..).zip(counts).flat_map(|(group, count)| {
            (0..*count).map(move |at| id(&machine(&format!("rg-{group}"), &format!("vm{at}"))))
        });
        Touched::policy(id(&policy("rg-0")), machines).fetch()
    };
    let counts = |fetch: Fetch| match fetch {
        Fetch::Some { policies, machines, groups } => (policies.len(), machines.len(), groups.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(counts(of(&[1])), (1, 1, 0));
    assert_eq!(counts(of(&[FEW])), (1, FEW, 0));
    assert_eq!(counts(of(&[FEW + 1, 2])), (1, 2, 1));
    assert_eq!(counts(of(&[1000, 1000, 1])), (1, 1, 2));
    assert_eq!(counts(of(&[5; 6])), (1, 30, 0));
    assert_eq!(of(&[5; 7]), Fetch::Everything);
}

#[test]
fn instances_of_ec2_take_everything() {
    let instance = machine("rg-a", "i-0123456789abcdef0");
    assert_eq!(Touched::policy(id(&policy("rg-a")), [id(&instance)]).fetch(), Fetch::Everything);
    assert_eq!(Touched::policy(id(&policy("rg-a")), [id("i-0123456789abcdef0")]).fetch(), Fetch::Everything);
}

#[test]
fn what_comes_together_adds_up() {
    let mut touched = Touched::policy(id(&policy("rg-a")), [id(&machine("rg-a", "one"))]);
    touched.add(Touched::policy(
        id(&policy("RG-A")),
        [id(&machine("rg-a", "ONE")), id(&machine("rg-a", "two"))],
    ));
    let Fetch::Some { policies, machines, .. } = touched.fetch() else { panic!("{touched:?}") };
    assert_eq!((policies.len(), machines.len()), (1, 2));
    touched.add(Touched::everything());
    assert_eq!(touched.fetch(), Fetch::Everything);
}
