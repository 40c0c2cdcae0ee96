//! What stands around the policies.

use axum::body::Body;
use serde_json::{Value, json};

use super::{S, Site, at, policy, request};

fn ids(json: &Value) -> Vec<String> {
    json["value"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn callers_see_the_places_that_they_have_a_role_in() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let other = at("").replace("/g1/", "/g2/");
    assert_eq!(site.call("owner", "PUT", &other, &policy(&["vm1"])).await.status, 200);
    let (subscription, groups) =
        (format!("/subscriptions/{S}"), format!("/subscriptions/{S}/resourceGroups"));
    for (caller, subscriptions, expected) in [
        ("owner", vec![subscription.clone()], vec![format!("{groups}/g1"), format!("{groups}/g2")]),
        ("ann", vec![subscription.clone()], vec![format!("{groups}/g1")]),
    ] {
        let list = site.get(caller, "/subscriptions?api-version=2022-12-01").await;
        assert_eq!(ids(&list.json()), subscriptions, "{caller}");
        let list = site.get(caller, &format!("{groups}?api-version=2022-12-01")).await;
        assert_eq!(ids(&list.json()), expected, "{caller}");
    }
    let none = site.get("nobody", "/subscriptions?api-version=2022-12-01").await;
    assert_eq!(none.text, "{\"value\":[]}");
    let hidden = site.get("nobody", &format!("/subscriptions/{S}?api-version=2022-12-01")).await;
    assert_eq!(hidden.code(), "SubscriptionNotFound");
    let provider = format!("/subscriptions/{S}/providers/Microsoft.Security?api-version=2024-11-01");
    let provider = site.get("ann", &provider).await.json();
    assert_eq!(provider["registrationState"], "Registered");
    let versions = &provider["resourceTypes"][1]["apiVersions"];
    assert_eq!(*versions, serde_json::json!(["2020-01-01", "2015-06-01-preview"]));
}

#[tokio::test]
async fn the_cloud_is_described_to_everybody_as_the_client_sees_it() {
    let site = Site::new();
    let plain = request("", "GET", "/metadata/endpoints?api-version=2022-09-01").body(Body::empty()).unwrap();
    let json = site.send_from("203.0.113.7", plain).await.json();
    assert_eq!(json["resourceManager"], "http://jit.example/");
    assert!(json["suffixes"].is_object(), "az fails without it");
    let front = request("", "GET", "/metadata/endpoints").header("x-forwarded-proto", "https");
    let json = site.send_from("10.0.0.1", front.body(Body::empty()).unwrap()).await.json();
    assert_eq!(json["authentication"]["loginEndpoint"], "https://jit.example");
}

#[tokio::test]
async fn signs_of_life_are_public_and_numbers_are_not() {
    let site = Site::new();
    assert_eq!(site.get("", "/healthz").await.json()["status"], "ok");
    assert_eq!(site.get("", "/metrics").await.status, 401);
    assert_eq!(site.get("ann", "/metrics").await.status, 403);
    let metrics = site.get("owner", "/metrics").await;
    assert!(
        metrics.text.contains("jitgate_http_requests_total{operation=\"Metrics\",status=\"403\"} 1"),
        "{metrics:?}"
    );
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    for (token, path) in [
        ("", "/healthz"),
        ("", "/openapi.json"),
        ("", "/"),
        ("", "/subscriptions?api-version=2022-12-01"),
        ("ann", "/subscriptions?api-version=2022-12-01"),
        ("ann", &at("")),
        ("nobody", &at("")),
    ] {
        let (get, head) = (site.get(token, path).await, site.call(token, "HEAD", path, &Value::Null).await);
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("content-length"), get.text.len().to_string(), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
    }
    let post = site.call("ann", "HEAD", &at("/initiate"), &Value::Null).await;
    assert_eq!((post.status, post.header("allow")), (405, "POST"));
    let patch = site.call("ann", "PATCH", "/healthz", &Value::Null).await;
    assert_eq!((patch.status, patch.header("allow")), (405, "GET, HEAD"));
    for method in ["POST", "DELETE"] {
        assert_eq!(site.call("", method, "/", &Value::Null).await.status, 404, "{method} /");
    }
}

#[tokio::test]
async fn probes_are_answered_whoever_guesses_tokens_next_to_them() {
    let site = Site::new();
    let mut refused = 0;
    while site.get("guess", "/tenants?api-version=2022-12-01").await.status == 401 {
        refused += 1;
        assert!(refused < 200_000, "guessing goes on for ever");
    }
    assert_eq!(site.get("", "/healthz").await.status, 200);
}

#[tokio::test]
async fn permissions_are_the_callers_own() {
    let site = Site::new();
    let path = format!(
        "/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
    );
    assert_eq!(site.get("reader", &path).await.json()["value"][0]["actions"], serde_json::json!(["*/read"]));
    assert_eq!(site.get("nobody", &path).await.text, "{\"value\":[]}");
}

#[tokio::test]
async fn a_caller_is_told_who_they_are() {
    let site = Site::new();
    let me = site.get("ann", "/me?api-version=2020-01-01").await.json();
    let expected = json!({ "objectId": "id of ann@contoso.com", "name": "ann@contoso.com", "kind": "User", "ipAddress": "203.0.113.7" });
    assert_eq!(me, expected);
    assert_eq!(site.get("", "/me?api-version=2020-01-01").await.status, 401);
}

#[tokio::test]
async fn a_page_is_as_long_as_the_client_says() {
    let site = Site::new();
    for name in 0..5 {
        let path = at("").replace("default", &format!("p{name}"));
        assert_eq!(site.call("ann", "PUT", &path, &policy(&["vm1"])).await.status, 200);
    }
    let list = async |rest: &str| {
        let path = "/subscriptions/{s}/providers/Microsoft.Security/jitNetworkAccessPolicies";
        site.get("ann", &format!("{path}?api-version=2020-01-01{rest}")).await
    };
    for (rest, count, more) in
        [("", 3, true), ("&$top=4", 4, true), ("&%24top=5", 5, false), ("&$top=9999", 5, false)]
    {
        let page = list(rest).await.json();
        assert_eq!(page["value"].as_array().unwrap().len(), count, "{rest}");
        assert_eq!(page.get("nextLink").is_some(), more, "{rest}");
    }
    for wrong in ["0", "-1", "many"] {
        let answer = list(&format!("&$top={wrong}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidQueryParameter"), "{wrong}");
    }
}
