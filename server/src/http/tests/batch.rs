//! `/batch`: calls in calls.

use axum::body::Body;
use axum::http::Version;
use serde_json::{Value, json};

use super::{Answer, S, Site, access, at, policy, request};
use crate::http::dispatch::InBatch;

const BATCH: &str = "/batch?api-version=2020-06-01";

fn get(url: &str) -> Value {
    json!({ "httpMethod": "GET", "url": url.replace("{s}", S) })
}

async fn send(site: &Site, token: &str, requests: &[Value]) -> Vec<Value> {
    let answer = site.call(token, "POST", BATCH, &json!({ "requests": requests })).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["responses"].as_array().unwrap().clone()
}

/// As a script for just-in-time access asks: with the address of Azure, and a body of its own.
#[tokio::test]
async fn access_is_asked_for_in_a_batch() {
    let site = Site::new();
    let put = json!({ "httpMethod": "put", "url": at("").replace("{s}", S), "content": policy(&["vm1"]) });
    let url = format!("https://management.azure.com{}", at("/initiate").replace("{s}", S));
    let initiate = json!({
        "name": "one", "httpMethod": "POST", "url": url, "content": access("vm1"),
        "requestHeaderDetails": { "commandName": "Microsoft_Azure_Compute." },
    });
    let responses = send(&site, "owner", &[put, initiate, get(&at(""))]).await;
    let statuses: Vec<&Value> = responses.iter().map(|one| &one["httpStatusCode"]).collect();
    assert_eq!(statuses, [200, 202, 200]);
    let [_, opened, read] = responses.as_slice() else { panic!() };
    assert_eq!((&opened["name"], read.get("name")), (&json!("one"), None));
    assert_eq!(opened["content"]["virtualMachines"][0]["ports"][0]["status"], "Initiating");
    assert_eq!(read["content"]["properties"]["requests"].as_array().unwrap().len(), 1);
    let length = read["contentLength"].as_u64().unwrap();
    assert_eq!(length, u64::try_from(read["content"].to_string().len()).unwrap());
    assert_eq!(read["headers"]["content-type"], "application/json; charset=utf-8");
    assert_eq!(read["headers"]["etag"], site.get("owner", &at("")).await.header("etag"));
    let delete = json!({ "httpMethod": "DELETE", "url": at("").replace("{s}", S) });
    let responses = send(&site, "owner", &[delete.clone(), delete]).await;
    assert_eq!((&responses[0]["httpStatusCode"], responses[0].get("content")), (&json!(200), None));
    assert_eq!(responses[1]["httpStatusCode"], 204);
}

/// A client that lost the answer sends the batch again. Two calls of a batch are two all the same.
#[tokio::test]
async fn a_batch_that_comes_again_opens_nothing_twice() {
    let site = Site::new();
    site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await;
    let mut other = access("vm1");
    other["virtualMachines"][0]["ports"][0]["duration"] = json!("PT2H");
    let ask = |content| json!({ "httpMethod": "POST", "url": at("/initiate").replace("{s}", S), "content": content });
    let body = json!({ "requests": [ask(access("vm1")), ask(other)] }).to_string();
    // An id that is as long as ids may be is one, too.
    for (round, id) in [
        (0, "7".to_owned()),
        (1, "7".to_owned()),
        (2, "8".repeat(127)),
        (3, "8".repeat(127)),
        (4, "8".repeat(128)),
        (5, "8".repeat(128)),
    ] {
        let call = request("owner", "POST", BATCH).header("x-ms-client-request-id", id);
        let answer = site.send_from("203.0.113.7", call.body(Body::from(body.clone())).unwrap()).await;
        let statuses: Vec<Value> = answer.json()["responses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["httpStatusCode"].clone())
            .collect();
        assert_eq!(statuses, [202, 202], "{round}");
        let read = site.get("owner", &at("")).await.json();
        assert_eq!(read["properties"]["requests"].as_array().unwrap().len(), 2 * (round / 2 + 1), "{round}");
    }
}

/// Each call has the rights of the caller, and an answer of its own.
#[tokio::test]
async fn calls_fail_by_themselves() {
    let site = Site::new();
    site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await;
    let version = "api-version=2020-01-01";
    let cases = [
        (get(&at("")), 200, ""),
        (get(&at("/x")), 404, "InvalidResourceType"),
        (get("/subscriptions/7/resources?api-version=2021-04-01"), 400, "InvalidSubscriptionId"),
        (get("/tenants"), 400, "MissingApiVersionParameter"),
        // Scripts leave spaces as they are.
        (get("/subscriptions/{s}/resources?api-version=2021-04-01&$filter=name eq 'x'"), 200, ""),
        (get("https://jit.example"), 404, "InvalidResourceType"),
        (get("not an address"), 400, "InvalidBatchRequest"),
        (json!({ "httpMethod": "G T", "url": at("") }), 400, "InvalidBatchRequest"),
        (json!({ "httpMethod": "PATCH", "url": at("").replace("{s}", S) }), 405, "HttpMethodNotSupported"),
        (get("/index.html"), 404, "InvalidResourceType"),
        (get(&format!("/healthz?{version}")), 400, "InvalidBatchRequest"),
        (get(&format!("/events?{version}")), 400, "InvalidBatchRequest"),
        (
            json!({ "httpMethod": "POST", "url": BATCH, "content": { "requests": [] } }),
            400,
            "InvalidBatchRequest",
        ),
        (
            get(
                "/subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$format=csv",
            ),
            400,
            "InvalidBatchRequest",
        ),
    ];
    let requests: Vec<Value> = cases.iter().map(|(one, ..)| one.clone()).collect();
    let responses = send(&site, "owner", &requests).await;
    assert_eq!(responses.len(), cases.len());
    for ((asked, status, code), response) in cases.iter().zip(&responses) {
        let found = response["content"]["error"]["code"].as_str().unwrap_or_default();
        assert_eq!((&response["httpStatusCode"], found), (&json!(status), *code), "{asked}");
    }
    for (token, status) in [("reader", 200), ("nobody", 403)] {
        assert_eq!(send(&site, token, &[get(&at(""))]).await[0]["httpStatusCode"], status, "{token}");
    }
    let nobody = site.call("", "POST", BATCH, &json!({ "requests": [] })).await;
    assert_eq!(nobody.status, 401);
}

#[tokio::test]
async fn batches_that_are_none() {
    let site = Site::new();
    let of = |count: usize| json!({ "requests": vec![get("/tenants?api-version=2020-01-01"); count] });
    let one = |one: Value| json!({ "requests": [get("/tenants?api-version=2020-01-01"), one] });
    for (body, code, place) in [
        (json!({}), "JIT111", ""),
        (json!([]), "JIT112", ""),
        (Value::Null, "JIT101", ""),
        (json!({ "requests": {} }), "JIT112", "/requests"),
        (one(json!(5)), "JIT112", "/requests/1"),
        (one(json!({ "url": "/tenants" })), "JIT111", "/requests/1"),
        (one(json!({ "httpMethod": "GET", "url": 5 })), "JIT112", "/requests/1/url"),
        (one(json!({ "httpMethod": "GET", "url": "/tenants", "name": 5 })), "JIT112", "/requests/1/name"),
        (one(json!({ "httpMethod": "GET", "url": "/x", "headers": [] })), "JIT112", "/requests/1/headers"),
        (of(501), "", "/requests"),
    ] {
        let answer: Answer = site.call("owner", "POST", BATCH, &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidRequestContent"));
        let error = &answer.json()["error"];
        assert_eq!(error["target"], place, "{error}");
        if !code.is_empty() {
            assert_eq!(
                (&error["details"][0]["code"], &error["details"][0]["target"]),
                (&json!(code), &json!(place))
            );
        }
    }
    assert_eq!(site.call("owner", "POST", BATCH, &of(500)).await.status, 200);
    assert_eq!(site.get("owner", BATCH).await.status, 405);
}

/// A policy is put over the one that the caller saw, in a batch as by itself.
#[tokio::test]
async fn calls_have_conditions_of_their_own() {
    let site = Site::new();
    site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await;
    let tag = site.get("owner", &at("")).await.header("etag").to_owned();
    let put = |headers: Value| json!({ "httpMethod": "PUT", "url": at("").replace("{s}", S), "content": policy(&["vm1"]), "headers": headers });
    for (headers, status) in [
        (json!({ "If-Match": "\"nope\"" }), 412),
        (json!({ "if-match": "\"nope\"" }), 412),
        (json!({ "IF-NONE-MATCH": "*" }), 412),
        (json!({ "If-Match": tag }), 200),
        (json!({ "If-Match": "*", "x-ms-command-name": ["a"], "Accept": "text/csv" }), 200),
        (json!({ "If-Match": 7 }), 400),
        (json!({ "If-Match": "a\nb" }), 400),
        (json!({ "If-Match": tag, "if-match": "*" }), 400),
        (json!({ "If-Match": "*", "if-match": tag }), 400),
        (json!({}), 200),
        (Value::Null, 200),
    ] {
        let response = send(&site, "owner", &[put(headers.clone())]).await.remove(0);
        assert_eq!(response["httpStatusCode"], status, "{headers}");
    }
    for name in ["if-match", "if-none-match"] {
        let call = request("owner", "POST", BATCH).header(name, "\"nope\"");
        let body = json!({ "requests": [put(Value::Null)] }).to_string();
        let answer = site.send_from("203.0.113.7", call.body(Body::from(body)).unwrap()).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidRequestHeader"), "{answer:?}");
    }
}

/// All of a batch was written before its first answer: what that shows was not seen by who wrote the rest.
#[tokio::test]
async fn what_a_batch_shows_is_seen_after_it() {
    let site = Site::new();
    let call = |method: &str, content: Value| json!({ "httpMethod": method, "url": at("").replace("{s}", S), "content": content });
    let list = json!({ "httpMethod": "GET", "url": at("").replace("/default?", "?").replace("{s}", S) });
    let put = |machines: &[&str]| call("PUT", policy(machines));
    let statuses = async |requests: &[Value]| -> Vec<Value> {
        send(&site, "ann", requests).await.into_iter().map(|one| one["httpStatusCode"].clone()).collect()
    };
    for first in [call("GET", Value::Null), list] {
        assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
        assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
        assert_eq!(statuses(&[first, put(&["vm1"])]).await, [200, 409]);
        assert_eq!(statuses(&[put(&["vm1"])]).await, [200], "now it was seen");
    }
    // What a caller put itself it knows.
    assert_eq!(statuses(&[put(&["vm1", "vm3"]), put(&["vm1"]), put(&["vm1", "vm2"])]).await, [200, 200, 200]);
    assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2", "vm4"])).await.status, 200);
    assert_eq!(statuses(&[put(&["vm1", "vm2"]), put(&["vm1", "vm4"]), put(&["vm1"])]).await, [409, 200, 200]);
}

/// What somebody else puts in while a batch is under way has overtaken all of it.
#[tokio::test]
async fn a_machine_that_comes_in_during_a_batch_is_not_thrown_out() {
    let site = Site::new();
    assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let before = site.app.writer.state().state().seq();
    assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
    let after = site.app.writer.state().state().seq();
    for (arrival, status) in [(before, 409), (after, 200)] {
        let mut put = request("ann", "PUT", &at("")).body(Body::from(policy(&["vm1"]).to_string())).unwrap();
        put.extensions_mut().insert(InBatch(arrival));
        let answer = site.send_from("203.0.113.7", put).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

/// What is left out of a batch whose answers are too long is to be sent again.
#[tokio::test]
async fn answers_have_a_limit() {
    let group = format!(
        "/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Network/networkSecurityGroups/long"
    );
    let rule = json!({ "name": "r", "properties": { "description": "x".repeat(12 * 1024 * 1024), "priority": 100, "direction": "Inbound",
        "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*" } });
    let site = Site::new();
    site.import(&[json!({ "id": group, "name": "long", "location": "westeurope", "properties": { "securityRules": [rule] } })]).await;
    let asked = get(&format!("{group}?api-version=2024-05-01"));
    let statuses: Vec<Value> = send(&site, "owner", &vec![asked; 5])
        .await
        .into_iter()
        .map(|one| one["httpStatusCode"].clone())
        .collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
}

/// One of HTTP/1.0 needs no `Host`, and its calls are no others.
#[tokio::test]
async fn calls_are_of_the_version_of_the_batch() {
    let site = Site::new();
    let body = json!({ "requests": [get("/tenants?api-version=2020-01-01")] }).to_string();
    let mut call = request("owner", "POST", BATCH).version(Version::HTTP_10).body(Body::from(body)).unwrap();
    call.headers_mut().remove("host");
    let answer = site.send_from("203.0.113.7", call).await;
    assert_eq!(answer.json()["responses"][0]["httpStatusCode"], 200, "{answer:?}");
}

#[tokio::test]
async fn what_is_no_call_is_counted_like_one() {
    let site = Site::new();
    let odd = json!({ "httpMethod": "P T", "url": "/tenants?api-version=2020-01-01" });
    send(&site, "owner", &[get("/x"), get("/healthz"), odd, get("/tenants?api-version=2020-01-01")]).await;
    let metrics = site.get("owner", "/metrics").await.text;
    for (status, count) in [(404, 1), (400, 2)] {
        let line =
            format!("jitgate_http_requests_total{{operation=\"Unknown\",status=\"{status}\"}} {count}");
        assert!(metrics.lines().any(|own| own == line), "{line} is not in\n{metrics}");
    }
}

/// Each call counts.
#[tokio::test]
async fn a_batch_is_no_way_around_the_limit() {
    let mut site = Site::new();
    site.rate(1);
    // So does what is none.
    for (token, url) in [("owner", "/tenants?api-version=2020-01-01"), ("ann", "/x"), ("app", "/healthz")] {
        let responses = send(&site, token, &vec![get(url); 40]).await;
        let many = responses.iter().filter(|one| one["httpStatusCode"] == 429).count();
        assert!((20..40).contains(&many), "{url}: {many}");
    }
}
