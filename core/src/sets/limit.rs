//! How much work an exact answer may take. Input is hostile: a few dozen rules with ranges that cut each other in every
//! part of a packet make a diagram that fits in no memory.

use core::fmt;

/// Steps for one diagram, where a step looks at one rule in one range, or at one edge. A thousand rules as people write
/// them take some ten thousand; these take a few hundredths of a second and some ten megabytes.
pub(super) const MOST_STEPS: u32 = 1 << 20;

/// Boxes of one set. Nobody reads as many.
pub(super) const MOST_BOXES: usize = 1 << 16;

/// The rules cut each other into more pieces than are worked out. What asks has to do with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entangled;

impl fmt::Display for Entangled {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the rules cut each other into too many pieces")
    }
}

impl core::error::Error for Entangled {}

/// What is left of the steps. Once they are spent, all that follows is of no account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    left: Option<u32>,
}

impl Steps {
    /// So many.
    pub const fn most(most: u32) -> Self {
        Self { left: Some(most) }
    }

    /// Takes some.
    #[inline]
    pub fn take(&mut self, steps: usize) {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.left = self.left.and_then(|left| left.checked_sub(steps));
    }

    /// True once more were taken than there were.
    #[inline]
    pub const fn are_spent(self) -> bool {
        self.left.is_none()
    }

    /// What was made, unless the steps are spent.
    pub fn made<T>(self, made: T) -> Result<T, Entangled> {
        if self.are_spent() { Err(Entangled) } else { Ok(made) }
    }
}
