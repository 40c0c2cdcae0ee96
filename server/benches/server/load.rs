//! Some clients, each asking again as soon as it has its answer, for a while.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::process::Server;

/// What all clients ask, again and again, and the status of each answer.
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub body: String,
    pub status: u16,
}

/// What was measured.
pub struct Figures {
    pub per_second: f64,
    pub median: Duration,
    pub p99: Duration,
    /// What the server's processor worked for each call.
    pub work: Duration,
}

impl Figures {
    /// Of several runs of one length.
    pub fn mean(runs: &[Self]) -> Self {
        let count = runs.len() as f64;
        let mean = |of: fn(&Self) -> f64| runs.iter().map(of).sum::<f64>() / count;
        Self {
            per_second: mean(|run| run.per_second),
            median: Duration::from_secs_f64(mean(|run| run.median.as_secs_f64())),
            p99: Duration::from_secs_f64(mean(|run| run.p99.as_secs_f64())),
            work: Duration::from_secs_f64(mean(|run| run.work.as_secs_f64())),
        }
    }
}

/// Lets that many clients do the same, each what is made for its number.
pub fn run(server: &Server, clients: usize, time: Duration, ask: impl Fn(usize) -> Call + Sync) -> Figures {
    let ready = Barrier::new(clients + 1);
    let (mut times, elapsed, work) = thread::scope(|scope| {
        let workers: Vec<_> = (0..clients)
            .map(|index| {
                let (ready, ask) = (&ready, &ask);
                scope.spawn(move || {
                    let mut client = Client::connect(server);
                    let Call { method, path, body, status } = ask(index);
                    let call = client.write(method, &path, &body);
                    assert_eq!(client.send(&call), status, "{path}");
                    ready.wait();
                    let (start, mut times) = (Instant::now(), Vec::new());
                    while start.elapsed() < time {
                        let before = Instant::now();
                        assert_eq!(client.send(&call), status, "{path}");
                        times.push(before.elapsed());
                    }
                    times
                })
            })
            .collect();
        ready.wait();
        let (start, worked) = (Instant::now(), server.worked());
        let times: Vec<_> =
            workers.into_iter().flat_map(|worker| worker.join().expect("a client failed")).collect();
        (times, start.elapsed(), server.worked().saturating_sub(worked))
    });
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Figures {
        per_second: times.len() as f64 / elapsed.as_secs_f64(),
        median: at(0.5),
        p99: at(0.99),
        work: work.div_f64(times.len() as f64),
    }
}
