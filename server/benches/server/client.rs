//! A client that costs next to nothing: one connection, one call at a time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::process::Server;

pub struct Client {
    stream: BufReader<TcpStream>,
    token: String,
    body: Vec<u8>,
    /// The encodings that it takes, if any.
    pub accept: &'static str,
}

impl Client {
    pub fn connect(server: &Server) -> Self {
        let stream = TcpStream::connect(&server.address).expect("the server is there");
        stream.set_nodelay(true).expect("a connection can be told not to wait");
        Self {
            stream: BufReader::new(stream),
            token: server.token.clone(),
            body: Vec::new(),
            accept: "identity",
        }
    }

    /// Makes a call and reads all of the answer; tells the status.
    pub fn call(&mut self, method: &str, path: &str, body: &str) -> u16 {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
             accept-encoding: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            self.accept,
            body.len(),
        );
        self.stream.get_mut().write_all(head.as_bytes()).expect("the call is sent");
        let mut line = String::new();
        let mut next = |line: &mut String| {
            line.clear();
            self.stream.read_line(line).expect("the answer is read");
        };
        next(&mut line);
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut length = 0;
        loop {
            next(&mut line);
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).expect("the whole answer");
        status
    }
    /// The body of the last answer, as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}
