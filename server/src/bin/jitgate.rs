//! The program `jitgate`; all of it is in the library, where tests reach it.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A call makes some hundreds of small things and drops them on another thread than it began on, which takes the system's
/// allocator a fifth of the call's time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    jitgate_server::main()
}
