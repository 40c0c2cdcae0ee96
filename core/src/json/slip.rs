//! What can be wrong with the text itself.

/// A slip of the pen, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// What it is.
    pub kind: SlipKind,
    /// First byte of it; where something is missing, the place it should be put in.
    pub start: u32,
    /// Just behind it; equal to `start` where something is missing.
    pub end: u32,
}

/// The kinds of slip. Each is recovered from as its words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipKind {
    /// No comma between two members or elements, or `，` in its place (then the span is not empty); read as if it
    /// stood there.
    MissingComma,
    /// A comma too many; passed over.
    ExtraComma,
    /// No colon behind a name, or `=` or `：` in its place (then the span is not empty).
    MissingColon,
    /// A member without a value; read as broken.
    MissingValue,
    /// A value where a member's name is due; passed over.
    MissingName,
    /// A string in single quotes, or with one at its end; read as one.
    SingleQuotes,
    /// A string in the quotes of a word processor, or with one at its end; read as one.
    CurlyQuotes,
    /// A name or text without quotes, or with the closing one alone; read as a string.
    MissingQuotes,
    /// `True`, `None` and their like, at the literal they stand for.
    WrongLiteral,
    /// A string that does not end on its line; ends there.
    OpenString,
    /// A raw control character in a string.
    ControlCharacter,
    /// An unknown escape in a string.
    BadEscape,
    /// `\ud800` without its other half.
    LoneSurrogate,
    /// `012`, `+1`, `.5`, `1.`, `0x16`; read as broken.
    BadNumber,
    /// A comment; passed over.
    Comment,
    /// A closing bracket that does not match the open one; read as if it did.
    WrongBracket,
    /// A closing bracket with none open; passed over.
    ExtraBracket,
    /// An object that is not closed; ends there.
    OpenObject,
    /// An array that is not closed; ends there.
    OpenArray,
    /// An object without its opening bracket; starts there.
    UnopenedObject,
    /// An array without its opening bracket; starts there.
    UnopenedArray,
    /// A control character or another space than JSON's between values; passed over.
    OddSpace,
    /// Something that is no part of JSON; passed over.
    Stray,
    /// More text behind the document's end; not read.
    TrailingText,
    /// Brackets nested deeper than is read; passed over.
    TooDeep,
}
