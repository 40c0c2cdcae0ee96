//! The program `jitgate`; all of it is in the library, where tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    jitgate_server::main()
}
