//! Ports and protocols as they are written.

use crate::json::Number;
use crate::part::{self, AnyCase};

/// A port number as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortText {
    /// `22`
    Number(u16),
    /// A whole number outside 0–65535; beyond 64 bits, the last within.
    OutOfRange(i64),
    /// A whole number written with a fraction or an exponent: `22.0`.
    Spelt(u16),
    /// `22.5`, or a number beyond all bounds that is not written as a whole one.
    NotWhole,
    /// `"22"`
    Quoted(u16),
    /// A string that is no port number: `"22-25"`, `"*"`, `"ssh"`.
    Text,
}

impl PortText {
    /// Of a JSON number.
    pub fn of_number(number: Number) -> Self {
        match number {
            Number::Integer(value) => u16::try_from(value).map_or(Self::OutOfRange(value), Self::Number),
            Number::Spelt(value) => u16::try_from(value).map_or(Self::OutOfRange(value), Self::Spelt),
            Number::Other => Self::NotWhole,
        }
    }

    /// Of a JSON string.
    pub fn of_string(text: &str) -> Self {
        let text = part::trim(text);
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Text;
        }
        // Digits alone: what does not fit is too much.
        let value = text.parse::<i64>().unwrap_or(i64::MAX);
        u16::try_from(value).map_or(Self::OutOfRange(value), Self::Quoted)
    }

    /// The port that is meant, where that is certain.
    #[inline]
    pub fn port(self) -> Option<u16> {
        match self {
            Self::Number(port) | Self::Spelt(port) | Self::Quoted(port) => Some(port),
            Self::OutOfRange(_) | Self::NotWhole | Self::Text => None,
        }
    }
}

/// What a port rule is about; the wire knows exactly these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// `TCP`
    Tcp,
    /// `UDP`
    Udp,
    /// `*`: TCP, UDP and every other protocol.
    Any,
}

impl Protocol {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Any => "*",
        }
    }

    /// True when all traffic of the other is of this one.
    pub fn covers(self, other: Self) -> bool {
        self == other || self == Self::Any
    }

    /// True when some traffic is of both.
    pub fn overlaps(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }
}

/// A protocol as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolText {
    /// `TCP`, `UDP` or `*`.
    Exact(Protocol),
    /// Another spelling of one of them: `tcp`, `Any`, `6`.
    Spelt(Protocol),
    /// None of them.
    Other,
}

impl ProtocolText {
    /// Reads a protocol. The names NSGs and people use are known beside the three of the wire.
    pub fn parse(text: &str) -> Self {
        match text {
            "TCP" => Self::Exact(Protocol::Tcp),
            "UDP" => Self::Exact(Protocol::Udp),
            "*" => Self::Exact(Protocol::Any),
            _ => {
                let is = |names: &[&str]| names.iter().any(|name| name.same_in_any_case(part::trim(text)));
                if is(&["tcp", "6"]) {
                    Self::Spelt(Protocol::Tcp)
                } else if is(&["udp", "17"]) {
                    Self::Spelt(Protocol::Udp)
                } else if is(&["*", "any", "all", "-1"]) {
                    Self::Spelt(Protocol::Any)
                } else {
                    Self::Other
                }
            }
        }
    }

    /// The protocol that is meant, where that is certain.
    #[inline]
    pub fn protocol(self) -> Option<Protocol> {
        match self {
            Self::Exact(protocol) | Self::Spelt(protocol) => Some(protocol),
            Self::Other => None,
        }
    }
}
