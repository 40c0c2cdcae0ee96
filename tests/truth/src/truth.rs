//! Kleene's three values: what is not known stays not known, unless the rest decides.

use std::ops::Not;

use jitgate_core::network::Reachable;

/// An answer. The order makes `and` the minimum and `or` the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Surely not.
    No,
    /// It hangs on something that is not known.
    Maybe,
    /// Surely.
    Yes,
}

impl Truth {
    /// True if each is.
    pub fn all(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().min().unwrap_or(Self::Yes)
    }

    /// True if one is.
    pub fn any(of: impl IntoIterator<Item = Self>) -> Self {
        of.into_iter().max().unwrap_or(Self::No)
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

impl From<Reachable> for Truth {
    fn from(told: Reachable) -> Self {
        match told {
            Reachable::No => Self::No,
            Reachable::Maybe => Self::Maybe,
            Reachable::Yes => Self::Yes,
        }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}
