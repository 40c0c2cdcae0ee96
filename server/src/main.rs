//! The program `jitgate`.
fn main() {}
