//! The operations of policies.

use std::collections::BTreeSet;

use axum::body::Body;
use serde_json::{Value, json};

use super::{Answer, S, Site, access, at, machine, policy, request};

/// The names of a policy's machines.
pub fn machines(answer: &Answer) -> Vec<String> {
    let list = &answer.json()["properties"]["virtualMachines"];
    let name = |machine: &Value| machine["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    list.as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn a_policy_from_its_put_to_its_end() {
    let site = Site::new();
    let put = site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    assert_eq!(put.status, 200);
    let keys = [
        "{\"kind\":\"Basic\",\"properties\":{\"virtualMachines\":",
        "\"requests\":[]",
        "\"provisioningState\":\"Succeeded\"},\"id\":",
        "\"name\":\"default\",\"type\":\"Microsoft.Security/locations/jitNetworkAccessPolicies\",\"location\":\"westeurope\"}",
    ];
    let mut rest = put.text.as_str();
    for key in keys {
        rest = rest.split_once(key).unwrap_or_else(|| panic!("{key} does not come next in {}", put.text)).1;
    }
    let get = site.get("ann", &at("")).await;
    assert_eq!((get.status, &get.text), (200, &put.text));

    let answer = site.call("ann", "POST", &at("/Initiate"), &access("vm1")).await;
    assert_eq!(answer.status, 202);
    let expected = json!({
        "virtualMachines": [{ "id": machine("vm1"), "ports": [{
            "number": 22,
            "allowedSourceAddressPrefix": "203.0.113.7",
            "endTimeUtc": "2026-11-22T13:00:00.0000000Z",
            "status": "Initiating",
            "statusReason": "UserRequested",
        }] }],
        "startTimeUtc": "2026-11-22T12:00:00.0000000Z",
        "requestor": "ann@contoso.com",
    });
    assert_eq!(answer.json(), expected);
    for name in ["location", "azure-asyncoperation", "retry-after"] {
        assert_eq!(answer.header(name), "", "clients would begin to poll");
    }
    let port =
        |get: &Answer| get.json()["properties"]["requests"][0]["virtualMachines"][0]["ports"][0].clone();
    let standing = port(&site.get("ann", &at("")).await);
    assert_eq!(
        (&standing["status"], &standing["statusReason"]),
        (&json!("Initiated"), &json!("UserRequested"))
    );
    let revoked = site.call("ann", "POST", &at("/revoke"), &Value::Null).await;
    assert_eq!(revoked.status, 200, "{revoked:?}");
    assert_eq!(revoked.json()["value"].as_array().unwrap().len(), 1);
    assert_eq!(port(&site.get("ann", &at("")).await)["status"], "Revoked");

    let gone = site.call("ann", "DELETE", &at(""), &Value::Null).await;
    assert_eq!((gone.status, gone.text.as_str(), gone.header("content-length")), (200, "", "0"));
    assert_eq!(site.call("ann", "DELETE", &at(""), &Value::Null).await.status, 204);
    assert_eq!(site.get("ann", &at("")).await.code(), "ResourceNotFound");
}

#[tokio::test]
async fn an_application_has_no_name_as_requestor() {
    let site = Site::new();
    site.call("app", "PUT", &at(""), &policy(&["vm1"])).await;
    assert_eq!(site.call("app", "POST", &at("/initiate"), &access("vm1")).await.json()["requestor"], "");
}

#[tokio::test]
async fn a_repeat_opens_nothing_twice() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let mut answers = BTreeSet::new();
    for _ in 0..4 {
        let repeat = request("ann", "POST", &at("/initiate")).header("x-ms-client-request-id", "c-1");
        let body = Body::from(access("vm1").to_string());
        let answer = site.send_from("203.0.113.7", repeat.body(body).unwrap()).await;
        assert_eq!(answer.status, 202);
        answers.insert(answer.text);
        site.pass(5);
    }
    assert_eq!(answers.len(), 1);
    let requests = site.get("ann", &at("")).await.json()["properties"]["requests"].as_array().unwrap().len();
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn callers_of_ipv6_name_a_source() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let initiate = || request("ann", "POST", &at("/initiate"));
    let body = || Body::from(access("vm1").to_string());
    let answer = site.send_from("2001:db8::1", initiate().body(body()).unwrap()).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidInitiateInput"));
    assert!(
        answer.text.contains("contains a source IP address in IPv6 format, which is unsupported"),
        "{answer:?}"
    );
    let answer = site.send_from("::ffff:198.51.100.9", initiate().body(body()).unwrap()).await;
    let source = |answer: &Answer| {
        answer.json()["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefix"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(source(&answer), "198.51.100.9");
    let proxied = initiate().header("x-forwarded-for", "192.0.2.1, 198.51.100.10").body(body()).unwrap();
    assert_eq!(source(&site.send_from("10.0.0.1", proxied).await), "198.51.100.10");
    // Where a proxy does not tell who calls, the port is not opened to the proxy.
    let hidden = initiate().header("x-forwarded-for", "unknown").body(body()).unwrap();
    let answer = site.send_from("10.0.0.1", hidden).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidInitiateInput"), "{answer:?}");
}

#[tokio::test]
async fn lists_come_in_pages_and_hold_what_the_caller_may_see() {
    let site = Site::new();
    for index in 0..8 {
        let (group, location) = (index % 2, if index < 4 { "westeurope" } else { "eastus" });
        let path = format!(
            "/subscriptions/{S}/resourceGroups/g{group}/providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/p{index}?api-version=2020-01-01"
        );
        assert_eq!(site.call("owner", "PUT", &path, &policy(&["vm1"])).await.status, 200, "{path}");
    }
    let provider = "providers/microsoft.Security";
    for (caller, list, expected) in [
        ("owner", "", vec!["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"]),
        ("owner", "resourcegroups/G0/", vec!["p0", "p2", "p4", "p6"]),
        ("ann", "", vec!["p1", "p3", "p5", "p7"]),
        ("reader", "resourceGroups/g1/", vec!["p1", "p3", "p5", "p7"]),
    ] {
        for (within, expected) in [
            ("", expected.clone()),
            ("locations/EastUS/", expected.iter().filter(|name| **name > "p3").copied().collect()),
        ] {
            let path = format!(
                "/subscriptions/{S}/{list}{provider}/{within}jitNetworkAccessPolicies?api-version=2020-01-01"
            );
            let (mut names, pages) = (BTreeSet::new(), site.pages(caller, &path).await);
            for page in &pages {
                let values = page["value"].as_array().unwrap();
                assert!(values.len() <= 3);
                names.extend(values.iter().map(|policy| policy["name"].as_str().unwrap().to_owned()));
            }
            assert_eq!(
                names.iter().map(String::as_str).collect::<Vec<_>>(),
                expected,
                "{caller} {list}{within}"
            );
            assert_eq!(pages.len(), expected.len().div_ceil(3), "{caller} {list}{within}");
        }
    }
    let other = format!(
        "/subscriptions/{S}/resourceGroups/g0/{provider}/jitNetworkAccessPolicies?api-version=2020-01-01"
    );
    assert_eq!(site.get("ann", &other).await.status, 403);
    let empty = format!(
        "/subscriptions/{S}/resourceGroups/g0/{provider}/locations/moon/jitNetworkAccessPolicies?api-version=2020-01-01"
    );
    assert_eq!(site.get("owner", &empty).await.text, "{\"value\":[]}");
}

#[tokio::test]
async fn a_machine_that_somebody_added_meanwhile_is_not_thrown_out() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    site.get("ann", &at("")).await;
    site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2"])).await;
    let put = site.call("ann", "PUT", &at(""), &policy(&["vm1", "vm3"])).await;
    assert_eq!((put.status, put.code().as_str()), (409, "Conflict"));
    assert!(put.text.contains(&machine("vm2")) && put.text.contains("added by 'app'"), "{put:?}");
    assert_eq!(machines(&site.get("ann", &at("")).await), ["vm1", "vm2"]);
    let put = site.call("ann", "PUT", &at(""), &policy(&["vm1", "vm3"])).await;
    assert_eq!(
        (put.status, machines(&put)),
        (200, vec!["vm1".to_owned(), "vm3".to_owned()]),
        "now it was seen"
    );
}

/// Two sessions of one person are as two people, whose own additions each of them knows.
#[tokio::test]
async fn a_machine_that_one_added_elsewhere_is_not_thrown_out() {
    let site = Site::new();
    site.also("ann", "ann2");
    let put = async |token: &str, machines: &[&str]| {
        site.call(token, "PUT", &at(""), &policy(machines)).await.status
    };
    assert_eq!(put("ann", &["vm1"]).await, 200);
    assert_eq!(put("ann2", &["vm1", "vm2"]).await, 200);
    assert_eq!(put("ann", &["vm1"]).await, 409);
    assert_eq!(machines(&site.get("owner", &at("")).await), ["vm1", "vm2"]);
    // A client that is cut off sends it again.
    assert_eq!(put("ann2", &["vm1", "vm2"]).await, 200);
    assert_eq!(put("ann2", &["vm1", "vm2", "vm3"]).await, 200);
    assert_eq!(put("ann2", &["vm1"]).await, 200, "what it put itself it knows");
    assert_eq!(put("ann2", &["vm1", "vm2"]).await, 200);
    site.get("ann", &at("")).await;
    assert_eq!(put("ann", &["vm1"]).await, 200, "now it was seen");
}

/// Also one that came in while the body was on its way, though this caller has seen nothing at all.
#[tokio::test]
async fn a_machine_that_comes_in_during_a_put_is_not_thrown_out() {
    let site = Site::new();
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(receiver));
    let put = request("ann", "PUT", &at("")).body(body).unwrap();
    let meanwhile = async {
        assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
        sender.send(Ok(policy(&["vm1"]).to_string())).await.unwrap();
        drop(sender);
    };
    let (answer, ()) = tokio::join!(site.send_from("203.0.113.7", put), meanwhile);
    assert_eq!((answer.status, answer.code().as_str()), (409, "Conflict"), "{answer:?}");
    assert_eq!(machines(&site.get("ann", &at("")).await), ["vm1", "vm2"]);
}

/// A HEAD has no body: it shows nobody anything, be it of the policy or of a list.
#[tokio::test]
async fn who_asks_for_no_body_has_seen_nothing() {
    let site = Site::new();
    let list = at("").replace("/default?", "?");
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    assert_eq!(site.call("app", "PUT", &at(""), &policy(&["vm1", "vm2"])).await.status, 200);
    for (path, status) in [(at(""), 204), (list.clone(), 200)] {
        assert_eq!(site.call("ann", "HEAD", &path, &Value::Null).await.status, status);
        let put = site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
        assert_eq!(put.code(), "Conflict", "{path}");
    }
    assert_eq!(site.get("ann", &list).await.status, 200);
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
}

#[tokio::test]
async fn machines_take_the_right_to_change_them() {
    let site = Site::new();
    let mut body = policy(&["vm1"]);
    body["properties"]["virtualMachines"][0]["id"] = json!(machine("vm1").replace("/g1/", "/g0/"));
    let answer = site.call("ann", "PUT", &at(""), &body).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "LinkedAuthorizationFailed"));
    assert!(answer.text.contains("Microsoft.Compute/virtualMachines/write"), "{answer:?}");
    let bytes: Vec<u8> = body.to_string().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [&[0xff, 0xfe][..], &bytes].concat();
    let answer =
        site.send_from("203.0.113.7", request("ann", "PUT", &at("")).body(Body::from(wide)).unwrap()).await;
    assert_ne!(answer.status, 200, "whatever the encoding: {answer:?}");
    assert_eq!(site.get("ann", &at("")).await.status, 404);
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let before = site.app.writer.state().state().seq();
    let answer = site.call("ann", "POST", &at("/decide"), &access("vm1")).await;
    assert_eq!((answer.status, &answer.json()["decision"]), (200, &json!("granted")));
    let answer = site.call("ann", "POST", &at("/decide"), &access("vm2")).await;
    assert_eq!(answer.json()["reasons"][0]["name"], "machine-not-in-policy");
    assert_eq!(site.app.writer.state().state().seq(), before);
}

#[tokio::test]
async fn a_duration_that_is_spelt_oddly_is_what_it_means_and_anything_else_is_told_of() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let initiate = async |duration: &str| {
        let mut body = access("vm1");
        body["virtualMachines"][0]["ports"][0]["duration"] = duration.into();
        site.call("ann", "POST", &at("/initiate"), &body).await
    };
    for duration in ["pt1h", " PT1H", "p0dt1h"] {
        let answer = initiate(duration).await;
        assert_eq!(answer.status, 202, "{duration}");
        let port = &answer.json()["virtualMachines"][0]["ports"][0];
        assert_eq!(port["endTimeUtc"], "2026-11-22T13:00:00.0000000Z", "{duration}");
    }
    for duration in ["1h", "PT1", "01:00:00", "P1M"] {
        let answer = initiate(duration).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "InvalidInitiateInput"), "{duration}");
        let error = &answer.json()["error"];
        assert!(error["message"].as_str().unwrap().contains(&format!("`{duration}`")), "{error}");
        assert_eq!(error["target"], "/virtualMachines/0/ports/0/duration");
        assert!(error["details"][0]["code"].as_str().unwrap().starts_with("JIT4"), "{error}");
    }
}

#[tokio::test]
async fn a_region_has_two_names() {
    let site = Site::new();
    let (written, spaced) =
        (at("").replace("westeurope", "westEurope"), at("").replace("westeurope", "West%20Europe"));
    let put = site.call("ann", "PUT", &spaced, &policy(&["vm1"])).await;
    assert_eq!((put.status, &put.json()["location"]), (200, &json!("westeurope")), "{put:?}");
    for path in [&at(""), &written, &spaced] {
        assert_eq!(site.get("ann", path).await.json(), put.json(), "{path}");
        let list = path.replace("/default", "");
        assert_eq!(site.get("ann", &list).await.json()["value"], json!([put.json()]), "{list}");
    }
    let initiated =
        site.call("ann", "POST", &spaced.replace("/default", "/default/initiate"), &access("vm1")).await;
    assert_eq!(initiated.status, 202);
    assert_eq!(site.call("ann", "DELETE", &written, &Value::Null).await.status, 200);
    assert_eq!(site.get("ann", &spaced).await.status, 404);
}

/// Who begins a call while it may, and sends the body later, does not get in by that.
#[tokio::test]
async fn rights_that_are_taken_before_the_body_is_there_are_gone() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    for (roles, status) in [(&[][..], 401), (&[("Reader", "/")][..], 403), (&[("Owner", "/")][..], 202)] {
        site.roles("late", &[("Owner", "/")]);
        let (sender, receiver) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
        let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(receiver));
        let post = request("late", "POST", &at("/initiate")).body(body).unwrap();
        let send = async {
            site.roles("late", roles);
            sender.send(Ok(access("vm1").to_string())).await.unwrap();
            drop(sender);
        };
        let (answer, ()) = tokio::join!(site.send_from("203.0.113.7", post), send);
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

/// Who may only ask for access ends their own, and nobody else's; who may write the policy ends all.
#[tokio::test]
async fn who_asks_for_access_may_end_their_own() {
    let site = Site::new();
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    for name in ["one", "other"] {
        site.roles(name, &[("JIT Access Role", &format!("/subscriptions/{S}/resourceGroups/g1"))]);
        assert_eq!(site.call(name, "POST", &at("/initiate"), &access("vm1")).await.status, 202, "{name}");
    }
    let open = async || {
        let policy = site.get("ann", &at("")).await.json();
        let requests = policy["properties"]["requests"].as_array().unwrap().iter();
        let port = "/virtualMachines/0/ports/0/status";
        let open = requests.filter(|request| request.pointer(port) == Some(&json!("Initiated")));
        open.map(|request| request["requestor"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(open().await, ["one@contoso.com", "other@contoso.com"]);
    for requestor in ["*", "other@contoso.com"] {
        let others = json!({ "requestor": requestor });
        let refused = site.call("one", "POST", &at("/revoke"), &others).await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "AuthorizationFailed"), "{requestor}");
    }
    let own = site.call("one", "POST", &at("/revoke"), &Value::Null).await;
    assert_eq!((own.status, own.json()["value"].as_array().unwrap().len()), (200, 1), "{own:?}");
    assert_eq!(open().await, ["other@contoso.com"]);
    assert_eq!(site.call("ann", "POST", &at("/revoke"), &json!({ "requestor": "*" })).await.status, 200);
    assert_eq!(open().await, [""; 0]);
    assert_eq!(site.call("reader", "POST", &at("/revoke"), &Value::Null).await.status, 403);
}
