//! The command line: which command, with which options.
use std::ffi::OsString;

use anyhow::{Context, Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt};

/// What `cargo xtask help` prints.
pub const USAGE: &str = "\
The project's own commands.

cargo xtask serve [--port N] [--dev]
                       build the server with the portal inside, and start it with a made-up
                       fleet on http://127.0.0.1:7080
                       (--port 0 picks a free port; --dev builds quickly and large)
cargo xtask test [--only NAME,NAME]
                       run every check, or only the named ones
cargo xtask gen [--check]
                       write the generated files, or say which are out of date
cargo xtask new-rule CODE NAME
                       make the files of a new rule: `new-rule JIT213 rlogin-port`
cargo xtask size       check the sizes of what is shipped against their budgets
cargo xtask dist       build what users get into target/dist: the program, the npm package,
                       the portal's files
cargo xtask pack       build the npm package into pkg/dist/jitgate.tgz
cargo xtask bench [ARG…]
                       measure the npm package against other validators
cargo xtask bench server [ARG…]
                       measure the server under load
cargo xtask bench portal [MACHINES…]
                       measure the portal in Chromium, with fleets of these sizes
cargo xtask npm        run the tests of the npm package
cargo xtask clients    run Azure's own clients against the server
cargo xtask portal     build the portal into target/site
cargo xtask modules    build the wasm of the package and the portal, at once
cargo xtask e2e [FILE…]
                       run the tests in the browser, or only those files";

/// One command with its options.
pub enum Task {
    Help,
    Serve(Serve),
    Test(Vec<String>),
    Portal,
    EndToEnd(Vec<OsString>),
    Modules,
    Pack,
    Npm,
    Clients,
    Dist,
    Bench(Vec<OsString>),
    Generate { check: bool },
    NewRule { code: String, name: String },
    Size,
}

/// The options of `serve`.
pub struct Serve {
    pub port: u16,
    pub dev: bool,
}

/// Reads the command line of this process.
pub fn parse() -> Result<Task> {
    let mut parser = lexopt::Parser::from_env();
    let task = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Task::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match task.as_str() {
        "help" => bare(parser, Task::Help),
        "serve" => serve(parser),
        "test" => test(parser),
        "portal" => bare(parser, Task::Portal),
        "e2e" => Ok(Task::EndToEnd(parser.raw_args()?.collect())),
        "modules" => bare(parser, Task::Modules),
        "pack" => bare(parser, Task::Pack),
        "npm" => bare(parser, Task::Npm),
        "dist" => bare(parser, Task::Dist),
        "clients" => bare(parser, Task::Clients),
        "gen" => generate(parser),
        "new-rule" => new_rule(parser),
        "size" => bare(parser, Task::Size),
        "bench" => Ok(Task::Bench(parser.raw_args()?.collect())),
        other => bail!("`{other}` is no command here; `cargo xtask help` lists them"),
    }
}

fn bare(mut parser: lexopt::Parser, task: Task) -> Result<Task> {
    match parser.next()? {
        None => Ok(task),
        Some(Short('h') | Long("help")) => Ok(Task::Help),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn serve(mut parser: lexopt::Parser) -> Result<Task> {
    let mut options = Serve { port: 7080, dev: false };
    while let Some(arg) = parser.next()? {
        match arg {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("dev") => options.dev = true,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Serve(options))
}

fn test(mut parser: lexopt::Parser) -> Result<Task> {
    let mut only = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("only") => only.extend(parser.value()?.string()?.split(',').map(str::to_owned)),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Test(only))
}

fn generate(mut parser: lexopt::Parser) -> Result<Task> {
    let mut check = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Long("check") => check = true,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Generate { check })
}

fn new_rule(mut parser: lexopt::Parser) -> Result<Task> {
    let mut words = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Value(word) => words.push(word.string()?),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    let [code, name] =
        words.try_into().ok().context("a code and a name are wanted: `new-rule JIT213 rlogin-port`")?;
    Ok(Task::NewRule { code, name })
}
