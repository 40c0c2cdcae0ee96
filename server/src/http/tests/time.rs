//! Grants end at their end, whatever the clock and the process do.

use std::collections::BTreeSet;

use jitgate_core::ledger::{Actor, Command, Context, Principal};
use proptest::prelude::*;
use serde_json::Value;

use super::inventory::networked;
use super::{S, Site, access, at, machine, policy};
use crate::ledger::Ask;

async fn status(site: &Site) -> String {
    let json = site.get("ann", &at("")).await.json();
    let port = &json["properties"]["requests"][0]["virtualMachines"][0]["ports"][0];
    format!("{} {}", port["status"].as_str().unwrap(), port["statusReason"].as_str().unwrap())
}

const HOUR: i64 = 3600;
const NOON: i64 = super::NOON;

async fn opened() -> Site {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    assert_eq!(site.call("ann", "POST", &at("/initiate"), &access("vm1")).await.status, 202);
    site
}

#[tokio::test]
async fn a_grant_ends_to_the_second_without_anybody_writing_it_down() {
    let site = opened().await;
    site.pass(3599);
    assert_eq!(status(&site).await, "Initiated UserRequested");
    site.pass(1);
    assert_eq!(status(&site).await, "Revoked Expired");
}

#[tokio::test]
async fn a_grant_ends_while_the_process_is_down() {
    let site = Site::over(opened().await.end(), NOON + 1800);
    assert_eq!(status(&site).await, "Initiated UserRequested");
    let site = Site::over(site.end(), NOON + 2 * HOUR);
    assert_eq!(status(&site).await, "Revoked Expired");
}

#[tokio::test]
async fn a_clock_that_is_set_back_opens_nothing_again() {
    let site = opened().await;
    assert_eq!(site.call("ann", "POST", &at("/revoke"), &Value::Null).await.status, 200);
    site.set(-10 * HOUR);
    assert_eq!(status(&site).await, "Revoked UserRequested");
    let site = Site::over(site.end(), NOON - 24 * HOUR);
    assert_eq!(status(&site).await, "Revoked UserRequested");

    let site = opened().await;
    site.pass(7200);
    // Something is written after its end: from then on the ledger knows that it is over.
    site.call("ann", "PUT", &at("x"), &policy(&["vm1"])).await;
    let site = Site::over(site.end(), NOON);
    assert_eq!(status(&site).await, "Revoked Expired");
}

/// Nobody is told of an end that is not on disk: killed right after and started with a clock that is right again, the
/// server tells the same.
#[tokio::test]
async fn what_was_told_to_have_ended_stays_so() {
    for told in ["policy", "list", "exposure", "records"] {
        let site = networked().await;
        assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
        assert_eq!(site.call("ann", "POST", &at("/initiate"), &access("vm1")).await.status, 202);
        site.set(2 * HOUR);
        let list = at("").rsplit_once("/default").unwrap().0.to_owned();
        let path = match told {
            "policy" => at(""),
            "list" => format!("{list}?api-version=2020-01-01"),
            "records" => "/records".to_owned(),
            _ => {
                format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine("vm1"))
            }
        };
        assert_eq!(site.get("owner", &path).await.status, 200, "{told}");
        let before = site.app.writer.state().state().seq();
        assert_eq!(site.get("owner", &path).await.status, 200, "{told}");
        assert_eq!(site.app.writer.state().state().seq(), before, "it is written once");
        let site = Site::over(site.end(), NOON + 60);
        assert_eq!(status(&site).await, "Revoked Expired", "{told}");
    }
}

#[tokio::test]
async fn a_grant_ends_in_time_though_the_clock_was_once_ahead() {
    const YEAR: i64 = 365 * 24 * HOUR;
    let site = Site::over(tempfile::tempdir().unwrap(), NOON + YEAR);
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    // The clock was set right since; the ledger's time goes on from where it was.
    let site = Site::over(site.end(), NOON);
    site.pass(10);
    let health = site.get("", "/healthz").await;
    assert_eq!((health.status, &health.json()["status"]), (200, &"clock".into()));
    assert_eq!(health.json()["secondsAhead"], YEAR);
    // Who counts down to an end goes by the clock that ends it.
    assert_eq!(site.get("ann", &at("")).await.header("date"), "Mon, 22 Nov 2027 12:00:10 GMT");
    assert_eq!(site.call("ann", "POST", &at("/initiate"), &access("vm1")).await.status, 202);
    site.pass(3599);
    assert_eq!(status(&site).await, "Initiated UserRequested");
    site.pass(1);
    assert_eq!(status(&site).await, "Revoked Expired");
}

#[tokio::test]
async fn a_grant_ends_in_time_though_the_clock_is_set_back_under_it() {
    let site = opened().await;
    site.set(-HOUR);
    site.pass(3599);
    assert_eq!(status(&site).await, "Initiated UserRequested");
    site.pass(1);
    assert_eq!(status(&site).await, "Revoked Expired");
    site.set(HOUR);
    let health = site.get("", "/healthz").await.json();
    assert_eq!((&health["status"], &health["secondsAhead"]), (&"ok".into(), &Value::Null));
}

/// What callers were shown is gone with the process; what they put is not.
#[tokio::test]
async fn a_stale_put_after_a_restart_drops_nobodys_machine() {
    let site = Site::new();
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
    let site = Site::over(site.end(), NOON + 60);
    let stale = site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    assert_eq!((stale.status, stale.code().as_str()), (409, "Conflict"));
    let seen = site.get("ann", &at("")).await.json();
    assert_eq!(seen["properties"]["virtualMachines"].as_array().map(Vec::len), Some(2));
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
}

/// What may happen to a server with grants.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Time passes, in minutes.
    Pass(u64),
    /// The clock is set, by so many minutes.
    Set(i64),
    /// The server ends without a word and starts anew, with a clock that is off by so many minutes.
    Restart(i64),
    Initiate,
    Revoke,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1_u64..90).prop_map(Step::Pass),
        3 => (-200_i64..200).prop_map(Step::Set),
        2 => (-200_i64..200).prop_map(Step::Restart),
        2 => Just(Step::Initiate),
        1 => Just(Step::Revoke),
    ]
}

/// All requests, by their justifications, and those of them that are open.
async fn seen(site: &Site) -> (BTreeSet<String>, BTreeSet<String>) {
    let json = site.get("ann", &at("")).await.json();
    let (mut all, mut open) = (BTreeSet::new(), BTreeSet::new());
    for request in json["properties"]["requests"].as_array().unwrap() {
        let own = request["justification"].as_str().unwrap().to_owned();
        if request["virtualMachines"][0]["ports"][0]["status"] == "Initiated" {
            open.insert(own.clone());
        }
        all.insert(own);
    }
    (all, open)
}

/// What the server does by itself once something has ended.
async fn write_down(site: &Site) {
    let now = (site.app.clock)();
    if site.app.writer.state().state().next_ending().is_some_and(|end| end <= now) {
        let context = Context {
            now,
            actor: Actor { principal: Principal::system(), address: None },
            correlation_id: "c".to_owned(),
            client_request_id: None,
        };
        site.app.writer.send(Ask::new(Command::Expire, context)).await.unwrap().0.unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_seen_closed_is_never_open_again(steps in prop::collection::vec(step(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let reopened: Vec<String> = runtime.block_on(async {
            let mut site = Site::new();
            site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
            let (mut closed, mut latest) = (BTreeSet::new(), (site.app.clock)());
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Pass(minutes) => site.pass(minutes.saturating_mul(60)),
                    Step::Set(minutes) => site.set(minutes.saturating_mul(60)),
                    Step::Restart(minutes) => {
                        let wall = (site.app.wall)().since(jitgate_core::Timestamp::EPOCH).unwrap();
                        let seconds = i64::try_from(wall.as_secs()).unwrap().saturating_add(minutes.saturating_mul(60));
                        site = Site::over(site.end(), seconds);
                    }
                    Step::Initiate => {
                        let mut body = access("vm1");
                        // No two are alike.
                        body["justification"] = number.to_string().into();
                        assert_eq!(site.call("ann", "POST", &at("/initiate"), &body).await.status, 202);
                    }
                    Step::Revoke => drop(site.call("ann", "POST", &at("/revoke"), &Value::Null).await),
                }
                let (all, open) = seen(&site).await;
                write_down(&site).await;
                if let Some(again) = open.intersection(&closed).next() {
                    return vec![again.clone()];
                }
                closed.extend(all.difference(&open).cloned());
                // Not before anything that is on record, and within one run not before what was told.
                let now = (site.app.clock)();
                assert!(now >= site.app.writer.state().state().latest());
                assert!(now >= latest || matches!(step, Step::Restart(_)));
                latest = now;
            }
            Vec::new()
        });
        prop_assert_eq!(reopened, Vec::<String>::new());
    }
}

/// Nothing has happened since, and yet a request is a week old at some instant.
#[tokio::test]
async fn requests_are_counted_for_seven_days() {
    const DAY: u64 = 24 * 3600;
    let site = networked().await;
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    site.call("ann", "POST", &at("/initiate"), &access("vm1")).await;
    let path = format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine("vm1"));
    let list = format!("/subscriptions/{S}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01");
    for (days, expected) in [(0, 1), (6, 1), (2, 0)] {
        site.pass(days * DAY);
        let one = site.get("owner", &path).await.json();
        let all = site.get("owner", &list).await.json();
        let listed = all["value"].as_array().unwrap().iter().find(|item| item["id"] == one["id"]).unwrap();
        for found in [&one, listed] {
            assert_eq!(found["requests"]["lastSevenDays"], expected, "{found}");
        }
    }
}
