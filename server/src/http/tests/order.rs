//! In which order a call is judged, and how errors look.

use axum::body::Body;
use serde_json::Value;

use super::{POLICY, Site, access, at, policy, request};

#[tokio::test]
async fn every_error_is_json_with_a_code() {
    let site = Site::new();
    let long = format!("/subscriptions/{{s}}/{}", "a/".repeat(3000));
    for (token, method, path, status, code) in [
        // The path comes before the caller.
        ("", "GET", "/nothing", 404, "InvalidResourceType"),
        ("", "GET", "/subscriptions/x/resourceGroups", 400, "InvalidSubscriptionId"),
        ("", "GET", long.as_str(), 414, "RequestUriTooLong"),
        ("", "PATCH", &at(""), 405, "HttpMethodNotSupported"),
        ("", "HEAD", &at("/initiate"), 405, "HttpMethodNotSupported"),
        ("", "OPTIONS", &at(""), 405, "HttpMethodNotSupported"),
        ("", "BREW", &at(""), 405, "HttpMethodNotSupported"),
        ("", "GET", &at("/initiate"), 405, "HttpMethodNotSupported"),
        // The caller before the version.
        ("", "GET", POLICY, 401, "AuthenticationFailed"),
        ("wrong", "GET", POLICY, 401, "InvalidAuthenticationToken"),
        // The version before the rights.
        ("nobody", "GET", POLICY, 400, "MissingApiVersionParameter"),
        ("nobody", "GET", &format!("{POLICY}?api-version=2000-01-01"), 400, "InvalidApiVersionParameter"),
        // The rights before what is there.
        ("nobody", "GET", &at(""), 403, "AuthorizationFailed"),
        ("nobody", "PUT", &at(""), 403, "AuthorizationFailed"),
        ("reader", "DELETE", &at(""), 403, "AuthorizationFailed"),
        ("reader", "POST", &at("/initiate"), 403, "AuthorizationFailed"),
        // The body before what is there.
        ("ann", "POST", &at("/initiate"), 400, "InvalidRequestContent"),
        ("ann", "GET", &at(""), 404, "ResourceNotFound"),
    ] {
        let answer = site.call(token, method, path, &Value::Null).await;
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        if method != "HEAD" {
            assert_eq!(answer.code(), code, "{method} {path}");
        }
        if status == 405 {
            let post = path.contains("initiate");
            assert_eq!(answer.header("allow"), if post { "POST" } else { "GET, PUT, DELETE, HEAD" });
        }
        let challenge = answer.header("www-authenticate");
        assert_eq!(challenge.starts_with("Bearer"), status == 401, "{challenge}");
        assert!(!challenge.contains("claims"));
        for name in ["x-ms-request-id", "x-ms-correlation-request-id", "x-ms-routing-request-id"] {
            assert!(!answer.header(name).is_empty(), "{name} {answer:?}");
        }
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn a_missing_policy_is_asked_for_after_the_body() {
    let site = Site::new();
    let answer = site.call("ann", "POST", &at("/initiate"), &access("vm1")).await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "PolicyNotFound"));
    let mut body = access("vm1");
    body["virtualMachines"][0]["ports"][0]["endTimeUtc"] = "2026-11-22T13:00:00Z".into();
    let answer = site.call("ann", "POST", &at("/initiate"), &body).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidInitiateInput"));
    let message = "Only one of fields 'EndTimeUtc' and 'Duration' can be set.";
    assert_eq!(answer.json()["error"]["message"], message);
}

#[tokio::test]
async fn whoever_may_not_learns_nothing() {
    let site = Site::new();
    let before = site.get("nobody", &at("")).await;
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let after = site.get("nobody", &at("")).await;
    assert_eq!((before.status, &before.text), (403, &after.text));
    let error = &after.json()["error"];
    let expected = format!(
        "The client 'nobody@contoso.com' with object id 'id of nobody@contoso.com' does not have authorization to perform action 'Microsoft.Security/locations/jitNetworkAccessPolicies/read' over scope '{}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
        POLICY.replace("{s}", super::S)
    );
    assert_eq!(error["message"], expected);
}

#[tokio::test]
async fn large_bodies_and_headers_are_refused() {
    let site = Site::new();
    let body = Body::from(vec![b' '; 4 * 1024 * 1024 + 1]);
    let answer = site.send_from("203.0.113.7", request("ann", "PUT", &at("")).body(body).unwrap()).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "RequestContentTooLarge"));
    let request =
        request("ann", "GET", &at("")).header("x-long", "a".repeat(70_000)).body(Body::empty()).unwrap();
    let answer = site.send_from("203.0.113.7", request).await;
    assert_eq!((answer.status, answer.code().as_str()), (431, "RequestHeaderFieldsTooLarge"));
}

#[tokio::test]
async fn encoded_bodies_are_refused_as_such() {
    let site = Site::new();
    let body = policy(&["vm1"]).to_string();
    for (coding, sent, status) in [
        ("gzip", "\u{1f}not what it says", 415),
        ("GZIP", body.as_str(), 415),
        ("identity, br", body.as_str(), 415),
        ("identity", body.as_str(), 200),
        ("", body.as_str(), 200),
    ] {
        let put = request("ann", "PUT", &at("")).header("content-encoding", coding);
        let answer = site.send_from("203.0.113.7", put.body(Body::from(sent.to_owned())).unwrap()).await;
        assert_eq!(answer.status, status, "{coding}: {answer:?}");
        if status == 415 {
            assert_eq!(answer.code(), "UnsupportedMediaType");
            assert_eq!(answer.json()["error"]["target"], "Content-Encoding");
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
    // What is not there has no encoding; and who may not learns nothing else.
    for (token, status) in [("ann", 200), ("nobody", 403)] {
        let get = request(token, "GET", &at("")).header("content-encoding", "gzip");
        let answer = site.send_from("203.0.113.7", get.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[tokio::test]
async fn a_caller_who_sends_too_much_waits_and_others_do_not() {
    let mut site = Site::new();
    site.rate(1);
    let mut refused = None;
    for _ in 0..1000 {
        let answer = site.get("nobody", "/tenants?api-version=2022-12-01").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let answer = refused.expect("nobody was ever refused");
    assert_eq!((answer.status, answer.code().as_str()), (429, "TooManyRequests"));
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(site.get("ann", "/tenants?api-version=2022-12-01").await.status, 200);
}
