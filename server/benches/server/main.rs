//! The server under load, on this machine alone: `cargo xtask bench server [--seconds N] [--policies N] [--requests N]
//! [--spokes N]`; 0 policies or spokes leave out what is measured with them.
//!
//! What a durable answer costs is told as a share of what SQLite commits by itself, on the same disk in the same run.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items,
    clippy::panic,
    missing_docs,
    reason = "a measurement, of a server that it starts itself"
)]

mod bare;
mod client;
mod exposure;
mod fleet;
mod load;
mod process;
mod raw;

use std::time::Duration;

use bare::Bare;
use client::Client;
use load::{Call, Figures, run};
use process::Server;
use raw::Raw;

/// How many clients ask at once.
const CLIENTS: [usize; 3] = [1, 16, 128];
/// In how many turns what is compared is measured.
const SLICES: u32 = 10;

/// What the command line asks for.
struct Options {
    seconds: f64,
    policies: usize,
    requests: usize,
    spokes: u8,
}

fn main() {
    let options = options();
    let time = Duration::from_secs_f64(options.seconds);
    let folder = tempfile::tempdir_in(".").expect("a folder can be made here");
    let record = fleet::record();
    let raw = Raw::new(&folder.path().join("raw.db"), &record);
    let size = record.json.len();
    println!("SQLite alone: commits of one record of {size} bytes, write-ahead log, synchronous=FULL");
    println!("  {:>9.0} commits/s", raw.per_second(time));

    println!("initiate, each answer on disk, and get of a policy");
    let server = Server::start(&folder.path().join("small"));
    let paths: Vec<String> = (0..128).map(|index| fleet::policy_path(index, 0)).collect();
    for path in &paths {
        put(&server, path);
    }
    let mut bare = Bare::start(Raw::new(&folder.path().join("bare.db"), &record));
    for clients in CLIENTS {
        // A disk is not the same from one second to the next, so that both take turns.
        let (mut figures, mut alone, mut least) = (Vec::new(), 0.0, 0.0);
        for _ in 0..SLICES {
            alone += raw.per_second(time / SLICES) / f64::from(SLICES);
            if clients == 1 {
                least += bare.per_second(time / SLICES, &initiate(0)) / f64::from(SLICES);
            }
            figures.push(run(&server, clients, time / SLICES, initiate));
        }
        let initiate = Figures::mean(&figures);
        let share = initiate.per_second / alone;
        let get = run(&server, clients, time, |index| read(&fleet::policy_path(index, 1)));
        println!("  {clients:>3} clients: initiate {initiate}, {share:.2} × SQLite's commits; get {get}");
        if clients == 1 {
            let share = least / alone;
            println!(
                "        1 client of a server that only commits: {least:.0}/s, {share:.2} × SQLite's commits"
            );
        }
    }
    drop(server);
    if options.spokes > 0 {
        exposure::run(folder.path(), options.spokes);
    }
    if options.policies > 0 {
        growth(&options, folder.path(), time);
    }
}

/// How list and get grow, and what memory it takes.
fn growth(options: &Options, folder: &std::path::Path, time: Duration) {
    println!("growth, one client");
    for part in [100, 10, 1] {
        let (policies, requests) = (options.policies.div_ceil(part), options.requests.div_ceil(part));
        let data = folder.join(format!("grown{part}"));
        let seeded = fleet::seed(&data, policies, requests);
        let server = Server::start(&data);
        let get = run(&server, 1, time / 2, |index| read(&fleet::policy_path(index, 0)));
        let list = run(&server, 1, time / 2, |_| read(&fleet::list_path()));
        println!(
            "  {policies:>6} policies, {requests:>7} past requests: ready after {:.1} s ({:.0} MB on disk), {:.0} MB of memory; \
             get {get}; first page of the list {list}",
            server.ready.as_secs_f64(),
            seeded / 1e6,
            server.memory() / 1e6,
        );
    }
}

fn put(server: &Server, path: &str) {
    let mut client = Client::connect(server);
    for kind in 0..2 {
        let path = path.replace("/p0-", &format!("/p{kind}-"));
        let status =
            client.call("PUT", &format!("{path}?api-version=2020-01-01"), &fleet::policy_body(&path));
        assert_eq!(status, 200, "{path}");
    }
}

fn initiate(index: usize) -> Call {
    let path = fleet::policy_path(index, 0);
    let body = fleet::request_body(&path);
    Call { method: "POST", path: format!("{path}/initiate?api-version=2020-01-01"), body, status: 202 }
}

fn read(path: &str) -> Call {
    Call { method: "GET", path: format!("{path}?api-version=2020-01-01"), body: String::new(), status: 200 }
}

fn options() -> Options {
    let mut options = Options { seconds: 3.0, policies: 100_000, requests: 1_000_000, spokes: 200 };
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(name) = words.next() {
        let value = words.next().and_then(|value| value.parse::<f64>().ok());
        let value = value.unwrap_or_else(|| panic!("`{name}` needs a number"));
        match name.as_str() {
            "--seconds" => options.seconds = value,
            "--policies" => options.policies = value as usize,
            "--spokes" => options.spokes = value as u8,
            "--requests" => options.requests = value as usize,
            _ => panic!("`{name}` is no option here"),
        }
    }
    options
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            f,
            "{:.0}/s (median {:.2} ms, p99 {:.2} ms; {:.0} µs of processor time)",
            self.per_second,
            millis(self.median),
            millis(self.p99),
            self.work.as_secs_f64() * 1e6
        )
    }
}
