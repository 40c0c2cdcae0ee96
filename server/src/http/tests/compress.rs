//! Answers that are encoded say the same as those that are not.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::{S, Site, access, at, policy, request};

/// The machines of a policy that is not small.
fn many() -> Value {
    let names: Vec<String> = (0..100).map(|number| format!("vm{number}")).collect();
    policy(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

async fn send(site: &Site, method: &str, path: &str, accept: &str) -> (u16, HeaderMap, Bytes) {
    let request = request("ann", method, path).header("accept-encoding", accept);
    site.raw("203.0.113.7", request.body(Body::empty()).unwrap()).await
}

/// The body without its encoding.
fn decoded(headers: &HeaderMap, body: &Bytes) -> String {
    let mut text = String::new();
    match headers.get(header::CONTENT_ENCODING).map(|coding| coding.to_str().unwrap()) {
        None => text.push_str(std::str::from_utf8(body).unwrap()),
        Some("gzip") => drop(flate2::read::GzDecoder::new(&**body).read_to_string(&mut text).unwrap()),
        Some("br") => drop(brotli::Decompressor::new(&**body, 4096).read_to_string(&mut text).unwrap()),
        Some(other) => panic!("{other}"),
    }
    text
}

#[tokio::test]
async fn large_answers_are_encoded_as_the_client_takes_them() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &many()).await;
    site.call("ann", "POST", &at("/initiate"), &access("vm1")).await;
    let log = format!("/subscriptions/{S}/providers/Microsoft.Insights/eventtypes/management/values");
    let log = format!("{log}?api-version=2015-04-01&$filter=eventTimestamp%20ge%20'2026-11-20T00:00:00Z'");
    let list =
        "/subscriptions/{s}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01";
    let csv = format!("{log}&$format=csv");
    for path in [&at(""), list, &csv] {
        let (status, plain_headers, plain) = send(&site, "GET", path, "identity").await;
        assert_eq!((status, plain_headers.contains_key("content-encoding")), (200, false), "{path}");
        for (accept, coding) in [("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0.1, gzip", "gzip")] {
            let (status, headers, body) = send(&site, "GET", path, accept).await;
            assert_eq!((status, &headers["content-encoding"]), (200, &coding.parse().unwrap()), "{path}");
            assert_eq!(decoded(&headers, &body), plain, "{path}");
            assert_eq!(headers["vary"], "accept-encoding");
            assert_eq!(headers["content-type"], plain_headers["content-type"]);
            if path != csv {
                assert!(body.len() * 4 < plain.len(), "{path}: {} of {}", body.len(), plain.len());
            }
            let (status, head, nothing) = send(&site, "HEAD", path, accept).await;
            assert!(nothing.is_empty());
            if status == 204 {
                // That there is such a resource is all that it says.
                continue;
            }
            for name in ["content-encoding", "vary", "etag", "content-type"] {
                assert_eq!(head.get(name), headers.get(name), "{path}: {name}");
            }
            let length = (path != csv).then(|| body.len().to_string());
            assert_eq!(head.get("content-length").map(|length| length.to_str().unwrap()), length.as_deref());
        }
        assert_eq!(plain_headers["vary"], "accept-encoding", "it might have been another one");
    }
}

#[tokio::test]
async fn what_is_small_or_a_stream_is_left_as_it_is() {
    let site = Site::new();
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let (status, headers, body) = send(&site, "GET", &at(""), "gzip, br").await;
    assert_eq!((status, headers.contains_key("content-encoding")), (200, false));
    serde_json::from_slice::<Value>(&body).unwrap();
    let (status, headers, body) = send(&site, "DELETE", &at(""), "gzip, br").await;
    assert_eq!((status, headers.contains_key("content-encoding"), body.len()), (200, false, 0));
    let stream = request("ann", "GET", "/events").header("accept-encoding", "gzip, br");
    let headers = site.head(stream.body(Body::empty()).unwrap()).await;
    assert_eq!(headers["content-type"], "text/event-stream");
    assert!(!headers.contains_key("content-encoding") && !headers.contains_key("vary"), "{headers:?}");
}

#[tokio::test]
async fn an_error_that_is_long_is_encoded_as_well() {
    let site = Site::new();
    let mut wrong = many();
    for machine in wrong["properties"]["virtualMachines"].as_array_mut().unwrap() {
        machine["ports"][0]["number"] = json!(70_000);
    }
    let put = || request("ann", "PUT", &at("")).header("accept-encoding", "gzip");
    let body = || Body::from(wrong.to_string());
    let (status, headers, encoded) = site.raw("203.0.113.7", put().body(body()).unwrap()).await;
    assert_eq!((status, &headers["content-encoding"]), (400, &"gzip".parse().unwrap()));
    let error: Value = serde_json::from_str(&decoded(&headers, &encoded)).unwrap();
    assert!(error["error"]["details"].as_array().unwrap().len() >= 100);
}

/// The tag of an encoded answer is another one, and means the same policy.
#[tokio::test]
async fn tags_of_encoded_answers() {
    let site = Site::new();
    let put = site.call("ann", "PUT", &at(""), &many()).await;
    let mut version = put.header("etag").to_owned();
    for coding in ["gzip", "br"] {
        let (_, headers, _) = send(&site, "GET", &at(""), coding).await;
        let tag = headers["etag"].to_str().unwrap();
        assert_eq!(tag, format!("{}-{coding}\"", version.trim_end_matches('"')));
        let put = async || {
            let put = request("ann", "PUT", &at("")).header("if-match", tag);
            site.send_from("203.0.113.7", put.body(Body::from(many().to_string())).unwrap()).await
        };
        let first = put().await;
        assert_eq!(first.status, 200, "{first:?}");
        assert_eq!(put().await.status, 412, "it is another version now");
        version = first.header("etag").to_owned();
    }
}
