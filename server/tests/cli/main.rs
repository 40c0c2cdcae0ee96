//! The program `jitgate` as its users meet it: what it prints, and its exit codes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes its strings so")]

mod access;
mod check;
mod convert;
mod decide;
mod explain;
mod fix;
mod network;
mod sarif;
mod terminal;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder to work in, gone at the end.
struct Folder(TempDir);

/// What a run gave.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    out: String,
    notes: String,
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).expect("a file")
    }

    /// A run in this folder.
    fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, b"")
    }

    /// A run in this folder with that standard input.
    fn run_with(&self, args: &[&str], input: &[u8]) -> Run {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
        // It may end without reading.
        let _ = child.stdin.take().expect("an input").write_all(input);
        let output = child.wait_with_output().expect("an end");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code(), out: text(output.stdout), notes: text(output.stderr) }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jitgate"));
        command.current_dir(self.path()).args(args);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// A run in a new folder with those files.
fn run(files: &[(&str, &str)], args: &[&str]) -> Run {
    let folder = Folder::new();
    for (name, text) in files {
        folder.put(name, text);
    }
    folder.run(args)
}

/// A policy for one machine with these port rules.
fn policy(rules: &str) -> String {
    format!(
        r#"{{
  "kind": "Basic",
  "properties": {{
    "virtualMachines": [
      {{
        "id": "/subscriptions/2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/jump1",
        "ports": [
{rules}
        ]
      }}
    ]
  }}
}}
"#
    )
}

/// A port rule with that number.
fn rule(number: &str) -> String {
    format!(
        r#"          {{ "number": {number}, "protocol": "TCP", "allowedSourceAddressPrefix": "10.40.8.0/24", "maxRequestAccessDuration": "PT3H" }}"#
    )
}

/// A policy with nothing to say about it.
fn clean() -> String {
    policy(&rule("22"))
}

/// A policy with one error.
fn wrong() -> String {
    policy(&rule("70000"))
}

/// A policy with one warning, which has a safe fix.
fn quoted() -> String {
    policy(&rule("\"22\""))
}
