//! `jitgate serve` as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_jitgate");

pub struct Server {
    child: Child,
    pub address: String,
    pub token: String,
    /// From its start until it listens.
    pub ready: Duration,
}

impl Server {
    pub fn start(data: &Path) -> Self {
        let start = Instant::now();
        let data_words = ["--data".as_ref(), data.as_os_str()];
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--rate", "1000000"])
            .args(data_words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, address)| address.trim().to_owned()))
            .expect("it says where it is");
        let ready = start.elapsed();
        let words = ["token", "create", "--name", "bench", "--role", "Owner", "--scope", "/"];
        let made = Command::new(PROGRAM).args(words).args(data_words).output().expect("a token can be made");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let token = String::from_utf8(made.stdout).expect("a token is text").trim().to_owned();
        Self { child, address, token, ready }
    }

    /// The memory that it has in use, in bytes.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) * 1024.0
    }

    /// How long processors have worked for it, to a hundredth of a second.
    pub fn worked(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // The name, in parentheses, may hold anything. Behind it come the state as the third and the times of the program
        // and of the system as the 14th and 15th.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
        Duration::from_secs_f64(ticks / 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
