//! Changes over what is stored: nothing of somebody else's is lost, nothing is sent twice.
use jitgate_core::ledger::ResourceId;

use super::{POLICY, entry, machine, stored};
use crate::draft::{Change, Entry, MachineChange, Merged, Stored, laid_over, merge, same};

fn change(machines: &[(&str, Option<Entry>, Option<Entry>)]) -> Change {
    let machines = machines.iter().map(|(name, base, new)| MachineChange {
        id: machine(name),
        base: base.clone(),
        new: new.clone(),
    });
    Change { policy: ResourceId::new(POLICY), machines: machines.collect() }
}

/// What is stored after a merge.
fn after(merged: &Merged, before: Option<&Stored>) -> Option<Stored> {
    match merged {
        Merged::Put(body, _) => Some(Stored::read(body)),
        Merged::Delete => None,
        Merged::Done | Merged::Conflict(_) => before.cloned(),
    }
}

#[test]
fn a_machine_comes_into_a_policy_that_is_not_there_yet() {
    let new = entry("web1", &["22"]);
    let Merged::Put(body, machines) = merge(&change(&[("web1", None, Some(new.clone()))]), None) else {
        panic!()
    };
    assert_eq!(machines, [machine("web1")]);
    let now = Stored::read(&body);
    assert_eq!(now.kind, "Basic");
    assert!(same(now.entry(&machine("WEB1")), Some(&new)));
    assert!(body.contains("\"location\":\"westeurope\"") && body.contains("\"name\":\"default\""), "{body}");
}

#[test]
fn others_stay_to_the_letter() {
    let odd =
        r#"{ "id": "/other",  "ports":[{"number":1,"maxRequestAccessDuration":"PT0001H","extra":true}] }"#;
    let before = Stored::read(&format!(
        r#"{{"kind":"Basic","properties":{{"virtualMachines":[{odd},{}]}}}}"#,
        entry("web1", &["22"]).json()
    ));
    let edit = change(&[("web1", Some(entry("web1", &["22"])), Some(entry("web1", &["3389"])))]);
    let Merged::Put(body, machines) = merge(&edit, Some(&before)) else { panic!() };
    assert!(body.contains(odd), "{body}");
    assert_eq!(machines, [ResourceId::new("/other"), machine("web1")]);
    let whole = laid_over(&edit.policy, Some(&before), &[(machine("web2"), entry("web2", &["22"]).json())]);
    assert!(whole.contains(odd) && Stored::read(&whole).machines.len() == 3, "{whole}");
}

#[test]
fn the_last_machine_takes_the_policy_with_it() {
    let own = entry("web1", &["22"]);
    let out = change(&[("web1", Some(own.clone()), None)]);
    assert_eq!(merge(&out, Some(&stored(std::slice::from_ref(&own)))), Merged::Delete);
    // Somebody else has done it already.
    assert_eq!(merge(&out, None), Merged::Done);
    let Merged::Put(body, _) = merge(&out, Some(&stored(&[own, entry("web2", &["22"])]))) else { panic!() };
    assert!(Stored::read(&body).entry(&machine("web1")).is_none());
}

#[test]
fn what_somebody_else_changed_is_asked_about() {
    let (base, theirs, mine) =
        (entry("web1", &["22"]), entry("web1", &["22", "3389"]), entry("web1", &["5986"]));
    let edit = change(&[("web1", Some(base.clone()), Some(mine.clone()))]);
    let conflict = Merged::Conflict(vec![(machine("web1"), Some(theirs.clone()))]);
    assert_eq!(merge(&edit, Some(&stored(std::slice::from_ref(&theirs)))), conflict);
    // Taken out meanwhile, or put in where there was none.
    assert_eq!(merge(&edit, Some(&stored(&[]))), Merged::Conflict(vec![(machine("web1"), None)]));
    assert_eq!(merge(&change(&[("web1", None, Some(mine.clone()))]), Some(&stored(&[theirs]))), conflict);
    // They did the same as the user: there is nothing to ask.
    assert_eq!(merge(&edit, Some(&stored(&[mine]))), Merged::Done);
}

/// Over every small universe: three machines, each absent or in one of two states, in base, stored and new.
#[test]
fn a_merge_does_what_was_asked_or_asks() {
    let state = |name: &str, at: u32| match at {
        0 => None,
        1 => Some(entry(name, &["22"])),
        _ => Some(entry(name, &["3389"])),
    };
    let names = ["a", "b"];
    for number in 0_u32..729 {
        let digit = |at: u32| number / 3_u32.pow(at) % 3;
        let (base, now, new): (Vec<_>, Vec<_>, Vec<_>) = {
            let of =
                |from: u32| (from..).zip(names).map(|(at, name)| state(name, digit(at))).collect::<Vec<_>>();
            (of(0), of(2), of(4))
        };
        let there: Vec<Entry> = now.iter().flatten().cloned().collect();
        let before = (!there.is_empty()).then(|| stored(&there));
        let list: Vec<_> = (0..2).map(|at| (names[at], base[at].clone(), new[at].clone())).collect();
        let edit = change(&list);
        let merged = merge(&edit, before.as_ref());
        let clash = (0..2).any(|at| {
            !same(now[at].as_ref(), new[at].as_ref()) && !same(now[at].as_ref(), base[at].as_ref())
        });
        assert_eq!(matches!(merged, Merged::Conflict(_)), clash, "{number}");
        if clash {
            continue;
        }
        let then = after(&merged, before.as_ref());
        for (name, new) in names.iter().zip(&new) {
            let found = then.as_ref().and_then(|then| then.entry(&machine(name)));
            assert!(same(found, new.as_ref()), "{number}: {name}");
        }
        // Sent again after a lost answer, it does nothing more.
        assert_eq!(merge(&edit, then.as_ref()), Merged::Done, "{number}");
    }
}
