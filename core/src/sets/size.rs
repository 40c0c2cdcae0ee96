//! How many: exact, also where that passes 128 bits.

use core::fmt;
use core::iter::Sum;

use ruint::Uint;

/// As wide as any count gets: two IPv6 addresses, two ports and a protocol make less than 290 bits, and
/// what is left counts the seconds for which they are open.
type Count = Uint<384, 6>;

/// How many addresses, packets, or packets × seconds: exact, in 384 bits, which all packets that there are
/// times all seconds of a time stamp do not fill. The decimal number is its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(Count);

impl Size {
    /// None.
    pub const ZERO: Self = Self(Count::ZERO);

    /// One.
    pub const ONE: Self = Self(Count::ONE);

    /// From one number to another, both included.
    pub(super) fn of_range(first: u128, last: u128) -> Self {
        Self(Count::from(last.saturating_sub(first)).saturating_add(Count::ONE))
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// So many for each: addresses × seconds.
    pub fn times(self, other: Self) -> Self {
        Self(self.0.saturating_mul(other.0))
    }

    /// The same for people: `256`, `2^32`, and what is neither small nor a power of two as about a power of
    /// ten, `about 4.3 × 10^9`.
    pub fn short(self) -> Short {
        Short(self)
    }
}

impl From<u64> for Size {
    fn from(number: u64) -> Self {
        Self(Count::from(number))
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A [`Size`] as people read it.
#[derive(Clone, Copy, Debug)]
pub struct Short(Size);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self(Size(count)) = *self;
        if count < Count::from(1_000_000_u32) {
            return count.fmt(f);
        }
        if count.is_power_of_two() {
            return write!(f, "2^{}", count.trailing_zeros());
        }
        let (mut head, mut power) = (count, 1_u32);
        while head >= Count::from(100_u32) {
            head = head.wrapping_div(Count::from(10_u32));
            power = power.saturating_add(1);
        }
        let (whole, part) = head.div_rem(Count::from(10_u32));
        write!(f, "about {whole}.{part} × 10^{power}")
    }
}
