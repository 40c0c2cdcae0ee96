//! The stream of changes.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use jitgate_core::ledger::{Actor, Command, Context, Inventory, InventoryFile, Principal};
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tower::ServiceExt;

use super::activity::eventful;
use super::{S, Site, access, at, machine, policy, request};
use crate::http::router;
use crate::ledger::Ask;

#[tokio::test]
async fn listeners_hear_what_they_may_see_also_what_they_missed() {
    let site = eventful().await;
    let listen = |token: &str, last: &str| {
        let mut request =
            request(token, "GET", "/events").header("last-event-id", last).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([203, 0, 113, 7], 1))));
        send(&site, request)
    };
    let mut ann = listen("ann", "1").await;
    let missed = next(&mut ann).await;
    assert!(missed.contains("event: accessInitiated") && missed.contains("id: 2"), "{missed}");
    assert!(next(&mut ann).await.contains("event: refused"));
    // Who may see another group alone hears of that one first.
    let other = format!("/subscriptions/{S}/resourceGroups/other");
    site.roles("nobody", &[("Reader", &other)]);
    let mut nobody = listen("nobody", "0").await;
    site.call("ann", "POST", &at("/revoke"), &Value::Null).await;
    assert!(next(&mut ann).await.contains("event: accessRevoked"));
    let put = at("").replace("/g1/", "/other/");
    assert_eq!(site.call("owner", "PUT", &put, &policy(&["vm9"])).await.status, 200);
    let heard = next(&mut nobody).await;
    assert!(heard.contains(&other) && heard.contains("event: policyPut"), "{heard}");
}

async fn listen(site: &Site, token: &str, last: &str) -> axum::body::BodyDataStream {
    let mut request =
        request(token, "GET", "/events").header("last-event-id", last).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([203, 0, 113, 7], 1))));
    send(site, request).await
}

/// After a backup was put back, clients know of records that are not there any more.
#[tokio::test]
async fn a_listener_who_is_ahead_hears_what_comes() {
    let site = eventful().await;
    for last in ["1000", "9223372036854775808", "18446744073709551615", "99999999999999999999", "-1", "x"] {
        let mut ann = listen(&site, "ann", last).await;
        assert_eq!(
            site.call("owner", "PUT", &at(""), &policy(&["vm1", &format!("vm-{last}")])).await.status,
            200
        );
        let heard = next(&mut ann).await;
        assert!(heard.contains("event: policyPut"), "{last}: {heard}");
    }
}

#[tokio::test]
async fn a_listener_whose_token_is_taken_hears_no_more() {
    let site = eventful().await;
    let last = site.app.writer.state().state().seq().to_string();
    let mut ann = listen(&site, "ann", &last).await;
    let mut reader = listen(&site, "reader", &last).await;
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
    for stream in [&mut ann, &mut reader] {
        let heard = next(stream).await;
        assert!(heard.contains("event: policyPut"), "{heard}");
    }
    // Who they are is known for a second.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    site.roles("ann", &[]);
    site.roles("reader", &[("Reader", &format!("/subscriptions/{S}/resourceGroups/other"))]);
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1", "vm3"])).await.status, 200);
    let end = tokio::time::timeout(std::time::Duration::from_mins(1), ann.next()).await;
    assert!(end.expect("the stream goes on").is_none());
    let put = at("").replace("/g1/", "/other/");
    assert_eq!(site.call("owner", "PUT", &put, &policy(&["vm9"])).await.status, 200);
    let heard = next(&mut reader).await;
    assert!(heard.contains("/resourceGroups/other/") && !heard.contains("vm3"), "{heard}");
}

#[tokio::test]
async fn of_what_ended_a_listener_hears_what_it_may_read() {
    let site = eventful().await;
    let other = at("").replace("/g1/", "/g2/");
    assert_eq!(site.call("owner", "PUT", &other, &policy(&["vm9"])).await.status, 200);
    let initiate = at("/initiate").replace("/g1/", "/g2/");
    assert_eq!(site.call("owner", "POST", &initiate, &access("vm9")).await.status, 202);
    // One reads a policy, another a machine of the other one, and a third both.
    let reads = |scope: String| [("Reader", scope)];
    for (token, [(role, scope)]) in [
        ("policy", reads(at("").split('?').next().unwrap().replace("{s}", S))),
        ("machine", reads(machine("vm9"))),
    ] {
        site.roles(token, &[(role, &scope)]);
    }
    let last = site.app.writer.state().state().seq().to_string();
    let mut streams = Vec::new();
    for token in ["policy", "machine", "owner"] {
        streams.push(listen(&site, token, &last).await);
    }
    site.pass(2 * 3600);
    let context = Context {
        now: (site.app.clock)(),
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: "c".to_owned(),
        client_request_id: None,
    };
    site.app.writer.send(Ask::new(Command::Expire, context)).await.unwrap().0.unwrap();
    for (stream, expected) in streams.iter_mut().zip([vec!["vm1"], vec!["vm9"], vec!["vm1", "vm9"]]) {
        let heard = next(stream).await;
        assert!(heard.contains("event: accessExpired"), "{heard}");
        let data = heard.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let record: Value = serde_json::from_str(data).unwrap();
        let names = ["vm1", "vm9"].into_iter().filter(|name| record.to_string().contains(&machine(name)));
        assert_eq!(names.collect::<Vec<_>>(), expected, "{record}");
    }
}

/// What a request takes the place of may have been opened by another policy.
#[tokio::test]
async fn of_what_was_replaced_a_listener_hears_what_it_may_read() {
    let site = Site::new();
    let elsewhere = |path: String| path.replace("/g1/", "/g2/");
    for path in [at(""), elsewhere(at(""))] {
        assert_eq!(site.call("owner", "PUT", &path, &policy(&["vm1"])).await.status, 200);
    }
    let (initiate, scope) = (at("/initiate"), at("").split('?').next().unwrap().replace("{s}", S));
    assert_eq!(site.call("owner", "POST", &elsewhere(initiate.clone()), &access("vm1")).await.status, 202);
    site.roles("policy", &[("Reader", &scope)]);
    site.roles("machine", &[("Reader", &scope), ("Reader", &machine("vm1"))]);
    site.roles("other", &[("Reader", &elsewhere(scope.clone()))]);
    let last = site.app.writer.state().state().seq().to_string();
    assert_eq!(site.call("owner", "POST", &initiate, &access("vm1")).await.status, 202);
    assert_eq!(site.call("owner", "PUT", &elsewhere(at("")), &policy(&["vm1"])).await.status, 200);
    for (token, expected) in
        [("policy", Some(false)), ("machine", Some(true)), ("owner", Some(true)), ("other", None)]
    {
        let heard = next(&mut listen(&site, token, &last).await).await;
        let told = heard.contains("event: accessInitiated").then(|| heard.contains("/g2/"));
        assert_eq!(told, expected, "{token}: {heard}");
        // Who may read what ended alone hears that, and not by which policy.
        if expected.is_none() {
            assert!(
                heard.contains("event: accessRevoked") && !heard.contains("/g1/providers/Microsoft.Security"),
                "{heard}"
            );
        }
    }
}

#[tokio::test]
async fn refusals_are_heard_by_those_who_may_read_the_log() {
    let site = eventful().await;
    site.roles("jit", &[("JIT Access Role", &format!("/subscriptions/{S}"))]);
    let mut jit = listen(&site, "jit", "0").await;
    let mut ann = listen(&site, "ann", "0").await;
    // What both hear last.
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1", "vm-last"])).await.status, 200);
    let mut kinds = Vec::new();
    for stream in [&mut jit, &mut ann] {
        let mut heard = String::new();
        while !heard.contains("vm-last") {
            heard += &next(stream).await;
        }
        let kind = |line: &str| line.strip_prefix("event: ").map(str::to_owned);
        kinds.push(heard.lines().filter_map(kind).collect::<Vec<_>>());
    }
    assert_eq!(
        kinds,
        [
            vec!["policyPut", "accessInitiated", "policyPut"],
            vec!["policyPut", "accessInitiated", "refused", "policyPut"]
        ]
    );
}

/// Of a policy who may read a machine alone hears what happens to that one.
#[tokio::test]
async fn who_may_read_a_machine_alone_hears_of_that_one() {
    let site = Site::new();
    site.roles("machine", &[("Reader", &machine("vm1"))]);
    let mut stream = listen(&site, "machine", "0").await;
    let machines = ["vm1", "vm2"].map(|name| access(name)["virtualMachines"][0].clone());
    let both = json!({ "virtualMachines": machines });
    let (path, initiate, revoke) = (at(""), at("/initiate"), at("/revoke"));
    let rest = policy(&["vm2"]);
    for (method, path, body, status, kind) in [
        ("PUT", &path, &policy(&["vm1", "vm2"]), 200, Some("policyPut")),
        ("POST", &initiate, &both, 202, Some("accessInitiated")),
        // A newer one takes its place.
        ("POST", &initiate, &both, 202, Some("accessInitiated")),
        ("POST", &revoke, &Value::Null, 200, Some("accessRevoked")),
        ("POST", &initiate, &access("vm2"), 202, None),
        ("POST", &initiate, &access("vm1"), 202, Some("accessInitiated")),
        ("PUT", &path, &rest, 200, Some("policyPut")),
        ("PUT", &path, &rest, 200, None),
        ("PUT", &path, &policy(&["vm1", "vm2"]), 200, Some("policyPut")),
        ("DELETE", &path, &Value::Null, 200, Some("policyDeleted")),
    ] {
        site.pass(60);
        let answer = site.call("owner", method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        let Some(kind) = kind else { continue };
        let heard = next(&mut stream).await;
        assert!(heard.contains(&format!("event: {kind}\n")), "{kind}: {heard}");
        assert!(heard.contains(&machine("vm1")) && !heard.contains("vm2"), "{kind}: {heard}");
        let data = heard.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        assert!(jitgate_core::wire::ledger::parse_record(data).is_ok(), "{data}");
    }
}

/// What the command line puts on disk beside the server, with no call in between.
#[tokio::test]
async fn what_another_process_wrote_is_heard_when_it_is_taken_up() {
    let site = eventful().await;
    site.roles("machine", &[("Reader", &machine("vm1"))]);
    let newest = site.app.writer.state().state().seq();
    let mut owner = listen(&site, "owner", &newest.to_string()).await;
    let mut machine = listen(&site, "machine", &newest.to_string()).await;
    let context = || Context {
        now: (site.app.clock)(),
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: "c".to_owned(),
        client_request_id: None,
    };
    let store = crate::store::Sqlite::open(&site.folder.path().join("x.db")).unwrap();
    let (elsewhere, _) =
        crate::store::writer::Writer::start(store, crate::ledger::Ledger::default()).unwrap();
    let counts = BTreeMap::from([("virtualMachines".to_owned(), 1)]);
    let files = vec![InventoryFile { name: "fleet.json".into(), sha256: "0".repeat(64), size: 1 }];
    let inventory = Inventory { files, counts };
    for command in [Command::ImportInventory(inventory), Command::RevokeCredential("none".to_owned())] {
        drop(elsewhere.send(Ask::new(command, context())).await.unwrap());
    }
    assert_eq!(site.app.writer.state().state().seq(), newest, "it is on disk alone");
    site.app.writer.send(Ask::new(Command::Expire, context())).await.unwrap().0.unwrap();
    for (stream, told) in [(&mut owner, true), (&mut machine, false)] {
        let heard = next(stream).await;
        assert!(heard.contains("event: inventoryImported"), "{heard}");
        assert_eq!(heard.contains("fleet.json"), told, "{heard}");
    }
}

async fn send(site: &Site, request: Request<Body>) -> axum::body::BodyDataStream {
    let response = router(site.app.clone()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

async fn next(stream: &mut axum::body::BodyDataStream) -> String {
    let chunk = tokio::time::timeout(std::time::Duration::from_mins(1), stream.next()).await;
    String::from_utf8(chunk.expect("nothing was heard").unwrap().unwrap().to_vec()).unwrap()
}
