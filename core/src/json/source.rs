//! Bytes → text: byte order marks, UTF-16 and UTF-32, invalid UTF-8, and the limit on size.

use alloc::borrow::Cow;
use alloc::string::String;
#[cfg(feature = "script")]
use core::cell::OnceCell;

/// The largest document that is read, in bytes. Azure Resource Manager itself takes 4 MiB a request;
/// this leaves room for exports of whole fleets.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// How the bytes were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, as RFC 8259 wants it.
    Utf8,
    /// UTF-16, told by its byte order mark, or by the zeros of the two characters that JSON starts with;
    /// Windows PowerShell's `>` writes it.
    Utf16,
    /// UTF-32, told in the same way; `Out-File -Encoding utf32` writes it.
    Utf32,
    /// UTF-8 with bytes that are none; `at` is the first of them in the decoded text.
    Invalid {
        /// Byte offset into [`Source::text`].
        at: u32,
    },
    /// Over [`MAX_BYTES`]; nothing was read.
    TooLarge,
}

/// A document's text and how it was written.
#[derive(Debug)]
pub struct Source<'a> {
    /// Decoded; what could not be is U+FFFD. A byte order mark stays in.
    pub text: Cow<'a, str>,
    /// How it was written.
    pub encoding: Encoding,
    /// What was typed, and what else there is, where the text was copied from a terminal; made when it is first asked for.
    #[cfg(feature = "script")]
    pub(crate) typed: OnceCell<Option<[String; 2]>>,
}

impl<'a> Source<'a> {
    /// Decodes the bytes.
    pub fn decode(bytes: &'a [u8]) -> Self {
        if bytes.len() > MAX_BYTES {
            return Self::of(Cow::Borrowed(""), Encoding::TooLarge);
        }
        match bytes {
            [0xFF, 0xFE, 0, 0, ..] | [b'{' | b'[', 0, 0, 0, ..] => {
                return Self::utf32(bytes, u32::from_le_bytes);
            }
            [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'{' | b'[', ..] => {
                return Self::utf32(bytes, u32::from_be_bytes);
            }
            [0xFF, 0xFE, ..] | [1..=0xFF, 0, 1..=0xFF, 0, ..] => {
                return Self::utf16(bytes, u16::from_le_bytes);
            }
            [0xFE, 0xFF, ..] | [0, 1..=0xFF, 0, 1..=0xFF, ..] => {
                return Self::utf16(bytes, u16::from_be_bytes);
            }
            _ => {}
        }
        match core::str::from_utf8(bytes) {
            Ok(text) => Self::of(Cow::Borrowed(text), Encoding::Utf8),
            Err(error) => {
                // What stands before the first bad byte decodes to itself, so the place is the same.
                let at = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
                Self::of(String::from_utf8_lossy(bytes), Encoding::Invalid { at })
            }
        }
    }

    fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let units = bytes.as_chunks::<2>().0.iter().map(|&pair| unit(pair));
        let text: String =
            char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Self::of(Cow::Owned(text), Encoding::Utf16)
    }

    fn utf32(bytes: &'a [u8], unit: fn([u8; 4]) -> u32) -> Self {
        let units = bytes.as_chunks::<4>().0.iter().map(|&four| unit(four));
        let text: String =
            units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Self::of(Cow::Owned(text), Encoding::Utf32)
    }

    fn of(text: Cow<'a, str>, encoding: Encoding) -> Self {
        Self {
            text,
            encoding,
            #[cfg(feature = "script")]
            typed: OnceCell::new(),
        }
    }
}
