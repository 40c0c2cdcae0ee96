//! What is to be said about a script itself.

/// A note and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// First byte of it; where something is missing, the place it should be put in.
    pub start: u32,
    /// Just behind it.
    pub end: u32,
}

/// The kinds of note: slips of the pen first, then what is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A string without its closing quote; ends where the text ends.
    OpenString,
    /// A here-string without the mark that ends it.
    OpenHereString,
    /// A comment `<#` without its `#>`.
    OpenComment,
    /// A `{` that is not closed.
    OpenBrace,
    /// A `(` that is not closed.
    OpenParenthesis,
    /// A closing bracket that matches none.
    ExtraBracket,
    /// No `=` behind the name of a member, or `:` in its place.
    MissingEquals,
    /// A member without a value.
    MissingValue,
    /// No comma between two values.
    MissingComma,
    /// A comma between two members.
    ExtraComma,
    /// Text without quotes where PowerShell looks for a command.
    MissingQuotes,
    /// `@ {` for `@{`.
    SplitBracket,
    /// A command and its parameter in one word.
    MissingSpace,
    /// What belongs nowhere.
    Stray,
    /// `@name` of a table that is not known.
    UnknownSplat,
    /// The body of a call is in a file.
    BodyInFile,
    /// The body of a call is not known.
    UnknownBody,
    /// A table is changed that was put elsewhere before.
    SharedTable,
    /// More is made of the script than is read.
    TooMuch,
    /// A loop runs too often to be followed.
    LongLoop,
    /// `az security jit-policy create`, and what else the Azure CLI does not have.
    NoSuchCommand,
    /// A policy is sent by another method than `PUT`.
    PutWanted,
    /// A request is sent by another method than `POST`.
    PostWanted,
    /// A call with a body that names no method, and so sends `GET`.
    SendsGet,
    /// The address of a policy without its location.
    NoLocation,
    /// An address without `api-version`.
    NoVersion,
    /// An address with the version of another API.
    OtherVersion,
}

impl NoteKind {
    /// True for what may take more of the script into itself than was meant.
    pub const fn hides(self) -> bool {
        matches!(
            self,
            Self::OpenString
                | Self::OpenHereString
                | Self::OpenComment
                | Self::OpenBrace
                | Self::OpenParenthesis
        )
    }

    /// True for a slip of the pen: the script does not run as it is.
    pub const fn is_slip(self) -> bool {
        !matches!(
            self,
            Self::UnknownSplat
                | Self::BodyInFile
                | Self::UnknownBody
                | Self::SharedTable
                | Self::TooMuch
                | Self::LongLoop
                | Self::NoSuchCommand
        ) && !self.is_of_call()
    }

    /// True for what keeps a call from doing what it is there for.
    pub const fn is_of_call(self) -> bool {
        matches!(
            self,
            Self::PutWanted
                | Self::PostWanted
                | Self::SendsGet
                | Self::NoLocation
                | Self::NoVersion
                | Self::OtherVersion
        )
    }
}
