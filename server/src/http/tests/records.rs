//! The records of the ledger, to verify their chain elsewhere.

use jitgate_core::ledger::{Fault, verify};
use jitgate_core::wire::ledger::parse_record;
use serde_json::json;

use super::{Answer, S, Site, at, policy};

async fn eventful() -> Site {
    let site = Site::new();
    for names in [&["vm1"][..], &["vm1", "vm2"], &["vm2"]] {
        assert_eq!(site.call("ann", "PUT", &at(""), &policy(names)).await.status, 200);
    }
    site
}

fn lines(answer: &Answer) -> Vec<&str> {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"), "{answer:?}");
    answer.text.lines().collect()
}

#[tokio::test]
async fn the_records_are_a_whole_chain() {
    let site = eventful().await;
    let answer = site.get("owner", "/records").await;
    let all = lines(&answer);
    let head = verify(&all, None).unwrap();
    assert_eq!(head.seq, 3);
    assert_eq!(parse_record(all[2]).unwrap().digest, head.digest);
    let mut edited = answer.text.replacen("ann@contoso.com", "eve@contoso.com", 1);
    edited.truncate(edited.len() - 1);
    let broken = verify(edited.split('\n'), None).unwrap_err();
    assert_eq!((broken.seq, broken.why), (1, Fault::Edited));
}

#[tokio::test]
async fn pages_follow_on_the_last_record_that_is_known() {
    let site = eventful().await;
    let all = site.get("owner", "/records").await;
    for (after, expected) in [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("18446744073709551615", 3)] {
        let page = site.get("owner", &format!("/records?after={after}")).await;
        assert_eq!(lines(&page), lines(&all)[expected..], "{after}");
    }
    for after in ["", "-1", "x", "18446744073709551616"] {
        let answer = site.get("owner", &format!("/records?after={after}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "BadRequest"), "{after}");
    }
    site.call("ann", "PUT", &at(""), &policy(&["vm3"])).await;
    assert_eq!(lines(&site.get("owner", "/records?after=3").await).len(), 1);
}

#[tokio::test]
async fn only_who_may_read_the_log_everywhere_gets_them() {
    let site = eventful().await;
    let subscription = format!("/subscriptions/{S}");
    for (role, scope, status) in [
        ("Reader", "/", 200),
        ("Contributor", "/", 200),
        ("Reader", subscription.as_str(), 403),
        ("Owner", &subscription, 403),
        ("JIT Access Role", "/", 403),
    ] {
        site.roles("somebody", &[(role, scope)]);
        assert_eq!(site.get("somebody", "/records").await.status, status, "{role} at {scope}");
    }
    assert_eq!(site.get("nobody", "/records").await.code(), "AuthorizationFailed");
    assert_eq!(site.get("", "/records").await.status, 401);
    assert_eq!(site.call("owner", "POST", "/records", &json!({})).await.status, 405);
}

#[tokio::test]
async fn a_page_of_records_has_an_end() {
    let site = Site::new();
    for name in ["a", "b", "c", "d", "e"] {
        let path = at("").replace("default", name);
        assert_eq!(site.call("ann", "PUT", &path, &policy(&["vm1"])).await.status, 200);
    }
    for (after, most, expected) in
        [(0, 3, &[1, 2, 3][..]), (3, 3, &[4, 5]), (5, 3, &[]), (0, 5, &[1, 2, 3, 4, 5])]
    {
        let rows = crate::http::records::some(&*site.app.reader, after, most).unwrap();
        let numbers: Vec<u64> = rows.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, expected, "{most} after {after}");
    }
}
