//! What is surely so and what may be so: the answer wherever something was not given.

use alloc::vec::Vec;

use crate::sets::{Addresses, Ports, Traffic};

/// Two bounds between which the truth lies. They are the same where everything is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bounds<T> {
    /// At least this.
    pub surely: T,
    /// At most this.
    pub may: T,
}

impl<T: Clone> Bounds<T> {
    /// It is known to be this.
    pub fn exact(value: T) -> Self {
        Self { surely: value.clone(), may: value }
    }
}

impl<T> Bounds<T> {
    /// One of the two.
    pub fn side(&self, side: Side) -> &T {
        match side {
            Side::Surely => &self.surely,
            Side::May => &self.may,
        }
    }
}

impl<T: PartialEq> Bounds<T> {
    /// True where the truth is known.
    pub fn is_exact(&self) -> bool {
        self.surely == self.may
    }
}

impl Bounds<Traffic> {
    /// What is in this and in the other. Where that is too much work to know, it is nothing surely, and maybe this one.
    pub fn intersection(&self, other: &Self) -> Self {
        let may = self.may.try_intersection(&other.may);
        match may {
            Ok(may) if self.is_exact() && other.is_exact() => Self::exact(may),
            may => Self {
                surely: self.surely.try_intersection(&other.surely).unwrap_or_default(),
                may: may.unwrap_or_else(|_| self.may.clone()),
            },
        }
    }

    /// What any of the parts has. Where that is too much work to know, it is nothing surely, and maybe everything.
    pub(crate) fn union_of(parts: Vec<Self>) -> Self {
        match <[_; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) => {
                let exact = parts.iter().all(Self::is_exact);
                let may = parts.iter().map(|part| part.may.clone()).collect();
                match Traffic::try_union_of(may) {
                    Ok(may) if exact => Self::exact(may),
                    may => Self {
                        surely: Traffic::try_union_of(parts.into_iter().map(|part| part.surely).collect())
                            .unwrap_or_default(),
                        may: may.unwrap_or_else(|_| Traffic::all()),
                    },
                }
            }
        }
    }
}

/// Which of the two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// At least.
    Surely,
    /// At most.
    May,
}

impl Side {
    /// The other one: what a filter denies at most it allows at least.
    pub fn other(self) -> Self {
        match self {
            Self::Surely => Self::May,
            Self::May => Self::Surely,
        }
    }
}

/// Joins many bounds of sets at once, which is quicker than one union after the other.
pub(super) fn union_of(parts: impl IntoIterator<Item = Bounds<Addresses>>) -> Bounds<Addresses> {
    let parts: Vec<_> = parts.into_iter().collect();
    match <[_; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => {
            let side = |side| parts.iter().flat_map(|part| part.side(side).ranges()).collect::<Addresses>();
            Bounds { surely: side(Side::Surely), may: side(Side::May) }
        }
    }
}

/// Nothing surely, everything maybe.
pub(super) fn unknown_addresses() -> Bounds<Addresses> {
    Bounds { surely: Addresses::none(), may: Addresses::all() }
}

/// Nothing surely, every port maybe.
pub(super) fn unknown_ports() -> Bounds<Ports> {
    Bounds { surely: Ports::none(), may: Ports::all() }
}
