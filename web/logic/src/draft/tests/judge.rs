//! What the core says, at the fields that it belongs to.
use jitgate_core::ledger::ResourceId;
use jitgate_core::{Kind, Severity};

use super::entry;
use crate::draft::{FORM, Faults, document, judged, place};

fn policy(ports: &[&str]) -> String {
    document(&ResourceId::new(super::POLICY), "", &[entry("web1", ports).json()])
}

fn of(documents: &[String]) -> Faults {
    let documents = documents.iter().map(|one| (one.as_str(), Kind::Policy));
    judged(documents, None, |_, machine, port| {
        u32::try_from(machine.checked_mul(10)?.checked_add(port)?).ok()
    })
}

#[test]
fn pointers_lead_to_fields() {
    let cases = [
        ("/properties/virtualMachines/2/ports/3/number", Some((2, 3, "number"))),
        ("/virtualMachines/0/ports/1/allowedSourceAddressPrefixes/4", Some((0, 1, "sources"))),
        ("/virtualMachines/0/ports/1/endTimeUtc", Some((0, 1, "time"))),
        ("/virtualMachines/0/ports/1", Some((0, 1, ""))),
        ("/virtualMachines/0/id", None),
        ("/virtualMachines/x/ports/1", None),
        ("/properties/virtualMachines", None),
        ("/kind", None),
        ("", None),
    ];
    for (pointer, expected) in cases {
        assert_eq!(place(pointer), expected, "{pointer}");
    }
}

#[test]
fn a_fault_is_told_at_its_field_and_counted() {
    let faults = of(&[policy(&["22", "70000"])]);
    assert_eq!(faults.errors(), 1);
    let [fault] = faults.at(1, "number").try_into().unwrap();
    assert_eq!((fault.code, fault.severity), ("JIT201", Severity::Error));
    assert!(faults.at(0, "number").is_empty() && faults.elsewhere().is_empty());
    assert_eq!(faults.in_row(1).filter(|finding| finding.severity == Severity::Error).count(), 1);
}

#[test]
fn what_is_missing_is_told_at_the_field_where_it_would_stand() {
    let faults = of(&[policy(&[""])]);
    assert!(faults.at(0, "number").iter().any(|finding| finding.severity == Severity::Error), "{faults:?}");
}

/// The service has taken it once, whatever is said of it: only what is new stands in the way.
#[test]
fn errors_of_what_is_stored_are_excused() {
    let elsewhere = |ports: &[&str]| {
        policy(ports).replace("rg-web/providers/Microsoft.Compute", "rg-db/providers/Microsoft.Compute")
    };
    let stored = of(&[elsewhere(&["22"])]);
    assert!(stored.errors() > 0, "{stored:?}");
    for (ports, errors) in [(&["22", "3389"][..], 0), (&["22", "70000"][..], 1)] {
        let mut faults = of(&[elsewhere(ports)]);
        let all = faults.0.len();
        faults.excuse(&stored);
        assert_eq!((faults.errors(), faults.0.len()), (errors, all), "{ports:?}: {faults:?}");
    }
}

#[test]
fn the_same_of_several_documents_is_told_once_and_the_gravest_first() {
    let one = policy(&["70000"]);
    let twice = of(&[one.clone(), one.clone()]);
    assert_eq!(twice, of(&[one]));
    assert!(twice.0.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)), "{twice:?}");
}

#[test]
fn the_justification_has_a_place_of_its_own() {
    let request = r#"{"virtualMachines":[],"justification":7}"#.to_owned();
    let faults = judged([(request.as_str(), Kind::Request)].into_iter(), None, |_, _, _| None);
    assert!(!faults.at(FORM, "justification").is_empty(), "{faults:?}");
}
