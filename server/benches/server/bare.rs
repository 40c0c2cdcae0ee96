//! A server that does nothing but read a call, commit a record and answer: what no server is quicker than with one
//! client, on the same machine in the same run.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::load::Call;
use crate::raw::Raw;

/// As long as the server's own answer to an `initiate`, more or less.
const BODY: &[u8] = &[b' '; 1000];

/// The one client of a server of this kind.
pub struct Bare(Client);

impl Bare {
    /// Serves this client on a thread of its own.
    pub fn start(raw: Raw) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address").to_string();
        thread::spawn(move || serve(listener.accept().expect("a client").0, &raw));
        Self(Client::at(&address, "bench"))
    }

    /// Calls answered in a second.
    pub fn per_second(&mut self, time: Duration, Call { method, path, body, status }: &Call) -> f64 {
        let call = self.0.write(method, path, body);
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < time {
            assert_eq!(self.0.send(&call), *status);
            count += 1;
        }
        f64::from(count) / start.elapsed().as_secs_f64()
    }
}

fn serve(mut stream: TcpStream, raw: &Raw) {
    stream.set_nodelay(true).expect("a connection can be told not to wait");
    let head = format!("HTTP/1.1 202 Accepted\r\ncontent-length: {}\r\n\r\n", BODY.len());
    let answer = [head.as_bytes(), BODY].concat();
    let mut call = [0; 8192];
    // The client sends a call as one piece, and none before it has the answer to the last.
    while stream.read(&mut call).is_ok_and(|read| read > 0) {
        raw.commit();
        stream.write_all(&answer).expect("the client is there");
    }
}
