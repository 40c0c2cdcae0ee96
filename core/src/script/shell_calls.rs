//! What a shell's commands change besides files: functions, variables that they set, code that is not in the script.

use super::Reader;
use super::files::FILE;
use super::value::Value;
use super::writing::SHELL_READING;
use crate::part;

/// Commands that set the variables that they name.
const SETTING: [&str; 8] = ["read", "unset", "mapfile", "readarray", "getopts", "let", "wait", "coproc"];

/// Programs and builtins that change no variable: all others may come from a file that is read by `source`.
pub(super) const HARMLESS: [&str; 35] = [
    "az", "curl", "wget", "cd", "pushd", "popd", "mkdir", "rm", "rmdir", "cp", "mv", "ln", "touch",
    "install", "sleep", "date", "set", "shopt", "shift", "exit", "return", "break", "continue", ":", "true",
    "false", "sed", "awk", "tr", "cut", "sort", "uniq", "xargs", "tee", "python3",
];

/// What compares numbers, and works out what they are.
const NUMERIC: [&str; 6] = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];

/// What ends a script.
const ENDING: [&str; 10] =
    ["EXIT", "INT", "TERM", "HUP", "QUIT", "0", "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/// Variables that a shell sets by itself.
const SPECIAL: [&str; 26] = [
    "RANDOM",
    "SECONDS",
    "LINENO",
    "PWD",
    "OLDPWD",
    "REPLY",
    "OPTARG",
    "OPTIND",
    "MAPFILE",
    "UID",
    "EUID",
    "PPID",
    "_",
    "SRANDOM",
    "GROUPS",
    "EPOCHSECONDS",
    "EPOCHREALTIME",
    "FUNCNAME",
    "DIRSTACK",
    "HISTCMD",
    "BASHPID",
    "PIPESTATUS",
    "BASH_COMMAND",
    "BASH_SUBSHELL",
    "BASH_REMATCH",
    "BASH_LINENO",
];

impl<'t> Reader<'t> {
    /// True for what is never known.
    pub(super) fn is_fixed(&self, name: &str) -> bool {
        self.fixed.contains(name)
            || (name.starts_with(FILE) && self.fixed.contains(FILE))
            || if self.cased {
                name.starts_with(|char: char| !char.is_ascii_lowercase()) && SPECIAL.contains(&name)
            } else {
                Self::is_automatic(name)
            }
    }

    /// What a command changes of the variables.
    pub(super) fn shell_calls(&mut self, words: &[Value<'t>]) {
        let Some((command, rest)) = words.split_first() else { return };
        let Some(name) = command.text() else {
            // It may be a function or any that sets variables.
            return self.forget_all();
        };
        self.call_function(name, rest);
        match name {
            "." | "source" | "eval" => {
                self.log.sourced = true;
                self.forget_all();
            }
            "printf" => {
                // `-v NAME`, `-vNAME`
                let sets = rest.first().and_then(Value::text).is_some_and(|word| word.starts_with("-v"));
                rest.iter().take(if sets { 2 } else { 0 }).for_each(|word| self.forget_named(word));
                if let Some(name) = rest.first().and_then(Value::text).and_then(|word| word.get(2..))
                    && sets
                {
                    self.forget(name);
                }
            }
            "trap" => self.trap(rest),
            "alias" => {
                let sets = |alias: &str| {
                    let (_, code) = part::cut(alias, '=').unwrap_or((alias, ""));
                    let mut words = code.split([' ', ';', '\n', '&', '|', '(', '{']);
                    code.contains(['=', '$', '`', '\\']) || words.any(sets_variables)
                };
                if rest.iter().any(|alias| alias.text().is_none_or(sets)) {
                    // Wherever its name stands.
                    self.wild = true;
                    self.forget_all();
                }
            }
            // What is there is left as it is: whether a file is written is not certain.
            "set"
                if rest.iter().filter_map(Value::text).any(|word| {
                    word == "noclobber"
                        || (word.starts_with('-') && !word.starts_with("--") && part::has(word, 'C'))
                }) =>
            {
                self.fixed.insert(FILE.into());
                self.forget_files();
            }
            "[[" if rest.iter().filter_map(Value::text).any(|word| NUMERIC.contains(&word)) => {
                rest.iter().filter_map(Value::text).for_each(|word| self.evaluates(word));
            }
            "let" => {
                rest.iter().filter_map(Value::text).for_each(|word| self.evaluates(word));
                rest.iter().for_each(|word| self.forget_named(word));
            }
            name if SETTING.contains(&name) => rest.iter().for_each(|word| self.forget_named(word)),
            name if (self.log.sourced || self.known.as_ref().is_some_and(|known| known.sourced))
                && !HARMLESS.contains(&name)
                && !SHELL_READING.contains(&name)
                && !name.contains('/')
                && !self.known.as_ref().is_some_and(|known| known.functions.contains_key(name)) =>
            {
                self.forget_all();
            }
            _ => {}
        }
    }

    /// Forgets the variables that a word names.
    fn forget_named(&mut self, word: &Value<'t>) {
        match word.text() {
            Some(names) => {
                let names = alloc::string::String::from(names);
                self.forget_names(&names);
            }
            None => self.forget_all(),
        }
    }

    /// `trap 'commands' DEBUG`: they run at any time. At the end of the script, that is of no account.
    fn trap(&mut self, words: &[Value<'t>]) {
        let Some((code, signals)) = words.split_first() else { return };
        if signals.iter().all(|signal| signal.text().is_some_and(|signal| ENDING.contains(&signal))) {
            return;
        }
        let mark = self.journal.len();
        let code = code.text().map(alloc::string::String::from);
        let mut words = code
            .iter()
            .flat_map(|code| code.split([' ', ';', '\n', '&', '|']))
            .filter(|word| !word.is_empty());
        let harmless = words.all(|word| {
            self.call_function(word, &[]);
            !word.contains('=') && !sets_variables(word)
        });
        if code.is_none() || !harmless {
            self.forget_all();
        }
        self.fix_since(mark);
    }
}

/// True for a command that may set variables.
fn sets_variables(word: &str) -> bool {
    SETTING.contains(&word) || matches!(word, "." | "source" | "eval" | "printf")
}
