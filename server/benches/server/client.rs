//! A client that costs next to nothing: one connection, one call at a time, no more read or made of either than it needs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Range;

use crate::process::Server;

pub struct Client {
    stream: TcpStream,
    token: String,
    /// The last answer, and where its body is.
    answer: Vec<u8>,
    body: Range<usize>,
    /// The encodings that it takes, if any.
    pub accept: &'static str,
}

impl Client {
    pub fn connect(server: &Server) -> Self {
        Self::at(&server.address, &server.token)
    }

    pub fn at(address: &str, token: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server is there");
        stream.set_nodelay(true).expect("a connection can be told not to wait");
        Self { stream, token: token.to_owned(), answer: vec![0; 8192], body: 0..0, accept: "identity" }
    }

    /// A call as it goes over the wire.
    pub fn write(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let Self { token, accept, .. } = self;
        let length = body.len();
        let call = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             accept-encoding: {accept}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        call.into_bytes()
    }

    /// Makes a call and reads all of the answer; tells the status.
    pub fn call(&mut self, method: &str, path: &str, body: &str) -> u16 {
        self.send(&self.write(method, path, body))
    }

    /// The same, of a call that is written already.
    pub fn send(&mut self, call: &[u8]) -> u16 {
        self.stream.write_all(call).expect("the call is sent");
        let mut filled = 0;
        let head = loop {
            filled += self.stream.read(&mut self.answer[filled..]).expect("the answer is read");
            let end = self.answer[..filled].windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
            assert!(filled > 0 && filled < self.answer.len(), "an answer has a head, and no long one");
        };
        let text = String::from_utf8_lossy(&self.answer[..head]);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        self.body = head..head + length.unwrap_or(0);
        self.answer.resize(self.body.end.max(8192), 0);
        if filled < self.body.end {
            self.stream.read_exact(&mut self.answer[filled..self.body.end]).expect("the whole answer");
        }
        status
    }

    /// The body of the last answer, as it came.
    pub fn body(&self) -> &[u8] {
        &self.answer[self.body.clone()]
    }
}
