//! Where a call comes from, and what the client calls this server: told by the connection, or by a proxy that is
//! trusted to tell it.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

/// The networks whose word on the caller's address counts.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<IpNet>);

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl TrustedProxies {
    /// True for an address in one of the networks, also as IPv4 in IPv6 clothes.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }

    /// The caller's address: the connection's, unless a trusted proxy is at its other end. Then the last hop that is
    /// not trusted either; whatever stands before it, the caller may have made up.
    ///
    /// None where that hop cannot be read (`unknown`, an obfuscated name), or where `X-Forwarded-For` and `Forwarded`
    /// tell of different callers: a proxy writes one of them, and the other is then the caller's own.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let (plain, standard) = (plain(headers), standard(headers));
        match (plain.is_empty(), standard.is_empty()) {
            (_, true) => self.last(peer, &plain),
            (true, false) => self.last(peer, &standard),
            (false, false) => {
                let caller = self.last(peer, &plain);
                caller.filter(|_| caller == self.last(peer, &standard))
            }
        }
    }

    /// The last hop that is not trusted, or else the first; none where it cannot be read.
    fn last(&self, peer: IpAddr, hops: &[&str]) -> Option<IpAddr> {
        let mut caller = peer;
        for hop in hops.iter().rev() {
            if !self.trusts(caller) {
                break;
            }
            caller = address(hop)?;
        }
        Some(caller)
    }

    /// `https://host:port`, as the client wrote it: what absolute links begin with.
    pub fn origin(&self, peer: IpAddr, headers: &HeaderMap, tls: bool, own: SocketAddr) -> String {
        let trusted = self.trusts(peer);
        let told = |name: &HeaderName| {
            let value = headers.get(name).filter(|_| trusted)?.to_str().ok()?;
            // Of several proxies, the first one was told by the client.
            value.split(',').next().map(str::trim).filter(|value| !value.is_empty())
        };
        let scheme = match told(&FORWARDED_PROTO) {
            Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => "http",
            _ if tls => "https",
            _ => "http",
        };
        let host = told(&FORWARDED_HOST).or_else(|| headers.get(header::HOST)?.to_str().ok());
        match host.filter(|host| is_host(host)) {
            Some(host) => format!("{scheme}://{host}"),
            None => format!("{scheme}://{own}"),
        }
    }
}

/// The parts between commas of all headers of that name, in order. What is no text is an empty part, which is no address.
fn parts(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    let parts = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    parts.map(|part| str::from_utf8(part).unwrap_or_default())
}

/// The hops of `X-Forwarded-For`, in order.
fn plain(headers: &HeaderMap) -> Vec<&str> {
    parts(headers, FORWARDED_FOR).map(str::trim).collect()
}

/// The hops of `Forwarded` (RFC 7239), in order.
fn standard(headers: &HeaderMap) -> Vec<&str> {
    let hops = parts(headers, header::FORWARDED);
    hops.map(|element| element.split(';').find_map(hop).unwrap_or_default()).collect()
}

/// The value of `for=` in a pair of `Forwarded`.
fn hop(pair: &str) -> Option<&str> {
    let (name, value) = pair.split_once('=')?;
    name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
}

/// An address with or without a port: `203.0.113.4`, `203.0.113.4:9`, `2001:db8::1`, `[2001:db8::1]:9`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

/// A host as in a URL, perhaps with a port: nothing in it may end it or begin something else.
fn is_host(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let header = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        pairs.iter().map(header).collect()
    }

    #[test]
    fn callers() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        for (peer, name, value, expected) in [
            ("203.0.113.1", "x-forwarded-for", "198.51.100.1", "203.0.113.1"),
            ("10.0.0.1", "x-other", "", "10.0.0.1"),
            ("10.0.0.1", "x-forwarded-for", "198.51.100.1", "198.51.100.1"),
            ("::ffff:10.0.0.1", "x-forwarded-for", "198.51.100.1", "198.51.100.1"),
            ("fd00::1", "x-forwarded-for", "::ffff:198.51.100.1", "198.51.100.1"),
            // The caller may write what it likes; the proxy adds what it sees.
            ("10.0.0.1", "x-forwarded-for", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "x-forwarded-for", "192.0.2.66, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
            ("10.0.0.1", "x-forwarded-for", "10.9.9.9, 10.2.3.4", "10.9.9.9"),
            ("10.0.0.1", "x-forwarded-for", "192.0.2.66, unknown, 10.2.3.4", ""),
            ("10.0.0.1", "x-forwarded-for", "192.0.2.66, _hidden", ""),
            ("10.0.0.1", "x-forwarded-for", "192.0.2.66,", ""),
            ("10.0.0.1", "x-forwarded-for", "unknown, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "x-forwarded-for", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1", "x-forwarded-for", "[2001:db8::1]:4711", "2001:db8::1"),
            ("10.0.0.1", "x-forwarded-for", "2001:db8::1", "2001:db8::1"),
            ("10.0.0.1", "forwarded", "for=192.0.2.66, For=\"[2001:db8::1]:9\";proto=https", "2001:db8::1"),
            ("10.0.0.1", "forwarded", "proto=https;for=198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "forwarded", "for=192.0.2.66, proto=http", ""),
        ] {
            let caller = proxies.caller(peer.parse().unwrap(), &headers(&[(name, value)]));
            assert_eq!(caller, expected.parse().ok(), "{peer} {name}: {value}");
        }
    }

    /// What a caller made up does not hide what the proxy added.
    #[test]
    fn parts_that_are_no_text() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        for (name, value, expected) in [
            ("x-forwarded-for", &b"\xff, 198.51.100.1"[..], "198.51.100.1"),
            ("x-forwarded-for", b"198.51.100.1, \xff", ""),
            ("forwarded", b"for=\xff, for=198.51.100.1", "198.51.100.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_bytes(value).unwrap());
            let caller = proxies.caller("10.0.0.1".parse().unwrap(), &headers);
            assert_eq!(caller, expected.parse().ok(), "{name}: {value:?}");
        }
    }

    #[test]
    fn two_headers_must_tell_of_one_caller() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        for (peer, plain, standard, expected) in [
            ("10.0.0.1", "198.51.100.1", "for=198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "192.0.2.9, 198.51.100.1", "for=\"198.51.100.1:80\"", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1", "for=198.51.100.2", ""),
            ("10.0.0.1", "198.51.100.1", "for=unknown", ""),
            ("10.0.0.1", "unknown", "for=198.51.100.1", ""),
            ("203.0.113.1", "198.51.100.1", "for=198.51.100.2", "203.0.113.1"),
        ] {
            let headers = headers(&[("x-forwarded-for", plain), ("forwarded", standard)]);
            let caller = proxies.caller(peer.parse().unwrap(), &headers);
            assert_eq!(caller, expected.parse().ok(), "{peer}: {plain}; {standard}");
        }
    }

    #[test]
    fn origins() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        let own = "127.0.0.1:7080".parse().unwrap();
        let origin =
            |peer: &str, tls, pairs: &[_]| proxies.origin(peer.parse().unwrap(), &headers(pairs), tls, own);
        let host = ("host", "jit.example:8443");
        assert_eq!(origin("192.0.2.1", true, &[host]), "https://jit.example:8443");
        assert_eq!(origin("192.0.2.1", false, &[]), "http://127.0.0.1:7080");
        assert_eq!(origin("192.0.2.1", false, &[("host", "x/../y?")]), "http://127.0.0.1:7080");
        let told = [host, ("x-forwarded-proto", "https"), ("x-forwarded-host", "front.example")];
        assert_eq!(origin("10.0.0.1", false, &told), "https://front.example");
        assert_eq!(origin("192.0.2.1", false, &told), "http://jit.example:8443", "not trusted");
        assert_eq!(
            origin("10.0.0.1", false, &[host, ("x-forwarded-proto", "https,http")]),
            "https://jit.example:8443"
        );
    }
}
