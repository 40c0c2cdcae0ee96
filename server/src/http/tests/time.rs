//! Grants end at their end, whatever the clock and the process do.

use serde_json::Value;

use super::{Site, access, at, policy};

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
