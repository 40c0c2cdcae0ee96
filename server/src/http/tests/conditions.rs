//! `If-Match` and `If-None-Match`: over what a call is carried out.

use axum::body::Body;
use serde_json::Value;

use super::jit::machines;
use super::{NOON, Site, access, at, policy, request};
use crate::store::backup;

/// Numbers of records come again after a restore; what was seen before it is something else all the same.
#[tokio::test]
async fn a_tag_of_what_a_restore_took_away_matches_nothing() {
    let site = Site::new();
    let put = async |site: &Site, caller: &str, machines: &[&str], tag: &str| {
        let body = Body::from(policy(machines).to_string());
        let mut put = request(caller, "PUT", &at(""));
        if !tag.is_empty() {
            put = put.header("if-match", tag);
        }
        site.send_from("203.0.113.7", put.body(body).unwrap()).await
    };
    let first = put(&site, "ann", &["vm1"], "").await.header("etag").to_owned();
    let folder = tempfile::tempdir().unwrap();
    backup(&site.folder.path().join("x.db"), &folder.path().join("x.db")).unwrap();
    let lost = put(&site, "ann", &["vm1", "vm2"], &first).await;
    let restored = Site::over(folder, NOON);
    let other = put(&restored, "app", &["vm1", "vm3"], &first).await;
    assert_eq!((lost.status, other.status), (200, 200), "what is in the backup is still known");
    let (lost, other) = (lost.header("etag"), other.header("etag"));
    let number = |tag: &str| tag.split_once('-').unwrap().0.to_owned();
    assert_eq!(number(lost), number(other));
    assert_eq!(put(&restored, "ann", &["vm1", "vm2"], lost).await.status, 412);
    assert_eq!(machines(&restored.get("ann", &at("")).await), ["vm1", "vm3"]);
    assert_eq!(put(&restored, "ann", &["vm1", "vm2"], other).await.status, 200);
}

/// A tag counts in the form that it was given in, and in no other.
#[tokio::test]
async fn what_is_no_tag_of_ours_matches_nothing() {
    let site = Site::new();
    let put = async |lines: &[&str]| {
        let mut put = request("ann", "PUT", &at(""));
        for line in lines {
            put = put.header("if-match", *line);
        }
        let body = Body::from(policy(&["vm1"]).to_string());
        site.send_from("203.0.113.7", put.body(body).unwrap()).await.status
    };
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    for (form, status) in [
        (&["\"*\""][..], 412),
        (&["*-br"], 412),
        (&["\"*-br\""], 412),
        (&["{number}-{digest}"], 412),
        (&["\"{number}\""], 412),
        (&["\"0{number}-{digest}\""], 412),
        (&["\"+{number}-{digest}\""], 412),
        (&["W/\"{number}-{digest}\""], 412),
        (&["\"{number}-00000000\""], 412),
        (&[""], 412),
        (&["*, \"{number}-{digest}\""], 400),
        (&["*", "\"{number}-{digest}\""], 400),
        (&["\"{number}-{digest}\"", "*"], 400),
        (&["\"1-2\"", "\"x\", \"{number}-{digest}\""], 200),
        (&["\"{number}-{digest}-br\""], 200),
        (&["\"{number}-{digest}\""], 200),
        (&["*"], 200),
    ] {
        let tag = site.get("ann", &at("")).await.header("etag").to_owned();
        let (number, digest) = tag.trim_matches('"').split_once('-').unwrap();
        let lines: Vec<String> =
            form.iter().map(|line| line.replace("{number}", number).replace("{digest}", digest)).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(put(&lines).await, status, "{lines:?}");
    }
}

/// Access is asked for, and closed, by the policy that the caller saw.
#[tokio::test]
async fn what_is_done_by_a_policy_may_have_conditions() {
    let site = Site::new();
    let put = site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let old = put.header("etag").to_owned();
    let new = site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.header("etag").to_owned();
    let send = async |action: &str, body: Value, headers: &[(&str, &str)]| {
        let mut call = request("ann", "POST", &at(action));
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        site.send_from("203.0.113.7", call.body(body).unwrap()).await.status
    };
    let repeat = ("x-ms-client-request-id", "7");
    for (action, body, done) in [("/initiate", access("vm1"), 202), ("/revoke", Value::Null, 200)] {
        for (headers, status) in [
            (&[("if-match", &*old), repeat][..], 412),
            (&[("if-none-match", "*")], 412),
            (&[("if-none-match", "x")], 400),
            (&[("if-match", "*")], done),
            (&[("if-match", &*new), repeat], done),
        ] {
            assert_eq!(send(action, body.clone(), headers).await, status, "{action} {headers:?}");
        }
    }
    // What was done already is not done again, whatever the policy is by now.
    assert_eq!(
        send("/initiate", access("vm1"), &[("if-match", &new), ("x-ms-client-request-id", "8")]).await,
        202
    );
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
    assert_eq!(
        send("/initiate", access("vm1"), &[("if-match", &new), ("x-ms-client-request-id", "8")]).await,
        202
    );
    assert_eq!(
        send("/initiate", access("vm1"), &[("if-match", &new), ("x-ms-client-request-id", "9")]).await,
        412
    );
}

#[tokio::test]
async fn preconditions() {
    let site = Site::new();
    let put = |name: &'static str, value: String| {
        let body = Body::from(policy(&["vm1"]).to_string());
        site.send_from("203.0.113.7", request("ann", "PUT", &at("")).header(name, value).body(body).unwrap())
    };
    assert_eq!(put("if-match", "*".to_owned()).await.status, 412);
    let first = put("if-none-match", "*".to_owned()).await;
    assert_eq!(first.status, 200);
    assert_eq!(put("if-none-match", "*".to_owned()).await.code(), "PreconditionFailed");
    let tag = first.header("etag").to_owned();
    assert_eq!(put("if-match", format!("\"0\", {tag}")).await.status, 200);
    assert_eq!(put("if-match", tag).await.status, 412, "it is another version now");
    assert_eq!(put("if-none-match", "\"x\"".to_owned()).await.status, 400);
}
