//! How a REST call sends what it sends: by which method.

use alloc::string::String;

use super::call::{first, named};
use super::command::Argument;
use super::value::Value;
use crate::part::AnyCase;

/// The method of a call.
#[derive(Debug)]
pub(super) enum Method {
    /// The call says it.
    Told(String),
    /// It says none, and so sends this one.
    Default(&'static str),
    /// Known only when the script runs.
    Unknown,
}

impl Method {
    /// That of a call by such a program or cmdlet.
    pub(super) fn of(tool: &str, arguments: &[Argument]) -> Self {
        if let Some(told) = method_of(tool, arguments) {
            return told.text().map_or(Self::Unknown, |text| Self::Told(text.to_ascii_uppercase()));
        }
        let is_curl = tool.same_in_any_case("curl") || tool.same_in_any_case("curl.exe");
        let sends = arguments.iter().any(|one| {
            one.name.starts_with("--data") || matches!(one.name, "-d" | "--json" | "-F" | "--form")
        });
        Self::Default(if is_curl && sends { "POST" } else { "GET" })
    }

    pub(super) fn is(&self, other: &str) -> bool {
        match self {
            Self::Told(method) => method == other,
            Self::Default(method) => *method == other,
            Self::Unknown => false,
        }
    }

    pub(super) const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// Where a call says its method.
pub(super) fn method_of<'t>(tool: &str, arguments: &[Argument<'t>]) -> Option<Value<'t>> {
    named(arguments, &["--method", "-m", "-Method", "-CustomMethod", "-X", "--request"])
        .or_else(|| first(arguments).filter(|_| tool.same_in_any_case("armclient")))
}

/// The value of an argument that a program may have taken as an option's: an address of a policy all the same.
pub(super) fn address_among<'t>(
    arguments: &[Argument<'t>],
    is: impl Fn(&Value<'t>) -> bool,
) -> Option<Value<'t>> {
    let plain = |value: &&Value| value.text().is_some_and(|text| !text.starts_with(['{', '[', '@']));
    let values = arguments.iter().filter_map(|argument| argument.value.as_ref());
    values.filter(plain).find(|value| is(value)).cloned()
}
