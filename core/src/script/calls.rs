//! What PowerShell's commands change besides files: functions with what they are given, and commands that set variables.

use super::Reader;
use super::call::{first, named};
use super::command::{Argument, DASHES};
use super::value::Value;
use super::writing::only_reads;
use crate::part::AnyCase;

/// Commands that are about a variable.
const ON_VARIABLES: [&str; 9] = [
    "Set-Variable",
    "New-Variable",
    "Remove-Variable",
    "Clear-Variable",
    "Get-Variable",
    "sv",
    "nv",
    "clv",
    "rv",
];

/// Commands that run text.
const RUNNING: [&str; 2] = ["Invoke-Expression", "iex"];

/// Where variables are paths.
const DRIVES: [&str; 4] = ["env:", "variable:", "function:", "alias:"];

/// Variables that PowerShell sets by itself.
const SPECIAL: [&str; 8] = ["matches", "lastexitcode", "error", "input", "args", "pwd", "foreach", "switch"];

impl<'t> Reader<'t> {
    /// True for what PowerShell sets.
    pub(super) fn is_automatic(name: &str) -> bool {
        SPECIAL.contains(&name)
    }

    /// What a command changes of the variables.
    pub(super) fn calls(&mut self, name: &str, input: Option<&Value<'t>>, arguments: &[Argument<'t>]) {
        // `& 'Name'`
        let called = if name.is_empty() { first(arguments) } else { None };
        let name = called.as_ref().and_then(Value::text).unwrap_or(name);
        let is = |other: &&str| name.same_in_any_case(other);
        let parameters = arguments.iter().map(|one| one.name.trim_start_matches(DASHES));
        parameters.filter(|name| !name.starts_with('>')).for_each(|parameter| self.gives(name, parameter));
        if input.is_some() || RUNNING.iter().any(is) {
            self.gives(if input.is_some() { name } else { "" }, "");
        }
        let values = arguments.iter().filter_map(|one| one.value.clone()).chain(input.cloned());
        self.call_function(name, &values.collect::<alloc::vec::Vec<_>>());
        if RUNNING.iter().any(is) {
            return self.forget_all();
        }
        if ON_VARIABLES.iter().any(is) {
            let name = named(arguments, &["-Name"]).or_else(|| first(arguments));
            match name.as_ref().and_then(Value::text).filter(|name| !name.contains(['*', '?', '['])) {
                // It may be one that cannot be assigned to, or one that is held on to.
                Some(name) => self.fix(name.rsplit(':').next().unwrap_or(name)),
                None => self.forget_all(),
            }
        }
        let on_drive = |argument: &Argument| {
            let path = argument.value.as_ref().and_then(Value::text).unwrap_or("");
            DRIVES
                .iter()
                .any(|drive| path.get(..drive.len()).is_some_and(|begin| begin.same_in_any_case(drive)))
        };
        if !only_reads(name) && arguments.iter().any(on_drive) {
            self.forget_all();
        }
    }
}
