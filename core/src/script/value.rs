//! What is known of a script's value: where it is written, and what it is. Values are shared, not copied, and know how
//! large they are, so that a short script cannot make a value without end.

use alloc::borrow::Cow;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::pieces::{Content, Piece};
use crate::json::MAX_DEPTH;
use crate::part::AnyCase;

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Value<'t> {
    /// First byte.
    pub start: u32,
    /// Just behind the last.
    pub end: u32,
    /// What it is.
    pub what: Rc<What<'t>>,
    /// How many values it holds, itself included.
    pub size: usize,
    /// How deep it goes.
    pub depth: usize,
}

/// How large that is taken for which may be several values; one that is not known is one.
const SEVERAL: usize = 2;

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum What<'t> {
    /// A string.
    Text(Text<'t>),
    /// A number; with its decimal digits where the script writes it in another way.
    Number(Option<String>),
    /// `$true`
    True,
    /// `$false`
    False,
    /// `$null`
    Null,
    /// What a command gives that gives nothing: no element of a list, and `$null` wherever a value is due.
    Void,
    /// `@{ … }`; cut short where the text ends inside.
    Table { members: Vec<(Key<'t>, Value<'t>)>, cut: bool },
    /// `@( … )`, and whatever has commas.
    List(Vec<Value<'t>>),
    /// What `ConvertTo-Json` makes of a value, so many levels deep.
    Json(Value<'t>, usize),
    /// Known only when the script runs.
    Unknown,
    /// Missing or unreadable, which is said.
    Broken,
}

/// A string's content, and how it is written.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "a text's text is its text")]
pub(super) struct Text<'t> {
    /// The content.
    pub text: Cow<'t, str>,
    /// Flags of the node that shows it; none where the script's own text does not.
    pub flags: Option<u8>,
    /// Where each part of the content is written: kept for what may be JSON.
    pub pieces: Vec<Piece>,
    /// A part of it is unknown.
    pub partly: bool,
}

/// The name of a member and its place.
#[derive(Clone, Debug)]
pub(super) struct Key<'t> {
    pub start: u32,
    pub end: u32,
    /// The name.
    pub name: Cow<'t, str>,
    /// Flags of its node, as in [`Text`].
    pub flags: Option<u8>,
}

impl<'t> Value<'t> {
    pub fn new(start: u32, end: u32, what: What<'t>) -> Self {
        let (mut size, mut depth) = (1_usize, 1_usize);
        let mut holds = |inner: &Self| {
            size = size.saturating_add(inner.size);
            depth = depth.max(inner.depth.saturating_add(1));
        };
        match &what {
            What::Table { members, .. } => members.iter().for_each(|(_, value)| holds(value)),
            What::List(values) => values.iter().for_each(holds),
            What::Json(value, _) => holds(value),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Self { start, end, what: Rc::new(What::Unknown), size: 1, depth: 1 };
        }
        Self { start, end, what: Rc::new(what), size, depth }
    }

    pub fn unknown(start: u32, end: u32) -> Self {
        Self::new(start, end, What::Unknown)
    }

    /// What is not known among a list's elements: there may be several, or none.
    pub fn several(start: u32, end: u32) -> Self {
        Self { size: SEVERAL, ..Self::unknown(start, end) }
    }

    pub fn is_several(&self) -> bool {
        self.is_unknown() && self.size == SEVERAL
    }

    /// A string that is not written so anywhere.
    pub fn made(start: u32, end: u32, text: String, partly: bool) -> Self {
        let mut content = Content::default();
        content.put(&text, start, end);
        let pieces = if content.may_be_json() { content.pieces } else { Vec::new() };
        Self::new(start, end, What::Text(Text { text: Cow::Owned(text), flags: None, pieces, partly }))
    }

    pub fn is_unknown(&self) -> bool {
        matches!(*self.what, What::Unknown)
    }

    /// The content of a string that is known.
    pub fn text(&self) -> Option<&str> {
        match &*self.what {
            What::Text(text) if !text.partly => Some(&text.text),
            _ => None,
        }
    }

    /// The member of that name; the last one, as the readers of JSON have it.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let What::Table { members, .. } = &*self.what else { return None };
        members.iter().rev().find(|(key, _)| key.name.same_in_any_case(name)).map(|(_, value)| value)
    }

    /// What the value is as a part of a string, where that is known.
    pub fn inside(&self, source: &'t str) -> Option<Cow<'_, str>> {
        match &*self.what {
            What::Text(text) => Some(Cow::Borrowed(&text.text)),
            What::Number(Some(digits)) => Some(Cow::Borrowed(digits)),
            What::Number(None) => shown(slice(source, self.start, self.end)),
            What::True => Some(Cow::Borrowed("True")),
            What::False => Some(Cow::Borrowed("False")),
            What::Null | What::Void => Some(Cow::Borrowed("")),
            What::List(values) => {
                let mut text = String::new();
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        text.push(' ');
                    }
                    if matches!(*value.what, What::List(_)) {
                        return None;
                    }
                    text.push_str(&value.inside(source)?);
                }
                Some(Cow::Owned(text))
            }
            What::Table { .. } | What::Json(..) | What::Unknown | What::Broken => None,
        }
    }

    /// True for a string of which a part is unknown.
    pub fn is_partly(&self) -> bool {
        match &*self.what {
            What::Text(text) => text.partly,
            What::List(values) => values.iter().any(Self::is_partly),
            _ => false,
        }
    }
}

/// What a number is in a string: without zeros at its end. None where .NET may write it in another way.
fn shown(raw: &str) -> Option<Cow<'_, str>> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if digits == "0" {
        return Some(Cow::Borrowed("0"));
    }
    // Longer ones are rounded, very small ones have an exponent, and some runs have a zero less than nothing.
    let plain = !whole.is_empty() && all(whole) && all(fraction) && (whole == "0" || !whole.starts_with('0'));
    if !plain || (!fraction.is_empty() && (digits.len() > 15 || fraction.starts_with("0000"))) {
        return None;
    }
    if digits.len() > 28 || (zero && digits.len() < raw.len()) {
        return None;
    }
    let kept = if fraction.is_empty() { raw } else { raw.trim_end_matches('0').trim_end_matches('.') };
    Some(Cow::Borrowed(kept))
}

/// The text between two places.
pub(super) fn slice(text: &str, start: u32, end: u32) -> &str {
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { return "" };
    text.get(start..end).unwrap_or("")
}
