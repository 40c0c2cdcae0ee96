//! `format!` as one function: the standard library's is put into every place that calls it.

use alloc::string::String;
use core::fmt::Arguments;

/// See the macro.
#[cold]
#[inline(never)]
pub(crate) fn text(arguments: Arguments) -> String {
    alloc::fmt::format(arguments)
}

macro_rules! format {
    ($($arguments:tt)*) => { $crate::format::text(core::format_args!($($arguments)*)) };
}

pub(crate) use format;
