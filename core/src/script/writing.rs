//! Which files commands may change: those that they name, and any where they do not say which.

use super::Reader;
use super::call::{REST, is_short_for, named};
use super::command::{Argument, DASHES};
use super::files::last_part;
use super::value::{Value, What};
use crate::part::{self, AnyCase};

/// PowerShell's commands that leave the files as they are which they name.
const READING: [&str; 40] = [
    "cat",
    "cd",
    "Compare-Object",
    "Convert-Path",
    "ConvertFrom-Json",
    "diff",
    "dir",
    "ForEach-Object",
    "foreach",
    "Format-Hex",
    "gc",
    "gci",
    "Get-ChildItem",
    "Get-Content",
    "Get-FileHash",
    "Get-Item",
    "Get-ItemProperty",
    "gi",
    "Import-Clixml",
    "Import-Csv",
    "Import-PowerShellDataFile",
    "Join-Path",
    "jq",
    "ls",
    "Measure-Object",
    "Push-Location",
    "Resolve-Path",
    "select",
    "Select-Object",
    "Select-String",
    "Set-Location",
    "sls",
    "Sort-Object",
    "Split-Path",
    "Test-Json",
    "Test-Path",
    "type",
    "where",
    "Where-Object",
    "Write-Output",
];

/// Commands that leave the file as it is that they name first.
const COPYING: [&str; 4] = ["Copy-Item", "copy", "cp", "cpi"];

/// Others that put files where others are.
const MOVING: [&str; 7] = ["Move-Item", "move", "mv", "mi", "Rename-Item", "ren", "rni"];

/// Cmdlets that write the files that they name.
const MAKING: [&str; 9] =
    ["Clear-Content", "clc", "Export-Clixml", "Export-Csv", "epcsv", "New-Item", "ni", "Tee-Object", "tee"];

/// What cmdlets are told files by.
const TARGETS: [&str; 8] =
    ["Path", "LiteralPath", "Destination", "DestinationPath", "FilePath", "NewName", "OutFile", "OutputPath"];

/// A shell's commands that leave the files as they are which they name.
pub(super) const SHELL_READING: [&str; 15] = [
    "cat", "echo", "printf", "jq", "ls", "chmod", "grep", "head", "tail", "test", "[", "[[", "wc", "diff",
    "cmp",
];

/// The same, for which brackets are no patterns of files.
const BUILTIN: [&str; 8] = ["unset", "read", "let", "set", "mkdir", "cd", "exit", "return"];

/// Commands that run the one behind them.
const RUNNING: [&str; 5] = ["sudo", "env", "nohup", "timeout", "xargs"];

/// Commands that write each file that they name.
const SHELL_WRITING: [&str; 12] =
    ["cp", "mv", "install", "ln", "tee", "truncate", "dd", "scp", "wget", "sponge", "shred", "split"];

/// Commands that change files where an option says so.
const IN_PLACE: [&str; 4] = ["sed", "awk", "gawk", "yq"];

/// What has `find` change files.
const FINDING: [&str; 5] = ["-exec", "-ok", "-delete", "-fprint", "-fls"];

/// Programs that run what they are given, in words, in a file or from a pipe.
const INTERPRETERS: [&str; 13] =
    ["bash", "dash", "ed", "ex", "ksh", "make", "node", "perl", "php", "pwsh", "ruby", "sh", "zsh"];

/// Programs that may write any file.
const UNPACKING: [&str; 21] = [
    "7z",
    "azcopy",
    "bunzip2",
    "bzip2",
    "cpio",
    "csplit",
    "Expand-Archive",
    "gunzip",
    "gzip",
    "parallel",
    "patch",
    "robocopy",
    "rsync",
    "tar",
    "tar.exe",
    "uncompress",
    "unxz",
    "unzip",
    "xcopy",
    "xz",
    "zstd",
];

/// What `git` does to files.
const CHECKING_OUT: [&str; 9] =
    ["apply", "checkout", "merge", "pull", "rebase", "reset", "restore", "stash", "switch"];

/// What commands of the Azure CLI are called that write files.
const DOWNLOADING: [&str; 7] = ["download", "export", "build", "decompile", "generate", "backup", "copy"];

/// True for a command of PowerShell's that changes no file that it names.
pub(super) fn only_reads(command: &str) -> bool {
    READING.iter().any(|one| command.same_in_any_case(one))
}

impl<'t> Reader<'t> {
    /// Forgets the files that a command of PowerShell's may change.
    pub(super) fn unwrite_arguments(&mut self, command: &str, piped: bool, arguments: &[Argument<'t>]) {
        let is = |other: &&str| command.same_in_any_case(other);
        let az = is(&"az");
        let first = arguments.first().and_then(|first| first.value.as_ref()?.text());
        if REST.iter().any(is) || (az && first == Some("rest")) {
            if let Some(path) = named(arguments, &["-OutFile", "--output-file", "-o", "--output"]) {
                self.unwrite(&path);
            }
            return;
        }
        if only_reads(command) {
            return;
        }
        let copies = COPYING.iter().any(is);
        let moves = copies || MOVING.iter().any(is);
        let listed = moves || MAKING.iter().any(is);
        let short = |argument: &Argument, full: &str| {
            let name = argument.name.trim_start_matches(DASHES);
            argument.name.len() > name.len() && is_short_for(name, full)
        };
        let many = |one: &Argument| {
            one.name == "--recursive"
                || (moves && ["Recurse", "Filter", "Include"].iter().any(|full| short(one, full)))
        };
        let batch = az && arguments.iter().any(|one| one.value.as_ref().is_some_and(is_batch));
        if (moves && piped)
            || batch
            || UNPACKING.iter().any(is)
            || (is(&"git") && arguments.iter().any(|one| one.value.as_ref().is_some_and(checks_out)))
            || arguments.iter().any(many)
        {
            return self.forget_files();
        }
        let downloads = az && arguments.iter().any(|one| one.value.as_ref().is_some_and(downloads));
        let program = !part::has(command, '-');
        let mut source = copies;
        for argument in arguments {
            let Some(value) = &argument.value else { continue };
            let target = TARGETS.iter().any(|full| short(argument, full));
            let told = if az {
                downloads && is_target(argument.name)
            } else {
                target || (listed && (program || argument.name.is_empty()))
            };
            // What is copied stays as it is.
            let to = short(argument, "Destination");
            let from = source && !to;
            source &= to;
            for value in each(value) {
                let raw = super::slice(self.text, value.start, value.end);
                let quoted = raw.starts_with(['"', '\'']);
                let matters =
                    |text: &str| listed || if program { !az && !quoted } else { part::has(text, '.') };
                match value.text() {
                    Some(text) if text.starts_with('@') => {}
                    // Of a machine's name, perhaps.
                    Some(text) if text.contains(['*', '?']) && !matters(text) => {}
                    Some(text) if from && !is_elsewhere(text) => {}
                    None if !told => {}
                    _ => self.unwrite(value),
                }
            }
        }
    }

    /// The same of a shell's.
    pub(super) fn unwrite_words(&mut self, words: &[Value<'t>]) {
        // A word may hold a long text without being long.
        let length = words.iter().filter_map(Value::text).map(str::len).fold(0, usize::saturating_add);
        if !self.pay(length / 16) {
            return self.forget_files();
        }
        let at = |index: usize| words.get(index).and_then(Value::text).map_or("", last_part);
        let mut index = 0_usize;
        let runs = RUNNING.contains(&at(0));
        while RUNNING.contains(&at(index))
            || (index > 0
                && (at(index).starts_with(|char: char| char == '-' || char.is_ascii_digit())
                    || part::has(at(index), '=')))
        {
            index = index.saturating_add(1);
        }
        let Some((first, rest)) = words.get(index..).and_then(<[_]>::split_first) else { return };
        let command = at(index);
        if interprets(first.text().unwrap_or("")) && !only_formats(rest) {
            return self.forget_files();
        }
        if words.len() < 2 {
            return;
        }
        if SHELL_READING.contains(&command) {
            return;
        }
        let text = self.text;
        let raw = |word: &Value| super::slice(text, word.start, word.end);
        let has = |wanted: &dyn Fn(&str) -> bool| rest.iter().filter_map(Value::text).any(wanted);
        let option = |word: &str, letters: &[char]| {
            word.starts_with('-') && !word.starts_with("--") && word.contains(letters)
        };
        let (az, curl) = (command == "az", command == "curl");
        let any = match command {
            "git" => rest.iter().any(checks_out),
            "tar" => !at(index.saturating_add(1)).trim_start_matches('-').starts_with(['c', 't']),
            "find" => has(&|word| FINDING.iter().any(|start| word.starts_with(start))),
            // `s/a/b/w file`, `{ print > "file" }`
            "sed" => {
                has(&|word| part::contains(word, "w ") || option(word, &['f']) || word.starts_with("--file"))
            }
            "awk" | "gawk" | "mawk" => {
                has(&|word| part::has(word, '>') || part::contains(word, "system") || option(word, &['f']))
            }
            "cp" => has(&|word| option(word, &['r', 'R', 'a']) || word == "--archive"),
            "scp" => has(&|word| option(word, &['r'])),
            "az" => rest.iter().any(is_batch),
            _ => UNPACKING.contains(&command) || (runs && at(0) == "xargs" && !curl),
        };
        if any
            || has(&|word| word == "--recursive")
            || (!az && !curl && !BUILTIN.contains(&command) && rest.iter().any(|word| is_pattern(raw(word))))
        {
            return self.forget_files();
        }
        let writes = SHELL_WRITING.contains(&command)
            || (IN_PLACE.contains(&command)
                && has(&|word| option(word, &['i']) || word.starts_with("--in-place")))
            || (curl && has(&|word| option(word, &['O']) || word.starts_with("--remote-name")));
        let downloads = az && rest.iter().any(downloads);
        let mut before = "";
        for (index, word) in rest.iter().enumerate() {
            let last = index.saturating_add(1) == rest.len();
            let target = if az {
                downloads && is_target(before)
            } else {
                before.starts_with("--out")
                    || matches!(before, "-o" | "-out")
                    || (curl && option(before, &['o', 'O']))
            };
            match word.text() {
                None if writes || target => self.unwrite(word),
                None => {}
                Some(text) if text.starts_with('@') => {}
                Some(text) if command == "cp" && !last && !is_elsewhere(text) => {}
                Some(text) => {
                    self.unwrite(word);
                    // `-opolicy.json`, `of=policy.json`
                    let glued = if option(text, &['.']) { text.get(2..) } else { None };
                    if let Some(path) = glued.or_else(|| part::cut(text, '=').map(|(_, path)| path)) {
                        self.unwrite(&Value::made(word.start, word.end, path.into(), false));
                    }
                }
            }
            before = word.text().unwrap_or("");
        }
    }
}

/// True for a program that may do whatever its input says, and for a script.
fn interprets(command: &str) -> bool {
    let name = last_part(command);
    INTERPRETERS.contains(&name)
        || name.starts_with("python")
        || [".sh", ".py"].iter().any(|end| name.ends_with(end))
        || ["./", "../"].iter().any(|start| command.starts_with(start))
}

/// `-m json.tool`
fn only_formats(words: &[Value]) -> bool {
    let is = |index: usize, word: &str| words.get(index).and_then(Value::text) == Some(word);
    (words.len() == 2 && is(0, "-m") && is(1, "json.tool")) || (words.len() == 1 && is(0, "--version"))
}

/// What a value holds, one by one.
pub(super) fn each<'v, 't>(value: &'v Value<'t>) -> &'v [Value<'t>] {
    match &*value.what {
        What::List(values) => values,
        _ => core::slice::from_ref(value),
    }
}

/// True for a file in another folder, whose copy may take the place of one of its name; all others stay as they are.
fn is_elsewhere(path: &str) -> bool {
    path.contains(['/', '\\'])
}

/// True for a word like `download-batch`.
fn is_batch(word: &Value) -> bool {
    word.text().is_some_and(|word| word.ends_with("-batch"))
}

fn checks_out(word: &Value) -> bool {
    word.text().is_some_and(|word| CHECKING_OUT.contains(&word))
}

fn downloads(word: &Value) -> bool {
    word.text().is_some_and(|word| DOWNLOADING.contains(&word))
}

/// True for an option of the Azure CLI that tells a file that is written.
fn is_target(option: &str) -> bool {
    matches!(option, "-f" | "-d" | "-p")
        || ["--file", "--dest", "--out", "--path", "--name"].iter().any(|start| option.starts_with(start))
}

/// True for a word, as it is written, that stands for several files.
fn is_pattern(raw: &str) -> bool {
    let mut chars = raw.chars();
    let (mut quote, mut brace) = (None, false);
    while let Some(char) = chars.next() {
        match (char, quote) {
            ('\\', None | Some('"')) => {
                chars.next();
            }
            ('$', None | Some('"')) => {
                // `$*`, `${NAME[@]}`
                let open = chars.clone().next().filter(|char| matches!(char, '{' | '('));
                let mut depth = 0_usize;
                for char in chars.by_ref() {
                    match char {
                        '{' | '(' => depth = depth.saturating_add(1),
                        '}' | ')' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if open.is_none() || depth == 0 {
                        break;
                    }
                }
            }
            (_, Some(open)) if char == open => quote = None,
            ('"' | '\'', None) => quote = Some(char),
            ('*' | '?' | '[', None) => return true,
            ('{', None) => brace = true,
            (',' | '.', None) if brace => return true,
            _ => {}
        }
    }
    false
}
