//! The chain of records: every edit, removal, insertion and reordering is found, and where.

use crate::ledger_support::{Ledger, after, machine, policy, request, user};
use jitgate_core::ledger::{Broken, Digest, Fault, Head, State, verify};
use jitgate_core::wire;
use proptest::prelude::*;
use serde_json::json;

fn written() -> Vec<String> {
    let mut ledger = Ledger { client: Some("client \"7\"\n".into()), ..Ledger::default() };
    ledger.put(user("olga"), after(0), "default", &policy(&[machine("web1", &[22]), machine("wéb2", &[22])]));
    ledger.initiate(user("ann"), after(1), "default", &request("web1", &[22], 600));
    ledger.initiate(user("ann"), after(2), "default", &request("web1", &[22], 700));
    ledger.initiate(user("ann"), after(3), "default", &request("web1", &[23], 700));
    ledger.revoke(user("ann"), after(4), &json!({"justification": "done"}), false);
    ledger.initiate(user("bob"), after(5), "default", &request("web1", &[22], 600));
    ledger.expire(after(9000));
    ledger.delete(user("olga"), after(9001), "default");
    ledger.check();
    assert_eq!(ledger.lines.len(), 8);
    ledger.lines
}

fn fault(lines: &[String]) -> Option<Broken> {
    verify(lines, None).err()
}

#[test]
fn what_is_whole_is_found_whole() {
    let lines = written();
    let head = verify(&lines, None).expect("it is whole");
    assert_eq!(head.seq, 8);
    assert_eq!(verify(&lines, Some(head)), Ok(head));
    assert_eq!(verify::<&str>([], None), Ok(Head::default()));
    // An earlier look is led through.
    let earlier = verify(&lines[..5], None).expect("whole");
    assert_eq!(verify(&lines, Some(earlier)), Ok(head));
}

#[test]
fn each_kind_of_damage_is_told() {
    let lines = written();
    let head = verify(&lines, None).expect("it is whole");
    let mut edited = lines.clone();
    edited[3] = edited[3].replace("\"number\":23", "\"number\":22");
    edited[3] = edited[3].replace("ann@", "bob@");
    assert_ne!(edited[3], lines[3]);
    assert_eq!(fault(&edited), Some(Broken { seq: 4, why: Fault::Edited }));
    let mut removed = lines.clone();
    removed.remove(2);
    assert_eq!(fault(&removed), Some(Broken { seq: 3, why: Fault::Removed { found: 4 } }));
    assert_eq!(fault(&lines[1..]), Some(Broken { seq: 1, why: Fault::Removed { found: 2 } }));
    let mut swapped = lines.clone();
    swapped.swap(4, 5);
    assert_eq!(fault(&swapped), Some(Broken { seq: 5, why: Fault::Reordered { found: 6 } }));
    let mut twice = lines.clone();
    twice.insert(3, lines[1].clone());
    assert_eq!(fault(&twice), Some(Broken { seq: 4, why: Fault::Reordered { found: 2 } }));
    // The end is cut off: only who looked before can tell.
    assert_eq!(fault(&lines[..7]), None);
    assert_eq!(verify(&lines[..7], Some(head)), Err(Broken { seq: 8, why: Fault::CutOff }));
    // A record is exchanged for one that is whole in itself.
    let mut record = wire::ledger::parse_record(&lines[3]).expect("a record");
    record.correlation_id = "another".into();
    let mut exchanged = lines.clone();
    exchanged[3] = wire::ledger::seal(&record).0;
    assert_eq!(fault(&exchanged), Some(Broken { seq: 5, why: Fault::Exchanged }));
    // So is everything behind it.
    let mut previous = wire::ledger::seal(&record).1;
    for line in exchanged.iter_mut().skip(4) {
        let mut next = wire::ledger::parse_record(line).expect("a record");
        next.previous = previous;
        let (json, digest) = wire::ledger::seal(&next);
        (*line, previous) = (json, digest);
    }
    assert_eq!(fault(&exchanged), None, "whole in itself");
    assert_eq!(verify(&exchanged, Some(head)), Err(Broken { seq: 8, why: Fault::Exchanged }));
    for (broken, text) in [
        (Broken { seq: 4, why: Fault::Edited }, "record 4 was edited: it is not as it was written"),
        (Broken { seq: 8, why: Fault::CutOff }, "the log was cut off: record 8 was there once"),
    ] {
        assert_eq!(broken.to_string(), text);
    }
}

#[test]
fn a_state_takes_no_record_out_of_order() {
    let lines = written();
    let records: Vec<_> =
        lines.iter().map(|line| wire::ledger::parse_record(line).expect("a record")).collect();
    let mut state = State::new();
    state.apply(&records[0]).expect("the first");
    let before = state.clone();
    let error = state.apply(&records[2]).expect_err("the third is no second");
    assert_eq!((error.expected, error.found), (2, 3));
    let mut other = records[1].clone();
    other.previous = Digest::of(b"another");
    state.apply(&other).expect_err("it follows on another");
    assert_eq!(state, before);
    for bad in
        ["", "{}", "null", "[1]", &lines[0].replace("User", "Somebody"), lines[0].trim_start_matches('{')]
    {
        wire::ledger::parse_record(bad).expect_err("it is none");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any byte changed, put in or left out.
    #[test]
    fn no_edit_goes_unseen(line in 0..8_usize, place in any::<prop::sample::Index>(), kind in 0..3_u8, byte in b' '..b'~') {
        let mut lines = written();
        let mut bytes = lines[line].clone().into_bytes();
        let at = place.index(bytes.len());
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => { bytes.remove(at); }
        }
        let changed = String::from_utf8_lossy(&bytes).into_owned();
        prop_assume!(changed != lines[line]);
        lines[line] = changed;
        let broken = fault(&lines).expect("it is seen");
        prop_assert_eq!(broken.seq, u64::try_from(line).expect("few") + 1);
    }

    /// Any other order or choice of the lines.
    #[test]
    fn no_other_order_goes_unseen(order in prop::collection::vec(0..8_usize, 0..12)) {
        let lines = written();
        let other: Vec<String> = order.iter().map(|&line| lines[line].clone()).collect();
        let in_order = order.iter().enumerate().all(|(index, &line)| index == line);
        prop_assert_eq!(fault(&other).is_none(), in_order);
    }
}
