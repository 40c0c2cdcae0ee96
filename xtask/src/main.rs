//! The project's own commands: `cargo xtask …`. This file reads the command line; each command has its own file.
mod args;
mod bench;
mod chromium;
mod clients;
mod command;
mod debian;
mod dist;
mod generate;
mod modules;
mod new_rule;
mod node;
mod npm;
mod paths;
mod portal;
mod serve;
mod shrink;
mod size;
mod suite;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use args::Task;

fn main() -> ExitCode {
    let result = match args::parse() {
        Ok(task) => run(task),
        Err(error) => Err(error),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Help => println!("{}", args::USAGE),
        Task::Serve(options) => serve::serve(&options)?,
        Task::Portal => drop(portal::build(portal::Flavour::Release)?),
        Task::EndToEnd(files) => suite::browser::run(&files)?,
        Task::Modules => modules::build()?,
        Task::Pack => npm::pack()?,
        Task::Npm => npm::test()?,
        Task::Dist => dist::run()?,
        Task::Clients => clients::test()?,
        Task::Bench(rest) => bench::run(&rest)?,
        Task::Generate { check } => generate::run(check)?,
        Task::NewRule { code, name } => new_rule::run(&code, &name)?,
        Task::Size => size::run()?,
        Task::Test(only) => return suite::run(&only),
    }
    Ok(ExitCode::SUCCESS)
}
