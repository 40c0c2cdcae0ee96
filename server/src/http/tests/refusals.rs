//! Refusals are on record, and fill no disk.

use jitgate_core::ledger::Event;
use jitgate_core::wire::ledger::parse_record;
use serde_json::{Value, json};

use super::{POLICY, Site, access, at, policy};
use crate::http::refusals::{EACH, write_down};

/// The refusals on record, of that caller: how many, and the message of the last.
fn refused(site: &Site, caller: &str) -> (usize, String) {
    let rows = crate::http::records::some(&*site.app.reader, 0, usize::MAX).unwrap();
    let records = rows.iter().map(|(_, json)| parse_record(json).unwrap());
    let own = records.filter(|record| record.actor.principal.name.starts_with(caller));
    let messages: Vec<String> = own
        .filter_map(|record| match record.event {
            Event::Refused(attempt) => Some(attempt.message),
            _ => None,
        })
        .collect();
    (messages.len(), messages.last().cloned().unwrap_or_default())
}

/// Those of a caller who goes on are one record; others are not touched by it, and the answers stay what they are.
#[tokio::test]
async fn beyond_some_number_refusals_are_counted() {
    let site = Site::new();
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let each = usize::try_from(EACH).unwrap();
    let more = 40;
    // By the caller's rights, by the ledger, and by both before.
    for (caller, method, path, body, status) in [
        ("nobody", "DELETE", at(""), Value::Null, 403),
        ("ann", "POST", at("/initiate"), access("vm9"), 400),
        ("app", "PUT", at(""), json!({ "properties": 5 }), 400),
    ] {
        for number in 0..each + more {
            let answer = site.call(caller, method, &path, &body).await;
            assert_eq!(answer.status, status, "{number}: {answer:?}");
        }
        // A slow machine may take some time for them, and has one more for each ten seconds of it.
        let (count, last) = refused(&site, caller);
        assert!(count >= each && count < each + more, "{caller}: {count}");
        write_down(&site.app).await;
        let (after, words) = refused(&site, caller);
        assert_eq!(after, count + 1, "{caller}");
        let expected = format!("{} attempts of this caller were refused since ", each + more - count);
        assert!(words.starts_with(&expected), "{words}");
        assert!(words.ends_with(&format!(". The last one: {last}")), "{words}: {last}");
        write_down(&site.app).await;
        assert_eq!(refused(&site, caller).0, after, "nothing more has come");
    }
    // Who is refused too often may still do what is allowed, and others are on record.
    assert_eq!(site.call("ann", "POST", &at("/initiate"), &access("vm1")).await.status, 202);
    assert_eq!(site.call("reader", "DELETE", &at(""), &Value::Null).await.status, 403);
    assert_eq!(refused(&site, "reader").0, 1);
}

/// A name that no policy has is told so at once, and nothing of it is stored.
#[tokio::test]
async fn names_longer_than_a_policy_has_are_refused_before_anything_is_stored() {
    let site = Site::new();
    let named = |name: &str| at("").replace("default", name);
    let placed = |location: &str| at("").replace("westeurope", location);
    assert_eq!(POLICY.matches("default").count(), 1);
    for (path, status) in [
        (named(&"x".repeat(55)), 200),
        (named(&"x".repeat(56)), 400),
        (named(&"x".repeat(900)), 400),
        (placed(&"x".repeat(50)), 200),
        (placed(&"x".repeat(51)), 400),
    ] {
        let before = site.app.writer.state().state().seq();
        let empty = json!({ "properties": { "virtualMachines": [] } });
        let answer = site.call("owner", "PUT", &path, &empty).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        if status == 200 {
            continue;
        }
        for caller in ["nobody", "owner"] {
            for (method, action) in [("GET", ""), ("DELETE", ""), ("POST", "/initiate"), ("POST", "/revoke")]
            {
                let path = path.replace('?', &format!("{action}?"));
                let answer = site.call(caller, method, &path, &Value::Null).await;
                assert_eq!(answer.status, 400, "{caller} {method} {path}: {answer:?}");
            }
        }
        assert_eq!(site.app.writer.state().state().seq(), before, "nothing is on record");
    }
}
