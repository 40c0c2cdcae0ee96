//! Addresses of both families: ranges and sets of them.

use alloc::vec::Vec;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::interval::Intervals;
use super::size::Size;

/// The largest IPv4 address as a number.
const V4_MAX: u128 = 0xffff_ffff;

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The family of an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// The largest address as a number.
    pub(super) const fn max(self) -> u128 {
        match self {
            Self::V4 => V4_MAX,
            Self::V6 => u128::MAX,
        }
    }

    /// The address of a number.
    pub(super) fn address(self, number: u128) -> IpAddr {
        match self {
            Self::V4 => Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX)).into(),
            Self::V6 => Ipv6Addr::from_bits(number).into(),
        }
    }
}

/// An address as a number.
pub(super) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// Addresses of one family from one to another, both included; never backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

impl AddressRange {
    /// None if it is backwards, or of two families.
    pub fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        (Family::of(first) == Family::of(last) && first <= last).then_some(Self { first, last })
    }

    /// The first address.
    pub const fn first(self) -> IpAddr {
        self.first
    }

    /// The last address.
    pub const fn last(self) -> IpAddr {
        self.last
    }

    /// The CIDR block that is the same, where there is one.
    pub fn net(self) -> Option<IpNet> {
        let free = (number(self.first) ^ number(self.last)).count_ones();
        let width = match Family::of(self.first) {
            Family::V4 => 32,
            Family::V6 => 128_u32,
        };
        let length = u8::try_from(width.checked_sub(free)?).ok()?;
        let net = IpNet::new(self.first, length).ok()?;
        (net.network() == self.first && net.broadcast() == self.last).then_some(net)
    }
}

impl From<IpAddr> for AddressRange {
    fn from(address: IpAddr) -> Self {
        Self { first: address, last: address }
    }
}

impl From<IpNet> for AddressRange {
    fn from(net: IpNet) -> Self {
        Self { first: net.network(), last: net.broadcast() }
    }
}

/// An address, a CIDR block, or `first-last`.
impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.net() {
            _ if self.first == self.last => self.first.fmt(f),
            Some(net) => net.fmt(f),
            None => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

/// A set of addresses of both families. Equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addresses {
    pub(super) v4: Intervals,
    pub(super) v6: Intervals,
}

impl Addresses {
    /// The empty set.
    pub const fn none() -> Self {
        Self { v4: Intervals::none(), v6: Intervals::none() }
    }

    /// All of both families.
    pub fn all() -> Self {
        Self { v4: Intervals::range(0, V4_MAX), v6: Intervals::range(0, u128::MAX) }
    }

    /// All of IPv4.
    pub fn v4() -> Self {
        Self { v4: Intervals::range(0, V4_MAX), v6: Intervals::none() }
    }

    /// All of IPv6.
    pub fn v6() -> Self {
        Self { v4: Intervals::none(), v6: Intervals::range(0, u128::MAX) }
    }

    /// All of one family.
    pub fn of_family(family: Family) -> Self {
        match family {
            Family::V4 => Self::v4(),
            Family::V6 => Self::v6(),
        }
    }

    /// These numbers of one family.
    pub(super) const fn of(family: Family, numbers: Intervals) -> Self {
        match family {
            Family::V4 => Self { v4: numbers, v6: Intervals::none() },
            Family::V6 => Self { v4: Intervals::none(), v6: numbers },
        }
    }

    /// Those of one family.
    pub(super) const fn numbers(&self, family: Family) -> &Intervals {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// What is in both.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    /// What is in this one alone.
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// What is not in it.
    pub fn complement(&self) -> Self {
        Self { v4: self.v4.complement(V4_MAX), v6: self.v6.complement(u128::MAX) }
    }

    /// True if all of it is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// True if the address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.numbers(Family::of(address)).contains(number(address))
    }

    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// True if all addresses of both families are in it.
    pub fn is_all(&self) -> bool {
        self.v4.is_all(V4_MAX) && self.v6.is_all(u128::MAX)
    }

    /// How many.
    pub fn size(&self) -> Size {
        self.v4.size().plus(self.v6.size())
    }

    /// The ranges, IPv4 first, in order; they neither overlap nor touch.
    pub fn ranges(&self) -> impl Iterator<Item = AddressRange> {
        Family::ALL.into_iter().flat_map(|family| {
            self.numbers(family).ranges().iter().map(move |&(first, last)| AddressRange {
                first: family.address(first),
                last: family.address(last),
            })
        })
    }
}

impl FromIterator<AddressRange> for Addresses {
    fn from_iter<I: IntoIterator<Item = AddressRange>>(ranges: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for AddressRange { first, last } in ranges {
            let numbers = (number(first), number(last));
            if first.is_ipv4() { v4.push(numbers) } else { v6.push(numbers) }
        }
        Self { v4: Intervals::from_ranges(v4), v6: Intervals::from_ranges(v6) }
    }
}

impl FromIterator<IpNet> for Addresses {
    fn from_iter<I: IntoIterator<Item = IpNet>>(nets: I) -> Self {
        nets.into_iter().map(AddressRange::from).collect()
    }
}

impl<T: Into<AddressRange>> From<T> for Addresses {
    fn from(range: T) -> Self {
        Self::from_iter([range.into()])
    }
}

/// `*` for all of both families, else the ranges.
impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is_all() {
            return f.write_str("*");
        }
        for (index, range) in self.ranges().enumerate() {
            write!(f, "{}{range}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
