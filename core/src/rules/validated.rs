//! Proof that a value was checked.

use super::Context;

/// A value in which no rule found an error that the service is sure to refuse. Only [`check`](super::check)'s
/// own run makes one. Errors of contested rules, where the evidence is divided, do not count.
#[derive(Clone, Copy, Debug)]
pub struct Validated<'v, T>(&'v T);

impl<'v, T> Validated<'v, T> {
    pub(super) fn new(value: &'v T, refused: bool, cx: &Context) -> Option<Self> {
        (!refused && !cx.is_full()).then_some(Self(value))
    }

    /// The value.
    pub fn get(self) -> &'v T {
        self.0
    }
}
