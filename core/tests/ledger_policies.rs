//! Policies side by side: lists and their pages, preconditions, and PUTs that overtake each other.

use crate::ledger_support::{Ledger, after, machine, policy, policy_id, request, rule, user, vm, vm_id};
use jitgate_core::ledger::{Command, Expects, Knows, PutPolicy, ResourceId, Scope, Tag};
use jitgate_core::wire;
use serde_json::{Value, json};

fn with_policy() -> Ledger {
    Ledger::with_policy(&[machine("web1", &[22, 3389])])
}

#[test]
fn lists_are_ranges_with_pages() {
    let mut ledger = Ledger::default();
    let id = |subscription: &str, group: &str, location: &str, name: &str| {
        ResourceId::new(&format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}"
        ))
    };
    let (one, two) = ("3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10", "3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a11");
    let all = [
        id(one, "a", "westeurope", "p1"),
        id(one, "a", "westeurope", "p2"),
        id(one, "a", "eastus", "p3"),
        id(one, "ab", "westeurope", "p4"),
        id(one, "B", "westeurope", "p5"),
        id(two, "a", "westeurope", "p6"),
    ];
    let body = policy(&[]);
    for id in &all {
        let put = PutPolicy { policy: id.clone(), ..ledger.put_command("", &body) };
        assert_eq!(ledger.call(user("olga"), after(0), &Command::PutPolicy(put)).0, 200);
    }
    let upper = one.to_uppercase();
    let names = |subscription, resource_group, location, after: Option<&str>| {
        let scope = Scope { subscription, resource_group, location };
        let found = ledger.state.policies(&scope, after);
        found.map(|policy| policy.parts().name.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(one, None, None, None), "p3 p1 p2 p4 p5");
    assert_eq!(names(&upper, None, None, None), "p3 p1 p2 p4 p5");
    assert_eq!(names(one, Some("A"), None, None), "p3 p1 p2");
    assert_eq!(names(one, Some("a"), Some("WestEurope"), None), "p1 p2");
    assert_eq!(names(one, None, Some("eastus"), None), "p3");
    assert_eq!(names(two, None, None, None), "p6");
    assert_eq!(names("3f1c9b52", None, None, None), "");
    assert_eq!(names(one, None, None, Some(all[0].key())), "p2 p4 p5");
    assert_eq!(names(one, Some("a"), None, Some(all[1].key())), "");
    // A key of elsewhere leads nowhere else.
    assert_eq!(names(two, None, None, Some(all[0].key())), "p6");
    let page = wire::ledger::policies(
        &ledger.state,
        ledger.state.all_policies().take(1),
        Some("https://x/y"),
        after(1),
    );
    let page: Value = serde_json::from_str(&page).expect("JSON");
    assert_eq!((page["value"].as_array().map(Vec::len), &page["nextLink"]), (Some(1), &json!("https://x/y")));
    assert_eq!(wire::ledger::policies(&ledger.state, [], None, after(1)), "{\"value\":[]}");
}

/// One policy of each place, without a look at the others; of those that were deleted, too.
#[test]
fn places_are_found_by_their_first_policies() {
    let mut ledger = Ledger::default();
    let one = "3f1c9b52-7a07-4b43-8e5b-0c7a4f6f9a10";
    // Dashes and dots come before the slash that ends a name, digits and letters after it.
    let names = ["a", "A-b", "a.b", "a0", "a00", "ab", "b"];
    let mut all = Vec::new();
    for subscription in [one.to_owned(), one.to_uppercase(), format!("{one}-1"), format!("{one}0")] {
        for (at, group) in names.iter().enumerate() {
            for (location, name) in [("westus", "p"), ("westus2", "p"), ("westus", "q")] {
                let id = format!(
                    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Security/locations/{location}\
                     /jitNetworkAccessPolicies/{name}"
                );
                all.push((ResourceId::new(&id), at % 2 == 0));
            }
        }
    }
    let body = policy(&[]);
    for (id, goes) in &all {
        let put = PutPolicy { policy: id.clone(), ..ledger.put_command("", &body) };
        assert_eq!(ledger.call(user("olga"), after(0), &Command::PutPolicy(put)).0, 200);
        if *goes {
            let delete = Command::DeletePolicy { policy: id.clone(), expects: Expects::Anything };
            assert_eq!(ledger.call(user("olga"), after(0), &delete).0, 200);
        }
    }
    let firsts = |gone: bool, prefix: &str, segments: usize| {
        let mut keys: Vec<&str> =
            all.iter().filter(|(_, goes)| *goes == gone).map(|(id, _)| id.key()).collect();
        keys.retain(|key| key.starts_with(prefix));
        keys.sort_unstable();
        let place = |key: &str| key.split('/').take(segments + 1).collect::<Vec<_>>().join("/");
        keys.dedup_by_key(|key| place(key));
        keys.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for prefix in
        ["", &format!("/subscriptions/{one}/"), &format!("/subscriptions/{one}/resourcegroups/a0/"), "/x/"]
    {
        for segments in [2, 4, 8] {
            let found =
                ledger.state.first_policies(prefix, segments).map(|policy| policy.id.key().to_owned());
            assert_eq!(found.collect::<Vec<_>>(), firsts(false, prefix, segments), "{prefix} {segments}");
            let found = ledger.state.first_deleted(prefix, segments).map(str::to_owned);
            assert_eq!(found.collect::<Vec<_>>(), firsts(true, prefix, segments), "{prefix} {segments}");
        }
    }
    // One that is put again is there again.
    let again = PutPolicy { policy: all[0].0.clone(), ..ledger.put_command("", &body) };
    assert_eq!(ledger.call(user("olga"), after(1), &Command::PutPolicy(again)).0, 200);
    assert!(ledger.state.first_deleted("", 20).all(|key| key != all[0].0.key()));
    let group = format!("/subscriptions/{one}/resourcegroups/a/");
    let first = ledger.state.first_policies(&group, 4).next().map(|policy| policy.id.key());
    assert_eq!(first, Some(all[0].0.key()));
}

#[test]
fn preconditions() {
    let mut ledger = with_policy();
    let body = policy(&[machine("web1", &[22])]);
    let put = |ledger: &mut Ledger, name: &str, expects: Expects| {
        let command = PutPolicy { expects, ..ledger.put_command(name, &body) };
        ledger.call(user("olga"), after(1), &Command::PutPolicy(command))
    };
    let tag = ledger.state.policy(&policy_id("default")).expect("it is there").tag;
    let (status, answer) = put(
        &mut ledger,
        "default",
        Expects::OneOf(vec![Tag { digest: !tag.digest, ..tag }, Tag { version: tag.version + 7, ..tag }]),
    );
    assert_eq!((status, &answer["error"]["code"]), (412, &json!("PreconditionFailed")));
    assert_eq!(put(&mut ledger, "default", Expects::Absent).0, 412);
    assert_eq!(put(&mut ledger, "other", Expects::Present).0, 412);
    assert_eq!(put(&mut ledger, "other", Expects::OneOf(vec![tag])).0, 412);
    assert_eq!(put(&mut ledger, "default", Expects::OneOf(vec![Tag { version: 7, digest: 7 }, tag])).0, 200);
    assert_eq!(put(&mut ledger, "default", Expects::OneOf(vec![tag])).0, 412, "the version is another now");
    assert_eq!(put(&mut ledger, "default", Expects::Present).0, 200);
    assert_eq!(put(&mut ledger, "other", Expects::Absent).0, 200);
    let delete = Command::DeletePolicy { policy: policy_id("other"), expects: Expects::OneOf(vec![tag]) };
    assert_eq!(ledger.call(user("olga"), after(2), &delete).0, 412);
    ledger.check();
}

/// `web1` and `web2` are in the policy, the second put in by another caller; then comes a PUT with `web1` alone.
#[track_caller]
fn overtaken(by: &str, knows: impl Fn(u64, u64) -> Knows, expected: u16) {
    let mut ledger = Ledger::default();
    ledger.put(user("olga"), after(0), "default", &policy(&[machine("web1", &[22])]));
    let first = ledger.state.seq();
    ledger.put(user("paul"), after(1), "default", &policy(&[machine("web1", &[22]), machine("web2", &[22])]));
    let second = ledger.state.seq();
    let command = PutPolicy {
        knows: knows(first, second),
        ..ledger.put_command("default", &policy(&[machine("web1", &[22, 3389])]))
    };
    let (status, answer) = ledger.call(user(by), after(2), &Command::PutPolicy(command));
    assert_eq!(status, expected, "{answer}");
    let left = ledger.state.policy(&policy_id("default")).expect("it is there").machines.len();
    if status == 409 {
        assert_eq!(left, 2, "nothing is lost");
        assert_eq!(answer["error"]["code"], "Conflict");
        let message = answer["error"]["message"].as_str().expect("a message");
        let names = format!("'{}' (added by 'paul@contoso.com' at 2026-11-22T12:00:01.1234567Z)", vm("web2"));
        assert!(message.contains(&names), "{message}");
    } else {
        assert_eq!(left, 1);
        let record = ledger.lines.last().expect("a record");
        assert!(record.contains(&format!("\"removed\":[\"{}\"]", vm("web2"))), "{record}");
    }
    ledger.check();
}

/// A deletion does not make anybody forget what they saw, nor does a restart.
#[test]
fn a_stale_put_after_a_deletion() {
    let mut ledger = with_policy();
    let both = policy(&[machine("web1", &[22]), machine("web2", &[22])]);
    assert_eq!(ledger.delete(user("paul"), after(1), "default"), 200);
    assert_eq!(ledger.put(user("paul"), after(2), "default", &both).0, 200);
    let mut again = Ledger::default();
    for record in &ledger.records {
        again.state.apply(record).expect("in order");
    }
    let one = policy(&[machine("web1", &[22])]);
    assert_eq!(again.put(user("olga"), after(3), "default", &one).0, 409);
    assert_eq!(again.put(user("olga"), after(4), "default", &both).0, 200);
    assert_eq!(again.put(user("olga"), after(5), "default", &one).0, 200, "now it was seen");
    ledger.check();
}

#[test]
fn a_put_loses_no_machine_that_its_caller_never_saw() {
    // It was under way when the machine came in, whoever put it in.
    overtaken("olga", |first, _| Knows::at(first), 409);
    overtaken("paul", |first, _| Knows::at(first), 409);
    // In a batch, what others did while that was under way.
    let in_batch = |first, second| Knows { others_at_arrival: first, ..Knows::at(second) };
    overtaken("rita", in_batch, 409);
    overtaken("paul", in_batch, 200);
    // Its caller was last shown the policy before another put the machine in.
    overtaken("olga", |first, second| Knows { last_shown: Some(first), ..Knows::at(second) }, 409);
    // So does one who put it in oneself, in another session; what one was shown one knows.
    overtaken("paul", |first, second| Knows { last_shown: Some(first), ..Knows::at(second) }, 409);
    overtaken("paul", |_, second| Knows { last_shown: Some(second), ..Knows::at(second) }, 200);
    overtaken("olga", |_, second| Knows { last_shown: Some(second), ..Knows::at(second) }, 200);
    // Nothing is known of what it was shown: at the least it saw what it put itself.
    overtaken("olga", |_, second| Knows::at(second), 409);
    overtaken("paul", |_, second| Knows::at(second), 200);
    // Who never put it, and of whom nothing is known, replaces it, as Azure does.
    overtaken("rita", |_, second| Knows::at(second), 200);
}

/// A grant stays as long as rules cover all that it opens; a rest of it would be open without any.
#[test]
fn a_grant_goes_with_the_rule_of_one_of_its_protocols() {
    let ports = |protocols: &[&str]| {
        let rule = |protocol: &&str| {
            let mut rule = rule(22);
            rule["protocol"] = json!(protocol);
            rule
        };
        let mut machine = machine("web1", &[]);
        machine["ports"] = protocols.iter().map(rule).collect();
        policy(&[machine])
    };
    for (before, later, stays) in [
        (&["TCP", "UDP"][..], &["TCP", "UDP"][..], true),
        (&["TCP", "UDP"], &["*"], true),
        (&["TCP", "UDP"], &["TCP"], false),
        (&["TCP", "UDP"], &["UDP"], false),
        (&["TCP"], &["*"], true),
        (&["TCP"], &["UDP"], false),
        (&["*"], &["TCP"], false),
    ] {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.put(user("olga"), after(0), "default", &ports(before)).0, 200, "{before:?}");
        let (status, answer) =
            ledger.initiate(user("ann"), after(1), "default", &request("web1", &[22], 3600));
        assert_eq!(status, 202, "{answer}");
        assert_eq!(ledger.put(user("olga"), after(2), "default", &ports(later)).0, 200, "{later:?}");
        let open = ledger.state.live_on(&vm_id("web1"), after(3)).len();
        assert_eq!(open > 0, stays, "{before:?} {later:?}");
        ledger.check();
    }
}

/// A machine may be in several policies, and who may close what one opened need not have a say in the others.
#[test]
fn a_revocation_by_one_policy_closes_nothing_of_another() {
    let ports = |number: u16| json!({"virtualMachines": [{"id": vm("web1"), "ports": [{"number": number}]}]});
    for (body, status, left) in [
        (Value::Null, 200, 1),
        (json!({"requestor": "*"}), 200, 1),
        (json!({"requestor": "ann@contoso.com"}), 200, 1),
        (json!({"virtualMachines": [{"id": vm("web1")}], "requestor": "*"}), 200, 1),
        (ports(22), 200, 1),
        (ports(3389), 404, 2),
    ] {
        let mut ledger = with_policy();
        ledger.put(user("olga"), after(0), "other", &policy(&[machine("web1", &[3389])]));
        for (name, port) in [("default", 22), ("other", 3389)] {
            assert_eq!(ledger.initiate(user("ann"), after(1), name, &request("web1", &[port], 3600)).0, 202);
        }
        assert_eq!(ledger.revoke(user("ann"), after(2), &body, true).0, status, "{body}");
        assert_eq!(ledger.open_ports("web1", 2).len(), left, "{body}");
        assert_eq!(ledger.statuses("other", after(2)), ["Initiated UserRequested"], "{body}");
        ledger.check();
    }
}

/// What changes one policy, or takes it away, ends nothing that another one has opened.
#[test]
fn a_change_of_one_policy_closes_nothing_of_another() {
    for (what, then) in [
        ("another port", Some(policy(&[machine("web1", &[443])]))),
        ("no machine", Some(policy(&[]))),
        ("no policy", None),
    ] {
        let mut ledger = with_policy();
        ledger.put(user("olga"), after(0), "other", &policy(&[machine("web1", &[22])]));
        for (who, name) in [("ann", "default"), ("bob", "other")] {
            assert_eq!(ledger.initiate(user(who), after(1), name, &request("web1", &[22], 3600)).0, 202);
        }
        let status = match then {
            Some(body) => ledger.put(user("olga"), after(2), "default", &body).0,
            None => ledger.delete(user("olga"), after(2), "default"),
        };
        assert_eq!(status, 200, "{what}");
        let open = ledger.state.live_on(&vm_id("web1"), after(2));
        let requestors: Vec<&str> = open.iter().map(|view| view.request.requestor.requestor()).collect();
        assert_eq!(requestors, ["bob@contoso.com"], "{what}");
        ledger.check();
    }
}
