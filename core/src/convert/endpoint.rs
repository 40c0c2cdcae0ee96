//! Where calls go: Azure's Resource Manager, or a server that speaks its API.

use core::fmt;

use crate::part::{self, AnyCase};

/// The public cloud's.
pub const AZURE: &str = "https://management.azure.com";

/// The origin of a server: `https://jit.example`, without a slash at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint<'o>(&'o str);

/// Why an address is no endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointError {
    /// It begins with neither `https://` nor `http://`.
    Scheme,
    /// `http://`, and not this machine: tokens would be read on the way.
    ClearText,
    /// No name or address of a host, or characters that none has.
    Host,
    /// A port that is none.
    Port,
    /// A user, a path, a query or a fragment.
    More,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Scheme => "it has to begin with `https://`",
            Self::ClearText => {
                "over `http://` others on the way read the token: use `https://`, or an address of this machine"
            }
            Self::Host => "it names no host",
            Self::Port => "its port is not one from 1 to 65535",
            Self::More => "it is a scheme, a host and a port, and nothing behind them",
        })
    }
}

impl core::error::Error for EndpointError {}

impl<'o> Endpoint<'o> {
    /// The endpoint of that address.
    ///
    /// # Errors
    /// It is not `https://` with a host and maybe a port (RFC 3986 §3.2), nor `http://` with this machine's own.
    pub fn parse(address: &'o str) -> Result<Self, EndpointError> {
        let address = part::trim(address).trim_end_matches('/');
        let (scheme, authority) = part::split_once(address, "://").ok_or(EndpointError::Scheme)?;
        let secure = scheme.same_in_any_case("https");
        if !secure && !scheme.same_in_any_case("http") {
            return Err(EndpointError::Scheme);
        }
        if authority.contains(['/', '?', '#', '@', '\\']) {
            return Err(EndpointError::More);
        }
        let (host, port) = match authority.strip_prefix('[') {
            Some(inner) => {
                let (host, behind) = part::cut(inner, ']').ok_or(EndpointError::Host)?;
                host.parse::<core::net::Ipv6Addr>().map_err(|_| EndpointError::Host)?;
                let port = if behind.is_empty() {
                    None
                } else {
                    Some(behind.strip_prefix(':').ok_or(EndpointError::Host)?)
                };
                (host, port)
            }
            None => match part::cut(authority, ':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'_');
        if host.is_empty() || !host.bytes().all(named) || host.starts_with('.') {
            return Err(EndpointError::Host);
        }
        if let Some(port) = port {
            let digits = port.bytes().all(|byte| byte.is_ascii_digit());
            if !digits || !port.parse::<u16>().is_ok_and(|port| port > 0) {
                return Err(EndpointError::Port);
            }
        }
        let loopback = host.same_in_any_case("localhost")
            || host.parse::<core::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if secure || loopback { Ok(Self(address)) } else { Err(EndpointError::ClearText) }
    }

    /// The address, without a slash at its end.
    pub const fn as_str(self) -> &'o str {
        self.0
    }

    /// True for Azure's own.
    pub fn is_azure(self) -> bool {
        self.0.same_in_any_case(AZURE)
    }
}
