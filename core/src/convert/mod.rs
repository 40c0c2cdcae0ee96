//! Code from policies and requests: the same in PowerShell, for `az`, REST, ARM, Bicep, Terraform, and as plain JSON.
//!
//! [`convert`] reads a document with the reader and the rules of [`check`](crate::check()), whatever form it has, and
//! writes what was understood. What the document does not say stands in the text as a variable of its language, never
//! as a guess, and what cannot be said in a language is refused with the reason.
//!
//! One tree of values (`value`) is written in seven dialects (`dialect`); around it stands what each language wants
//! (`layout`).

mod build;
mod dialect;
mod endpoint;
mod escape;
mod fit;
mod item;
mod layout;
mod place;
mod powershell;
mod request;
mod value;

use alloc::string::String;
use alloc::vec::Vec;

use crate::CheckOptions;
use crate::diagnostic::locate::locate;
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::format::format;
use crate::json::Source;
use crate::model::Kind;
use crate::rules::{Checked, Code, check_document, decode_and_scan, words};

pub use endpoint::{Endpoint, EndpointError};
pub use place::Place;

/// The languages that policies and requests are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `Set-AzJitNetworkAccessPolicy` and `Start-AzJitNetworkAccessPolicy` of the module `Az.Security`.
    PowerShell,
    /// `az rest`, for a POSIX shell: `az` has no command that puts a policy.
    Az,
    /// A request of HTTP, as editors send it from an `.http` file.
    Rest,
    /// A template of Azure Resource Manager; policies alone.
    Arm,
    /// Policies alone.
    Bicep,
    /// Terraform with the provider `Azure/azapi`, 2.0 or newer.
    Terraform,
    /// The body of the call, as the API takes it.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::PowerShell, Self::Az, Self::Rest, Self::Arm, Self::Bicep, Self::Terraform, Self::Json];

    /// The word for it on the command line and in JavaScript.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PowerShell => "powershell",
            Self::Az => "az",
            Self::Rest => "rest",
            Self::Arm => "arm",
            Self::Bicep => "bicep",
            Self::Terraform => "terraform",
            Self::Json => "json",
        }
    }

    /// The format of that word, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// How the names of its files end, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::PowerShell => "ps1",
            Self::Az => "sh",
            Self::Rest => "http",
            Self::Arm | Self::Json => "json",
            Self::Bicep => "bicep",
            Self::Terraform => "tf",
        }
    }
}

/// What a caller may tell [`convert`] beside the document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// As for [`check`](crate::check()).
    pub check: CheckOptions,
    /// Where policies are: put in where the document does not say it. Of several policies, those that are known to be
    /// elsewhere are left out.
    pub place: Place<'o>,
    /// Where calls go, in the languages that make them; Azure's Resource Manager where it is not told. An [`Endpoint`].
    pub endpoint: Option<&'o str>,
}

/// A document's report, and its content in another language.
#[derive(Clone, Debug)]
pub struct Conversion<'a> {
    /// Everything that is to be said about the document itself.
    pub report: Report<'a>,
    /// The text, or why there is none.
    pub outcome: Outcome,
}

/// The text, or every reason why there is none, a sentence each.
pub type Outcome = Result<Converted, Vec<String>>;

/// A policy or request, or several, in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// Ready to copy; ends with a line break.
    pub text: String,
    /// What the reader should know, a sentence each: what is to be filled in, what was left out.
    pub notes: Vec<String>,
}

/// Writes the policies and requests of a document in another language.
///
/// `input` is a document as [`check`](crate::check()) takes it. Errors with a safe fix are mended in the text; any other
/// keeps it from being written, and is among the reasons. Errors of contested rules, times that have passed,
/// placeholders, and parts that stand for the whole do not.
#[cold]
#[inline(never)]
pub fn convert<'a>(input: &'a [u8], to: Format, options: &Options) -> Conversion<'a> {
    let source = Source::decode(input);
    let (kind, diagnostics, mut outcome) = attempt(&source, to, options);
    let report = Report { text: source.text, kind, diagnostics };
    let mut mended = mend(&report.text, &report.diagnostics);
    for _ in 0..MOST_ROUNDS {
        let Some(text) = mended else { break };
        let diagnostics;
        (_, diagnostics, outcome) = attempt(&Source::decode(text.as_bytes()), to, options);
        mended = mend(&text, &diagnostics);
    }
    Conversion { report, outcome }
}

/// Fixes may uncover what other fixes mend, but not for ever.
const MOST_ROUNDS: usize = 16;

#[cold]
#[inline(never)]
fn attempt(source: &Source, to: Format, options: &Options) -> (Kind, Vec<Diagnostic>, Outcome) {
    let (tape, facts) = decode_and_scan(source);
    let Checked { document, context } = check_document(&tape, facts, &options.check);
    let diagnostics = locate(&tape, context.into_findings());
    let reasons: Vec<String> = diagnostics.iter().filter(|one| prevents(one)).map(reason).collect();
    let outcome = if reasons.is_empty() {
        endpoint(to, options).and_then(|endpoint| build::document(&document, to, &options.place, endpoint))
    } else {
        Err(reasons)
    };
    (document.kind, diagnostics, outcome)
}

/// Where calls go, if not to Azure. A template names no address, so that a wrong one does no harm there.
fn endpoint<'o>(to: Format, options: &Options<'o>) -> Result<Option<Endpoint<'o>>, Vec<String>> {
    let Some(address) = options.endpoint.filter(|address| !address.is_empty()) else { return Ok(None) };
    match Endpoint::parse(address) {
        Ok(endpoint) => Ok(Some(endpoint).filter(|endpoint| !endpoint.is_azure())),
        Err(_) if matches!(to, Format::Arm | Format::Bicep | Format::Json) => Ok(None),
        Err(why) => Err(alloc::vec![format!("{} is no endpoint: {why}", words::quoted(address))]),
    }
}

/// The text with the safe fixes of its errors in it; none where there are none. Other fixes are a matter of taste.
/// A fix that does not begin behind the one before it waits for the next round.
#[cold]
#[inline(never)]
fn mend(text: &str, diagnostics: &[Diagnostic]) -> Option<String> {
    let mut mended = String::new();
    let mut behind = None;
    let place = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX);
    let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
    for fix in errors.filter_map(|one| one.fix.as_ref()).filter(|fix| fix.safe) {
        if fix.edits.first().is_none_or(|first| behind >= Some(first.range.start.byte)) {
            continue;
        }
        for edit in &fix.edits {
            let range = place(behind.unwrap_or(0))..place(edit.range.start.byte);
            mended.push_str(text.get(range).unwrap_or(""));
            mended.push_str(&edit.new_text);
            behind = Some(edit.range.end.byte);
        }
    }
    mended.push_str(text.get(place(behind?)..).unwrap_or(""));
    Some(mended)
}

/// True for an error that leaves open what is meant, or that the service is sure to refuse.
fn prevents(diagnostic: &Diagnostic) -> bool {
    let completed =
        matches!(diagnostic.code, Code::BareDocument | Code::UnreplacedPlaceholder | Code::EndInPast);
    diagnostic.severity == Severity::Error && !diagnostic.code.meta().contested && !completed
}

#[cold]
#[inline(never)]
fn reason(diagnostic: &Diagnostic) -> String {
    format!("{}: {}", diagnostic.code.id(), diagnostic.message)
}
