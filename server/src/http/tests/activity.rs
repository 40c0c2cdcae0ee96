//! The activity log.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jitgate_core::ledger::{Actor, Command, Context, Principal};
use serde_json::{Value, json};

use super::{S, Site, access, at, machine, policy, request};
use crate::ledger::Ask;

const LOG: &str =
    "/subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01";

/// A policy of two machines, access to one of them, and a refusal.
pub async fn eventful() -> Site {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1", "vm2"])).await;
    site.pass(60);
    let mut body = access("vm1");
    body["justification"] = json!("=cmd|' /C calc'!A0");
    assert_eq!(site.call("ann", "POST", &at("/initiate"), &body).await.status, 202);
    site.pass(60);
    site.call("reader", "POST", &at("/initiate"), &access("vm2")).await;
    site
}

/// Operation and status of each event, over all pages.
async fn events(site: &Site, caller: &str, filter: &str) -> Vec<String> {
    let filter = filter.replace(' ', "%20").replace('\'', "%27").replace("{s}", S);
    let path =
        format!("{LOG}{}", if filter.is_empty() { String::new() } else { format!("&$filter={filter}") });
    let mut all = Vec::new();
    for page in site.pages(caller, &path).await {
        for event in page["value"].as_array().unwrap() {
            let operation =
                event["operationName"]["value"].as_str().unwrap().rsplit("Policies/").next().unwrap();
            all.push(format!("{operation} {}", event["status"]["value"].as_str().unwrap()));
        }
    }
    all
}

const WRITE: [&str; 2] = ["write Succeeded", "write Started"];
const OPEN: [&str; 3] = [RULE, "initiate/action Accepted", "initiate/action Started"];
const RULE: &str = "Microsoft.Network/networkSecurityGroups/securityRules/write Succeeded";
const REFUSED: [&str; 2] = ["initiate/action Failed", "initiate/action Started"];

#[tokio::test]
async fn who_did_what_when() {
    let site = eventful().await;
    let vm1 = machine("vm1");
    for (filter, expected) in [
        ("", [&REFUSED[..], &OPEN, &WRITE].concat()),
        ("eventTimestamp ge '2026-11-22T12:00:30Z'", [&REFUSED[..], &OPEN].concat()),
        (
            "eventTimestamp le '2026-11-22T12:01:00Z' and caller eq 'ANN@contoso.com'",
            [&OPEN[..], &WRITE].concat(),
        ),
        (
            "contains(caller, 'N@CONTOSO') and eventTimestamp le '2026-11-22T12:01:00Z'",
            [&OPEN[..], &WRITE].concat(),
        ),
        ("contains(caller,'%')", vec![]),
        ("resourceGroupName eq 'G1' and status eq 'Failed'", vec![REFUSED[0]]),
        ("resourceGroupName eq 'g'", vec![]),
        (&format!("resourceUri eq '{vm1}'"), [&OPEN[..], &WRITE].concat()),
        (
            &format!("resourceUri eq '{}'", at("").split('?').next().unwrap()),
            [&REFUSED[..], &OPEN[1..], &WRITE].concat(),
        ),
        ("operations eq 'Microsoft.Security/locations/jitNetworkAccessPolicies/write'", WRITE.to_vec()),
        ("eventTimestamp ge '2026-11-22T12:00:30.694871'", [&REFUSED[..], &OPEN].concat()),
        ("eventTimestamp ge 1960-01-01 and eventTimestamp le 2026-11-22", vec![]),
        ("eventTimestamp ge 2026-11-22 and status eq 'Accepted'", vec![OPEN[1]]),
        ("resourceProvider eq 'microsoft.network'", vec![RULE]),
        ("resourceProvider eq 'Microsoft.Compute'", vec![]),
        ("category eq 'administrative' and status eq 'Accepted'", vec![OPEN[1]]),
        ("category eq 'Policy'", vec![]),
        // As `az monitor activity-log list` and the portal ask.
        (
            "eventTimestamp ge 2026-11-22 and eventChannels eq 'Admin, Operation'",
            [&REFUSED[..], &OPEN, &WRITE].concat(),
        ),
        ("channels eq 'operation' and status eq 'Accepted'", vec![OPEN[1]]),
        ("eventChannels eq 'Admin'", vec![]),
        ("eventChannels eq 'Admin, Debug'", vec![]),
    ] {
        assert_eq!(events(&site, "ann", filter).await, expected, "{filter}");
    }
    assert_eq!(site.get("nobody", LOG).await.code(), "AuthorizationFailed");
    for filter in [
        "color%20eq%20'red'",
        "eventChannels%20ge%20'Admin'",
        "resourceUri%20eq%20'/'",
        "contains(status,'x')",
        "contains(caller,'a')%20and%20contains(caller,'b')",
    ] {
        let answer = site.get("ann", &format!("{LOG}&$filter={filter}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "BadRequest"), "{filter}");
    }
}

/// As `az monitor activity-log list --select` asks.
#[tokio::test]
async fn as_much_is_shown_as_is_asked_for() {
    let site = eventful().await;
    let all = site.get("ann", LOG).await.json();
    let whole = all["value"][0].as_object().unwrap();
    for (select, expected) in [
        ("caller", vec!["caller"]),
        ("EVENTNAME,%20caller,id,httpRequest", vec!["caller", "eventName", "httpRequest", "id"]),
        ("", whole.keys().map(String::as_str).collect()),
        // Each of them can be asked for.
        (
            &whole.keys().map(String::as_str).collect::<Vec<_>>().join(","),
            whole.keys().map(String::as_str).collect(),
        ),
    ] {
        let list = site.get("ann", &format!("{LOG}&$select={select}")).await;
        assert_eq!(list.status, 200, "{list:?}");
        let list = list.json();
        let mut found: Vec<&str> = list["value"][0].as_object().unwrap().keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{select}");
        assert_eq!(list.get("nextLink").is_some(), all.get("nextLink").is_some());
    }
    for select in ["colour", "caller,,id", "caller,properties.User"] {
        let wrong = site.get("ann", &format!("{LOG}&$select={select}")).await;
        assert_eq!((wrong.status, wrong.code().as_str()), (400, "BadRequest"), "{select}");
        assert_eq!(wrong.json()["error"]["target"], "$select");
    }
}

#[tokio::test]
async fn a_page_begins_behind_a_record() {
    let site = eventful().await;
    for (key, status) in [
        ("9223372036854775807 x", 200),
        ("9223372036854775808 x", 400),
        ("18446744073709551616 x", 400),
        ("-1 x", 400),
        ("x", 400),
        ("3+1 x", 200),
        ("3+x x", 400),
        ("+1 x", 400),
    ] {
        let token = URL_SAFE_NO_PAD.encode(key);
        let page = site.get("ann", &format!("{LOG}&$skiptoken={token}")).await;
        assert_eq!(page.status, status, "{key}: {page:?}");
    }
}

#[tokio::test]
async fn a_page_of_events_is_as_long_as_the_client_says() {
    let site = eventful().await;
    // Two, three and two events of a record each.
    let all = site.get("ann", &format!("{LOG}&$top=1000")).await.json()["value"].clone();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), 7);
    for top in 1..=8 {
        let pages = site.pages("ann", &format!("{LOG}&$top={top}")).await;
        let lengths: Vec<usize> = pages.iter().map(|page| page["value"].as_array().unwrap().len()).collect();
        let (last, whole) = lengths.split_last().unwrap();
        assert!(whole.iter().all(|length| *length == top) && *last <= top, "{top}: {lengths:?}");
        let paged: Vec<&Value> = pages.iter().flat_map(|page| page["value"].as_array().unwrap()).collect();
        assert_eq!(paged, all.iter().collect::<Vec<_>>(), "{top}");
        for page in pages.iter().take(whole.len()) {
            assert!(page["nextLink"].as_str().unwrap().contains(&format!("%24top={top}")), "{page}");
        }
    }
    let wrong = site.get("ann", &format!("{LOG}&$top=some")).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "InvalidQueryParameter"));
}

#[tokio::test]
async fn an_event_has_azures_members() {
    let site = eventful().await;
    let log = site.get("ann", &format!("{LOG}&$filter=status%20eq%20'Accepted'")).await.json();
    let event = &log["value"][0];
    for (pointer, expected) in [
        ("/operationName/localizedValue", "Initiate JIT Network Access Policy"),
        ("/eventName/value", "EndRequest"),
        ("/category/value", "Administrative"),
        ("/caller", "ann@contoso.com"),
        ("/httpRequest/clientIpAddress", "203.0.113.7"),
        ("/properties/User", "ann@contoso.com"),
        ("/properties/Justification", "=cmd|' /C calc'!A0"),
        ("/subStatus/localizedValue", "Accepted (HTTP Status Code: 202)"),
        ("/resourceType/value", "Microsoft.Security/locations/jitNetworkAccessPolicies"),
        ("/resourceGroupName", "g1"),
        ("/eventTimestamp", "2026-11-22T12:01:00.0000000Z"),
    ] {
        assert_eq!(event.pointer(pointer), Some(&json!(expected)), "{pointer} of {event}");
    }
}

#[tokio::test]
async fn the_file_for_spreadsheets_has_a_line_for_each_port_and_no_formula() {
    let site = eventful().await;
    let answer = site.get("ann", &format!("{LOG}&$format=csv")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = answer.text.lines().collect();
    assert_eq!(lines.len(), 8, "{answer:?}");
    let opened = lines.iter().find(|line| line.contains(",Accepted,")).unwrap();
    let end =
        "vm1,22,*,203.0.113.7,2026-11-22T12:01:00.0000000Z,2026-11-22T13:01:00.0000000Z,'=cmd|' /C calc'!A0";
    assert!(opened.ends_with(end), "{opened}");
}

#[tokio::test]
async fn what_ended_by_itself_is_in_the_log_of_each_machine() {
    let site = eventful().await;
    site.pass(2 * 3600);
    let context = Context {
        now: (site.app.clock)(),
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: "c".to_owned(),
        client_request_id: None,
    };
    site.app.writer.send(Ask::new(Command::Expire, context)).await.unwrap().0.unwrap();
    let closed = "Microsoft.Network/networkSecurityGroups/securityRules/delete Succeeded";
    let recent = "eventTimestamp ge '2026-11-22T13:00:00Z'";
    assert_eq!(events(&site, "ann", recent).await, [closed]);
    assert_eq!(
        events(&site, "ann", &format!("{recent} and resourceUri eq '{}'", machine("vm1"))).await,
        [closed]
    );
    assert!(
        events(&site, "ann", &format!("{recent} and resourceUri eq '{}'", machine("vm2"))).await.is_empty()
    );
}

/// Downloads that nobody reads keep no thread from the others.
#[test]
fn a_download_that_nobody_reads_holds_nobody_up() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let site = Site::new();
        // More than is read ahead of a client.
        for number in 0..700 {
            let name = format!("vm{}", number % 2);
            assert_eq!(site.call("owner", "PUT", &at(""), &policy(&[&name])).await.status, 200);
        }
        let mut unread = Vec::new();
        for _ in 0..3 {
            let call = request("ann", "GET", &format!("{LOG}&$format=csv")).body(Body::empty()).unwrap();
            unread.push(site.respond("203.0.113.7", call).await);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let health = tokio::time::timeout(std::time::Duration::from_secs(20), site.get("", "/healthz")).await;
        assert_eq!(health.unwrap().status, 200);
        // And the whole of it is there for who reads on.
        let body = axum::body::to_bytes(unread.remove(0).into_body(), usize::MAX).await.unwrap();
        assert_eq!(body.split(|byte| *byte == b'\n').count(), 1402, "a header, two lines each, and the end");
    });
}

/// Who has a role in one group alone.
#[tokio::test]
async fn events_are_shown_where_the_caller_may_read_them() {
    let site = eventful().await;
    let other = at("").replace("/g1/", "/g2/");
    assert_eq!(site.call("owner", "PUT", &other, &policy(&["vm1"])).await.status, 200);
    for (caller, sees) in [("owner", true), ("reader", false)] {
        for (form, own, others) in [
            ("$top=1000", "/resourceGroups/g1/", "/resourceGroups/g2/"),
            ("$format=csv", ",g1,default,", ",g2,default,"),
        ] {
            let text = site.get(caller, &format!("{LOG}&{form}")).await.text;
            assert!(text.contains(own), "{caller}: {text}");
            assert_eq!(text.contains(others), sees, "{caller}: {text}");
        }
    }
}
