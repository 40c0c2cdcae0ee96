//! What PowerShell's commands change besides files: functions with what they are given, and commands that set variables.

use alloc::rc::Rc;

use super::Reader;
use super::call::{first, named};
use super::command::{Argument, DASHES};
use super::log::Kind;
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
const SPECIAL: [&str; 32] = [
    "matches",
    "lastexitcode",
    "error",
    "input",
    "args",
    "pwd",
    "foreach",
    "switch",
    "?",
    "$",
    "^",
    "true",
    "false",
    "null",
    "host",
    "pid",
    "home",
    "iswindows",
    "islinux",
    "ismacos",
    "iscoreclr",
    "executioncontext",
    "psversiontable",
    "psedition",
    "pshome",
    "psculture",
    "psuiculture",
    "psscriptroot",
    "pscommandpath",
    "psboundparameters",
    "shellid",
    "stacktrace",
];

/// Commands that give a function another name.
const NAMING: [&str; 4] = ["Set-Alias", "New-Alias", "sal", "nal"];

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
        if NAMING.iter().any(is) {
            // By that name it may be called at any time, and be given anything.
            for value in arguments.iter().filter_map(|one| one.value.as_ref()) {
                let mark = self.journal.len();
                let function = value.text().unwrap_or("");
                self.gives(function, "");
                self.call_function(function, &[]);
                self.fix_since(mark);
            }
        }
        if is(&"Add-Member") {
            let values = arguments.iter().filter_map(|one| one.value.as_ref()).chain(input);
            let changed: alloc::vec::Vec<_> = values.map(|value| Rc::as_ptr(&value.what)).collect();
            let kind = core::mem::replace(&mut self.kind, Kind::Inner);
            self.forget_holders(changed, "");
            self.kind = kind;
        }
        if ON_VARIABLES.iter().any(is) {
            let name = named(arguments, &["-Name"]).or_else(|| first(arguments));
            self.log.separates |= name.as_ref().and_then(Value::text).is_none_or(is_separator);
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

/// True for the variable with what stands between the elements of a list in a string.
pub(super) fn is_separator(name: &str) -> bool {
    name.rsplit(':').next().is_some_and(|name| name.same_in_any_case("OFS"))
}
