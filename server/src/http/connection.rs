//! A connection's bounds: how many there may be, and how long a client may leave an answer unread.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io::{self, ErrorKind, IoSlice};
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::peer::TrustedProxies;

/// Lets connections in, up to so many in all and from one address.
#[derive(Clone, Debug)]
pub struct Gate {
    open: Arc<Mutex<Open>>,
    most: usize,
    most_of_one: usize,
    most_of_proxy: usize,
    /// They bring the connections of many clients.
    proxies: TrustedProxies,
    /// How long nothing may be taken of an answer.
    stall: Duration,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

impl Gate {
    /// So many at once; a quarter of them from one client, or nearly all where it is one of these proxies: whoever
    /// looks after the server always gets in beside it.
    pub fn new(most: usize, stall: Duration, proxies: TrustedProxies) -> Self {
        let (most_of_one, most_of_proxy) = (most.div_ceil(4), most.saturating_sub(most.div_euclid(16)));
        Self { open: Arc::default(), most, most_of_one, most_of_proxy, proxies, stall }
    }

    fn enter(&self, peer: IpAddr) -> io::Result<Place> {
        let most_of_one = if self.proxies.trusts(peer) { self.most_of_proxy } else { self.most_of_one };
        let peer = one_client(peer);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = open.by_peer.get(&peer).copied().unwrap_or_default();
        if open.all >= self.most || of_one >= most_of_one {
            return Err(io::Error::new(ErrorKind::ConnectionRefused, "too many connections"));
        }
        open.all = open.all.saturating_add(1);
        open.by_peer.insert(peer, of_one.saturating_add(1));
        Ok(Place { open: self.open.clone(), peer })
    }
}

/// Who has an IPv6 address has a network of them: all addresses of one, 64 bits long, count as one client's.
pub(super) fn one_client(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        address @ IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

impl<S> Accept<TcpStream, S> for Gate {
    type Stream = Connection;
    type Service = S;
    type Future = Ready<io::Result<(Connection, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let connection = || {
            stream.set_nodelay(true)?;
            let place = self.enter(stream.peer_addr()?.ip())?;
            Ok((Connection { stream, stalled: None, stall: self.stall, _place: place }, service))
        };
        ready(connection())
    }
}

/// A place among the connections, until it is dropped.
#[derive(Debug)]
struct Place {
    open: Arc<Mutex<Open>>,
    peer: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        let left = open.by_peer.get(&self.peer).map(|count| count.saturating_sub(1));
        match left {
            Some(0) | None => drop(open.by_peer.remove(&self.peer)),
            Some(left) => drop(open.by_peer.insert(self.peer, left)),
        }
    }
}

/// A connection with a place. It fails when the client takes nothing of what is written for too long.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    stall: Duration,
    _place: Place,
}

impl Connection {
    /// The first byte that the client sends, which stays to be read; none where it sends nothing and goes.
    pub async fn first(&self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        let count = self.stream.peek(&mut byte).await?;
        Ok(byte.first().copied().filter(|_| count > 0))
    }

    /// What a write came to; while it waits, the clock runs.
    fn written<T>(&mut self, cx: &mut Context, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.stalled = None;
            return poll;
        }
        let stall = self.stall;
        let clock = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
        clock.as_mut().poll(cx).map(|()| Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context, buf: &mut ReadBuf) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context,
        bufs: &[IoSlice],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(proxies: &str, most: usize) -> Gate {
        Gate::new(most, Duration::from_secs(1), TrustedProxies(vec![proxies.parse().unwrap()]))
    }

    #[test]
    fn a_trusted_proxy_brings_nearly_as_many_as_there_may_be() {
        for (proxies, peer) in [
            ("192.0.2.7/32", "192.0.2.7"),
            ("192.0.2.0/24", "::ffff:192.0.2.7"),
            ("2001:db8::/64", "2001:db8::7"),
        ] {
            let gate = gate(proxies, 32);
            let peer: IpAddr = peer.parse().unwrap();
            let places: Vec<Place> = (0..30).map(|_| gate.enter(peer).unwrap()).collect();
            gate.enter(peer).unwrap_err();
            drop((gate.enter("198.51.100.1".parse().unwrap()).unwrap(), places));
            let open = gate.open.lock().unwrap();
            assert_eq!((open.all, open.by_peer.len()), (0, 0));
        }
    }

    #[test]
    fn addresses_of_one_network_count_as_one_client() {
        let gate = gate("192.0.2.128/25", 8);
        let enter = |address: &str| gate.enter(address.parse().unwrap());
        let places = [enter("2001:db8:0:1::1").unwrap(), enter("2001:db8:0:1:ffff::2").unwrap()];
        enter("2001:db8:0:1::3").unwrap_err();
        // IPv4 in IPv6 clothes is not all one network.
        drop((
            enter("::ffff:192.0.2.1").unwrap(),
            enter("::ffff:192.0.2.2").unwrap(),
            enter("::ffff:192.0.2.3").unwrap(),
        ));
        let ipv4 = [enter("::ffff:192.0.2.1").unwrap(), enter("192.0.2.1").unwrap()];
        enter("::ffff:192.0.2.1").unwrap_err();
        drop(ipv4);
        drop((enter("2001:db8:0:2::1").unwrap(), enter("::1").unwrap(), places));
        let open = gate.open.lock().unwrap();
        assert_eq!((open.all, open.by_peer.len()), (0, 0));
    }

    #[test]
    fn places_are_counted_and_given_back() {
        let gate = gate("192.0.2.128/25", 8);
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        let first = gate.enter(one).unwrap();
        let second = gate.enter(one).unwrap();
        gate.enter(one).unwrap_err();
        drop(first);
        let third = gate.enter(one).unwrap();
        let others: Vec<Place> =
            (2..8).map(|last| gate.enter(IpAddr::from([192, 0, 2, last])).unwrap()).collect();
        gate.enter("198.51.100.1".parse().unwrap()).unwrap_err();
        drop((second, third, others));
        let open = gate.open.lock().unwrap();
        assert_eq!((open.all, open.by_peer.len()), (0, 0));
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_ends_the_connection() {
        use tokio::io::AsyncWriteExt;

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let gate = Gate::new(8, Duration::from_millis(50), TrustedProxies::default());
        let (mut connection, ()) = gate.accept(stream, ()).await.unwrap();
        // More than is kept on the way.
        let error = connection.write_all(&vec![0; 64 * 1024 * 1024]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        drop(client);
    }
}
