//! Clients that are slow, loud or odd, on the wire.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use jitgate_tests::until;

use crate::client::{Client, access, path, policy};
use crate::process::Server;

fn connect(server: &Server) -> TcpStream {
    let address = server.url.strip_prefix("http://").expect("an address");
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
    stream
}

fn head(server: &Server, method: &str, path: &str, more: &str) -> String {
    format!(
        "{method} {path}?api-version=2020-01-01 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{more}\r\n",
        server.token
    )
}

/// Reads one answer: its head, and a body of the length that it tells.
fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") {
        assert_eq!(
            stream.read(&mut byte).expect("an answer"),
            1,
            "the connection ends: {}",
            String::from_utf8_lossy(&text)
        );
        text.push(byte[0]);
    }
    let head = String::from_utf8(text).expect("UTF-8");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a number"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a body");
    head + &String::from_utf8(body).expect("UTF-8")
}

#[test]
fn odd_clients_get_their_answers_and_harm_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&folder.path().join("data"));
    // These say half of what they want, and stay.
    let _slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = connect(&server);
            stream.write_all(b"GET /healthz HT").expect("the server reads");
            stream
        })
        .collect();

    let client = Client::new(&server);
    assert_eq!(client.put("default", &policy(["web1", "web2"], "mark")).map(|(status, _)| status), Some(200));
    let initiate = format!("{}/initiate", path("default"));

    // One connection for all, so that an answer that leaves something unread would spoil the next.
    let mut stream = connect(&server);
    let mut send = |text: &str| {
        stream.write_all(text.as_bytes()).expect("the server reads");
        answer(&mut stream)
    };
    let empty = send(&(head(&server, "POST", &initiate, "transfer-encoding: chunked\r\n") + "0\r\n\r\n"));
    assert!(empty.starts_with("HTTP/1.1 400 ") && empty.contains("\"error\""), "{empty}");
    let unknown = send(&(head(&server, "POST", "/nothing", "content-length: 3\r\n") + "abc"));
    assert!(unknown.starts_with("HTTP/1.1 404 "), "{unknown}");
    let patch = send(
        &(head(&server, "PATCH", &path("default"), "transfer-encoding: chunked\r\n")
            + "3\r\nabc\r\n0\r\n\r\n"),
    );
    assert!(patch.starts_with("HTTP/1.1 405 ") && patch.contains("allow: GET, PUT, DELETE"), "{patch}");
    let accept =
        send(&head(&server, "GET", &path("default"), "accept: image/png\r\naccept-encoding: gzip, br\r\n"));
    assert!(accept.starts_with("HTTP/1.1 200 ") && !accept.contains("content-encoding"), "{accept}");

    let body = access(["web1", "web2"], "x").to_string();
    let expect = format!("expect: 100-continue\r\ncontent-length: {}\r\n", body.len());
    let go = send(&head(&server, "POST", &initiate, &expect));
    assert!(go.starts_with("HTTP/1.1 100 "), "{go}");
    let granted = send(&body);
    assert!(granted.starts_with("HTTP/1.1 202 "), "{granted}");
    let large =
        send(&head(&server, "POST", &initiate, "expect: 100-continue\r\ncontent-length: 99999999\r\n"));
    assert!(large.starts_with("HTTP/1.1 413 ") && large.contains("connection: close"), "{large}");
}

/// What is no request at all is refused before any of the server's own code sees it, and yet in the same form.
#[test]
fn every_refusal_has_a_body() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&folder.path().join("data"));
    let many = "x-many: 1\r\n".repeat(600);
    let get = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n{more}\r\n");
    for (what, request, status, code) in [
        ("garbage", "what is this?\r\n\r\n".to_owned(), 400, "BadRequest"),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n".to_owned(), 400, "BadRequest"),
        ("a header", get("/healthz", "no colon here\r\n"), 400, "BadRequest"),
        ("the version", "GET /healthz HTTP/3.7\r\n\r\n".to_owned(), 400, "BadRequest"),
        ("no host", "GET /healthz HTTP/1.1\r\n\r\n".to_owned(), 400, "InvalidRequestHeader"),
        ("two hosts", get("/healthz", "host: y\r\n"), 400, "InvalidRequestHeader"),
        ("many headers", get("/healthz", &many), 431, "RequestHeaderFieldsTooLarge"),
        (
            "large headers",
            get("/healthz", &format!("x: {}\r\n", "a".repeat(70_000))),
            431,
            "RequestHeaderFieldsTooLarge",
        ),
        (
            "a huge head",
            get("/healthz", &format!("x: {}\r\n", "a".repeat(400_000))),
            431,
            "RequestHeaderFieldsTooLarge",
        ),
        ("a long path", get(&format!("/{}", "a".repeat(5_000)), ""), 414, "RequestUriTooLong"),
        ("a long query", get(&format!("/healthz?{}", "a".repeat(70_000)), ""), 414, "RequestUriTooLong"),
    ] {
        let mut stream = connect(&server);
        // It may be refused before all is sent.
        drop(stream.write_all(request.as_bytes()));
        let answer = answer(&mut stream);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {answer}");
        for header in
            ["content-type: application/json; charset=utf-8", "x-ms-request-id: ", "cache-control: no-cache"]
        {
            assert!(head.contains(header), "{what}: {answer}");
        }
        let error: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(error["error"]["code"], code, "{what}: {answer}");
    }
    // What came before on the same connection is answered as ever.
    let mut stream = connect(&server);
    let both = get("/healthz", "") + "nonsense\r\n\r\n";
    stream.write_all(both.as_bytes()).expect("the server reads");
    assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
    let second = answer(&mut stream);
    assert!(second.starts_with("HTTP/1.1 400 ") && second.contains("connection: close"), "{second}");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("an orderly end");
    assert!(rest.is_empty());
}

#[test]
fn one_address_cannot_take_all_connections() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&folder.path().join("data"));
    let mut open: Vec<TcpStream> = (0..1100).map(|_| connect(&server)).collect();
    let mut last = open.pop().expect("a connection");
    drop(last.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"));
    // It ends: neither is it answered, nor is it left to wait.
    let mut begin = [0; 12];
    match last.read(&mut begin) {
        Ok(count) => assert_eq!(count, 0, "the last one is answered"),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    let mut first = open.remove(0);
    first.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").expect("the server reads");
    assert!(answer(&mut first).starts_with("HTTP/1.1 200 "));
    drop(open);
    until("there is room again", || {
        let mut again = connect(&server);
        // Where there is none, the connection ends.
        drop(again.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"));
        again.read_exact(&mut begin).is_ok() && {
            assert_eq!(&begin, b"HTTP/1.1 200", "{}", String::from_utf8_lossy(&begin));
            true
        }
    });
}

#[test]
fn an_order_to_end_finishes_what_is_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = Server::start(&data);
    Client::new(&server).put("default", &policy(["web1", "web2"], "mark"));
    let mut listener = connect(&server);
    let stream = head(&server, "GET", "/events", "");
    listener.write_all(stream.as_bytes()).expect("the server reads");
    let mut begin = [0; 12];
    listener.read_exact(&mut begin).expect("an answer");
    assert_eq!(&begin, b"HTTP/1.1 200");
    assert!(server.end().success(), "a stream that never ends does not hold it up");
    let mut rest = Vec::new();
    assert!(listener.read_to_end(&mut rest).is_ok(), "the connection ends in order");
    // The last chunk: the stream was ended, and not cut off.
    assert!(rest.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&rest));
    drop(Server::start(&data));
}
