//! A server as a child process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A running server; it is killed when this is dropped.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// The owner's token.
    pub token: String,
}

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_jitgate");

impl Server {
    /// Starts one over that data, on any free port.
    pub fn start(data: &Path) -> Self {
        Self::spawn(Command::new(PROGRAM), data)
    }

    /// The same by another command, which runs the program with the arguments that are added.
    pub fn spawn(mut command: Command, data: &Path) -> Self {
        serve(&mut command, data);
        Self::read(command, data)
    }

    /// The same by a command that has all its arguments but for the data folder.
    pub fn demo(mut command: Command, data: &Path) -> Self {
        command.arg(data);
        Self::read(command, data)
    }

    fn read(mut command: Command, data: &Path) -> Self {
        command.env("JITGATE_LOG", "off");
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
        let mut line = || lines.next().and_then(Result::ok).unwrap_or_default();
        let first = line();
        let url =
            first.strip_prefix("jitgate is on ").unwrap_or_else(|| panic!("it says {first:?}")).to_owned();
        // The link of the owner follows, if it is the very first start; the test keeps its token beside the data.
        let kept = data.with_extension("token");
        let token = std::fs::read_to_string(&kept).unwrap_or_else(|_| {
            line();
            let link = line();
            let token = link.split_once("#token=").unwrap_or_else(|| panic!("it says {link:?}")).1.to_owned();
            std::fs::write(&kept, &token).expect("the folder can be written");
            token
        });
        Self { child, url, token }
    }

    /// Kills it, with no chance to do anything about it.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }

    /// Sends it a signal: `-HUP`.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("there is `kill`").success());
    }

    /// Tells it to end, and waits until it has.
    pub fn end(mut self) -> ExitStatus {
        self.signal("-TERM");
        self.child.wait().expect("it ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Adds the arguments of a server over that data, which lets anybody send as much as they like.
pub fn serve<'c>(command: &'c mut Command, data: &Path) -> &'c mut Command {
    command.args(["serve", "--listen", "127.0.0.1:0", "--rate", "1000000", "--data"]).arg(data)
}

/// What a program says to its end: exit code, output, complaints.
pub fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| {
        let mut text = String::new();
        let mut bytes = bytes;
        bytes.read_to_string(&mut text).expect("UTF-8");
        text
    };
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}
