//! Where a resource stands among those of its kind.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

/// An index into the list of all resources of one kind.
pub struct Index<T> {
    at: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Index<T> {
    /// The resource at that place of its list.
    pub fn new(at: usize) -> Self {
        // A list of more than 2³² would not fit into the 32 MiB that are read.
        Self { at: u32::try_from(at).unwrap_or(u32::MAX), of: PhantomData }
    }

    /// Its place in the list.
    pub fn get(self) -> usize {
        usize::try_from(self.at).unwrap_or(usize::MAX)
    }
}

impl<T> Clone for Index<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Index<T> {}
impl<T> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
impl<T> Eq for Index<T> {}
impl<T> PartialOrd for Index<T> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Index<T> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}
impl<T> Hash for Index<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}
impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "#{}", self.at)
    }
}
