//! Ports and protocols, and sets of them.

use alloc::vec::Vec;
use core::fmt;

use super::interval::Intervals;
use super::size::Size;

/// TCP's number.
pub const TCP: u8 = 6;
/// UDP's number.
pub const UDP: u8 = 17;

/// True for the two protocols that have ports. Packets of any other have port 0 on both sides here, and no
/// other port exists for them.
pub const fn has_ports(protocol: u8) -> bool {
    matches!(protocol, TCP | UDP)
}

/// Ports from one to another, both included; never backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// Every port.
    pub const ALL: Self = Self { first: 0, last: u16::MAX };

    /// One port.
    pub const fn one(port: u16) -> Self {
        Self { first: port, last: port }
    }

    /// None for a range that is backwards.
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last { Some(Self { first, last }) } else { None }
    }

    /// The first port.
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The last port.
    pub const fn last(self) -> u16 {
        self.last
    }

    /// True for a port in it.
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write_range(f, self.first, self.last)
    }
}

fn write_range(f: &mut fmt::Formatter, first: u16, last: u16) -> fmt::Result {
    if first == last { write!(f, "{first}") } else { write!(f, "{first}-{last}") }
}

/// The members that sets of ports and sets of protocols share.
macro_rules! number_set {
    ($set:ident, $number:ty) => {
        impl $set {
            /// The empty set.
            pub const fn none() -> Self {
                Self(Intervals::none())
            }

            /// All that there are.
            pub fn all() -> Self {
                Self(Intervals::range(0, u128::from(<$number>::MAX)))
            }

            /// One of them.
            pub fn one(number: $number) -> Self {
                Self(Intervals::range(u128::from(number), u128::from(number)))
            }

            /// What is in either.
            pub fn union(&self, other: &Self) -> Self {
                Self(self.0.union(&other.0))
            }

            /// What is in both.
            pub fn intersection(&self, other: &Self) -> Self {
                Self(self.0.intersection(&other.0))
            }

            /// What is in this one alone.
            pub fn difference(&self, other: &Self) -> Self {
                Self(self.0.difference(&other.0))
            }

            /// What is not in it.
            pub fn complement(&self) -> Self {
                Self(self.0.complement(u128::from(<$number>::MAX)))
            }

            /// True if all of it is in the other.
            pub fn is_subset(&self, other: &Self) -> bool {
                self.0.is_subset(&other.0)
            }

            /// True if the number is in it.
            pub fn contains(&self, number: $number) -> bool {
                self.0.contains(u128::from(number))
            }

            /// True if nothing is in it.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// True if everything is in it.
            pub fn is_all(&self) -> bool {
                self.0.is_all(u128::from(<$number>::MAX))
            }

            /// How many.
            pub fn size(&self) -> Size {
                self.0.size()
            }

            /// The first and the last of each range, in order; they neither overlap nor touch.
            fn pairs(&self) -> impl Iterator<Item = ($number, $number)> {
                self.0.ranges().iter().map(|&(first, last)| {
                    (
                        <$number>::try_from(first).unwrap_or(<$number>::MAX),
                        <$number>::try_from(last).unwrap_or(<$number>::MAX),
                    )
                })
            }
        }
    };
}

/// A set of ports. Equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ports(pub(super) Intervals);

number_set!(Ports, u16);

impl Ports {
    /// The ranges, in order; they neither overlap nor touch.
    pub fn ranges(&self) -> impl Iterator<Item = PortRange> {
        self.pairs().map(|(first, last)| PortRange { first, last })
    }
}

impl FromIterator<PortRange> for Ports {
    fn from_iter<I: IntoIterator<Item = PortRange>>(ranges: I) -> Self {
        Self(Intervals::from_ranges(
            ranges.into_iter().map(|range| (u128::from(range.first), u128::from(range.last))),
        ))
    }
}

impl From<PortRange> for Ports {
    fn from(range: PortRange) -> Self {
        Self::from_iter([range])
    }
}

/// `*` for all, else as Azure writes them: `22,8000-8080`.
impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_all() {
            return f.write_str("*");
        }
        for (index, range) in self.ranges().enumerate() {
            write!(f, "{}{range}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// A set of protocols, by IANA's numbers. Equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocols(pub(super) Intervals);

number_set!(Protocols, u8);

impl Protocols {
    /// TCP and UDP: those that have ports.
    pub fn with_ports() -> Self {
        [TCP, UDP].into_iter().collect()
    }

    /// Each protocol in it, in order.
    pub fn iter(&self) -> impl Iterator<Item = u8> {
        self.pairs().flat_map(|(first, last)| first..=last)
    }
}

impl FromIterator<u8> for Protocols {
    fn from_iter<I: IntoIterator<Item = u8>>(numbers: I) -> Self {
        let numbers: Vec<u8> = numbers.into_iter().collect();
        Self(Intervals::from_ranges(numbers.into_iter().map(|one| (u128::from(one), u128::from(one)))))
    }
}

/// `*` for all, else names where rules have them, and numbers; `all but TCP` where most are in it.
impl fmt::Display for Protocols {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_all() {
            return f.write_str("*");
        }
        if self.contains(0) && self.contains(u8::MAX) {
            return write!(f, "all but {}", self.complement());
        }
        for (index, (first, last)) in self.pairs().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            match name(first) {
                Some(name) if first == last => f.write_str(name)?,
                _ => write_range(f, first.into(), last.into())?,
            }
        }
        Ok(())
    }
}

/// The names of protocols that filters know by name.
const fn name(protocol: u8) -> Option<&'static str> {
    match protocol {
        1 => Some("ICMP"),
        TCP => Some("TCP"),
        UDP => Some("UDP"),
        50 => Some("ESP"),
        51 => Some("AH"),
        58 => Some("ICMPv6"),
        _ => None,
    }
}
