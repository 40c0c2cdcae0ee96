//! `format!` as one function: the standard library's is put into every place that calls it; and what is written so often
//! that it goes without.

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

/// Bytes as small hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
    text
}
