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
    let types = provider["resourceTypes"].as_array().unwrap();
    let policies =
        types.iter().find(|kind| kind["resourceType"] == "locations/jitNetworkAccessPolicies").unwrap();
    assert_eq!(policies["apiVersions"], json!(["2020-01-01", "2015-06-01-preview"]));
    // There clients look for the regions that there are.
    assert_eq!(policies["locations"], json!(["westeurope"]));
}

#[tokio::test]
async fn the_cloud_is_described_to_everybody_as_the_client_sees_it() {
    let site = Site::new();
    let plain = request("", "GET", "/metadata/endpoints?api-version=2022-09-01").body(Body::empty()).unwrap();
    let json = site.send_from("203.0.113.7", plain).await.json();
    assert_eq!(json["resourceManager"], "http://jit.example/");
    assert!(json["suffixes"].is_object(), "az fails without it");
    assert_eq!(json["graphEndpoint"], "http://jit.example/", "az 2.45 registers no cloud without it");
    let front = request("", "GET", "/metadata/endpoints").header("x-forwarded-proto", "https");
    let json = site.send_from("10.0.0.1", front.body(Body::empty()).unwrap()).await.json();
    assert_eq!(json["authentication"]["loginEndpoint"], "https://jit.example");
}

/// Whatever the client calls it, and a proxy says that a client did.
#[tokio::test]
async fn a_server_goes_by_its_public_address() {
    let mut site = Site::new();
    let app = std::sync::Arc::get_mut(&mut site.app).unwrap();
    app.settings.public_url = Some("https://public.example".to_owned());
    for name in ["a", "b", "c", "d"] {
        let path = at("").replace("default", name);
        assert_eq!(site.call("ann", "PUT", &path, &policy(&["vm1"])).await.status, 200);
    }
    let list =
        "/subscriptions/{s}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01";
    let list = request("ann", "GET", list).header("x-forwarded-host", "other.example");
    let page = site.send_from("10.0.0.1", list.body(Body::empty()).unwrap()).await.json();
    assert!(
        page["nextLink"].as_str().unwrap().starts_with("https://public.example/subscriptions/"),
        "{page}"
    );
    let cloud = request("", "GET", "/metadata/endpoints").header("x-forwarded-proto", "http");
    let cloud = site.send_from("10.0.0.1", cloud.body(Body::empty()).unwrap()).await.json();
    assert_eq!(cloud["authentication"]["loginEndpoint"], "https://public.example");
    let refused = site.get("guess", "/tenants?api-version=2022-12-01").await;
    let start = "Bearer authorization_uri=\"https://public.example/";
    assert!(refused.header("www-authenticate").starts_with(start), "{refused:?}");
}

#[tokio::test]
async fn signs_of_life_are_public_and_numbers_are_not() {
    let site = Site::new();
    // No more than that, to whoever asks.
    assert_eq!(site.get("", "/healthz").await.json(), json!({"status": "ok"}));
    assert_eq!(site.get("", "/metrics").await.status, 401);
    assert_eq!(site.get("ann", "/metrics").await.status, 403);
    let metrics = site.get("owner", "/metrics").await;
    assert!(
        metrics.text.contains("jitgate_http_requests_total{operation=\"Metrics\",status=\"403\"} 1"),
        "{metrics:?}"
    );
}

/// That something is wrong, and not where the data is.
#[cfg(unix)]
#[tokio::test]
async fn of_data_that_is_gone_a_probe_tells_no_path() {
    let site = Site::new();
    std::fs::rename(site.folder.path().join("x.db"), site.folder.path().join("away.db")).unwrap();
    let probe = site.get("", "/healthz").await;
    assert_eq!((probe.status, probe.code().as_str()), (503, "StorageUnavailable"));
    assert!(!probe.text.contains("x.db"), "{probe:?}");
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
        ("nobody", &at("")),
        ("ann", &at("").replace("default", "other")),
    ] {
        let (get, head) = (site.get(token, path).await, site.call(token, "HEAD", path, &Value::Null).await);
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("content-length"), get.text.len().to_string(), "{path}");
    }
    let post = site.call("ann", "HEAD", &at("/initiate"), &Value::Null).await;
    assert_eq!((post.status, post.header("allow")), (405, "POST"));
    let patch = site.call("ann", "PATCH", "/healthz", &Value::Null).await;
    assert_eq!((patch.status, patch.header("allow")), (405, "GET, HEAD"));
    for method in ["POST", "DELETE"] {
        assert_eq!(site.call("", method, "/", &Value::Null).await.status, 404, "{method} /");
    }
}

/// As `az group exists` and `resources.check_existence_by_id` of the SDKs ask.
#[tokio::test]
async fn head_of_a_resource_tells_whether_it_exists() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let group = format!("/subscriptions/{S}/resourceGroups/g1?api-version=2021-04-01");
    let role = format!("/subscriptions/{S}/providers/Microsoft.Authorization/roleDefinitions/");
    for (token, path, status) in [
        ("ann", at(""), 204),
        ("ann", at("").replace("default", "other"), 404),
        ("nobody", at(""), 403),
        ("", at(""), 401),
        ("ann", group.clone(), 204),
        ("ann", group.replace("g1", "g2"), 404),
        ("nobody", group, 404),
        ("ann", format!("{role}b24988ac-6180-42a0-ab88-20f7382dd24c?api-version=2022-04-01"), 204),
        ("ann", format!("{role}b24988ac-6180-42a0-ab88-20f7382dd24d?api-version=2022-04-01"), 404),
    ] {
        let head =
            request(token, "HEAD", &path).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        let head = site.send_from("203.0.113.7", head).await;
        assert_eq!((head.status, head.text.as_str()), (status, ""), "{token} {path}");
        if status == 204 {
            let get = site.get(token, &path).await;
            assert_eq!((get.status, head.header("etag")), (200, get.header("etag")), "{path}");
            let without = ["content-type", "content-encoding"];
            assert_eq!(without.map(|name| head.header(name)), [""; 2], "{path}");
        }
    }
}

#[tokio::test]
async fn lists_of_places_have_pages_and_filters() {
    let site = Site::new();
    for group in ["a", "B", "c", "d", "e"] {
        let path =
            at("").replace("/g1/", &format!("/{group}/")).replace("westeurope", &format!("region{group}"));
        assert_eq!(site.call("owner", "PUT", &path, &policy(&["vm1"])).await.status, 200);
    }
    let s = format!("/subscriptions/{S}");
    let names = async |path: String| {
        let pages = site.pages("owner", &path).await;
        let mut all = Vec::new();
        for page in &pages {
            let items = page["value"].as_array().unwrap();
            assert!(items.len() <= 3, "{page}");
            let name = |item: &Value| {
                item.get("name").or(item.get("namespace")).unwrap().as_str().unwrap().to_owned()
            };
            all.extend(items.iter().map(name));
        }
        (all, pages.len())
    };
    let groups = format!("{s}/resourceGroups?api-version=2021-04-01");
    let all = ["a", "B", "c", "d", "e"].map(str::to_owned).to_vec();
    assert_eq!(names(groups.clone()).await, (all.clone(), 2));
    assert_eq!(names(format!("{groups}&$top=1")).await, (all.clone(), 5));
    assert_eq!(names(format!("{groups}&$filter=")).await.0, all, "as az sends it");
    for filter in
        ["tagName eq 'x'", "tagName eq 'x' and tagValue eq 'y'", "tagValue eq 'y' and tagName eq 'x'"]
    {
        let filter = filter.replace(' ', "%20").replace('\'', "%27");
        assert_eq!(names(format!("{groups}&$filter={filter}")).await.0, Vec::<String>::new());
    }
    for filter in ["name%20eq%20'a'", "tagValue%20eq%20'y'", "x"] {
        let answer = site.get("owner", &format!("{groups}&$filter={filter}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "BadRequest"), "{filter}");
    }
    let regions: Vec<String> = ["a", "b", "c", "d", "e"].map(|name| format!("region{name}")).to_vec();
    assert_eq!(names(format!("{s}/locations?api-version=2022-12-01")).await, (regions, 2));
    let (providers, pages) = names(format!("{s}/providers?api-version=2021-04-01&$top=2")).await;
    assert_eq!((providers.len(), pages), (6, 3), "{providers:?}");
    assert_eq!(names("/providers?api-version=2021-04-01&$top=2".to_owned()).await, (providers, 3));
    let wrong = site.get("owner", "/subscriptions?api-version=2022-12-01&$top=0").await;
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "InvalidQueryParameter"));
}

/// Clients that know of a parent's path write it where there is none: `az resource show -g … --resource-type …`.
#[tokio::test]
async fn an_empty_parent_is_none() {
    let site = Site::new();
    let path = |parent: &str| {
        format!(
            "/subscriptions/{S}/resourceGroups/g1/providers/Microsoft.Security{parent}/jitNetworkAccessPolicies?api-version=2020-01-01"
        )
    };
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    assert_eq!(site.get("ann", &path("/")).await.text, site.get("ann", &path("")).await.text);
    let permissions = format!(
        "{}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01",
        super::machine("vm1").replace("Compute/", "Compute//")
    );
    assert_eq!(site.get("reader", &permissions).await.json()["value"][0]["actions"], json!(["*/read"]));
    assert_eq!(site.get("ann", &path("//")).await.code(), "InvalidResourceType");
}

#[tokio::test]
async fn probes_are_answered_whoever_guesses_tokens_next_to_them() {
    let mut site = Site::new();
    site.rate(1);
    let mut refused = 0;
    while site.get("guess", "/tenants?api-version=2022-12-01").await.status == 401 {
        refused += 1;
        assert!(refused < 1000, "guessing goes on for ever");
    }
    assert_eq!(site.get("", "/healthz").await.status, 200);
}

/// Who has a network of IPv6 has as many addresses as they like.
#[tokio::test]
async fn who_guesses_from_many_addresses_of_a_network_has_one_bucket() {
    let mut site = Site::new();
    site.rate(1);
    let guess = async |address: &str| {
        let call = request("guess", "GET", "/tenants?api-version=2022-12-01").body(Body::empty()).unwrap();
        site.send_from(address, call).await.status
    };
    for (same, other) in [
        (["2001:db8:0:7::1", "2001:db8:0:7:ffff::2"], "2001:db8:0:8::1"),
        (["203.0.113.9", "::ffff:203.0.113.9"], "203.0.113.10"),
    ] {
        let mut refused = 0;
        while guess(same[0]).await == 401 {
            refused += 1;
            assert!(refused < 1000, "guessing goes on for ever");
        }
        // The bucket fills again while this is asked.
        let mut more = 0;
        while guess(same[1]).await == 401 {
            more += 1;
            assert!(more * 2 < refused, "{} has a bucket of its own", same[1]);
        }
        assert_eq!(guess(other).await, 401, "{other}");
    }
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
