//! Writes the files that are generated from the core's table of rules: `cargo xtask gen`. With `--check` it only
//! says which of them are out of date.
//!
//! It is a crate of its own, so that `cargo xtask` builds and works while the core does not.
mod lock;
mod types;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use jitgate_core::Code;

/// A generated file.
struct Generated {
    /// From the repository's root.
    path: &'static str,
    /// Makes its content from the rules and from what is in it now.
    make: fn(&[Rule], &str) -> Result<String>,
}

const FILES: [Generated; 2] = [
    Generated { path: "core/rules.lock", make: lock::make },
    Generated { path: "pkg/codes.d.ts", make: |rules, _| Ok(types::make(rules)) },
];

/// What the files say of a rule.
struct Rule {
    code: &'static str,
    name: &'static str,
}

fn main() -> ExitCode {
    let check = env::args().skip(1).any(|word| word == "--check");
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let rules: Vec<_> =
        Code::ALL.iter().map(|code| Rule { code: code.id(), name: code.meta().name }).collect();
    for file in FILES {
        let path = root.join(file.path);
        // A file that is not there yet is an empty one.
        let there = fs::read_to_string(&path).unwrap_or_default();
        let wanted = (file.make)(&rules, &there)?;
        if there == wanted {
            continue;
        }
        if check {
            bail!("`{}` is not what the table of rules says: run `cargo xtask gen`", file.path);
        }
        fs::write(&path, wanted).with_context(|| format!("could not write `{}`", file.path))?;
        println!("wrote {}", file.path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_up_to_date() {
        super::run(true).unwrap();
    }
}
