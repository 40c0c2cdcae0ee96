//! The writer over a state that adds numbers, and a store that fails when told to.

#![expect(clippy::arithmetic_side_effects, reason = "small numbers of the test's own")]

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// The sum of all numbers so far, and how many they are.
#[derive(Clone, Default)]
struct Sum {
    count: u64,
    total: i64,
}

impl Fold for Sum {
    type Command = i64;
    type Answer = i64;

    fn carry_out(&mut self, number: i64, batch: &mut Batch) -> i64 {
        batch.rows.push(Row { seq: self.count + 1, json: number.to_string(), ..Row::default() });
        self.take_up(&(self.count + 1, number)).unwrap();
        assert_ne!(number, 13, "thirteen");
        if number == LONG {
            std::thread::sleep(Duration::from_millis(100));
        }
        self.total
    }

    type Record = (u64, i64);

    fn read(seq: u64, json: &str) -> Result<Self::Record, Fault> {
        Ok((seq, json.parse().map_err(Fault::other)?))
    }

    fn take_up(&mut self, &(seq, number): &Self::Record) -> Result<(), Fault> {
        assert_eq!(seq, self.count + 1, "a gap");
        self.count = seq;
        self.total += number;
        Ok(())
    }

    fn last(&self) -> u64 {
        self.count
    }

    fn row(_: &str) -> Option<Row> {
        None
    }

    fn wakes(&self, before: &Self) -> bool {
        self.total < before.total
    }
}

/// A number that takes long to add.
const LONG: i64 = 1000;

/// On one thread, commands go to the writer's own; on several they may be carried out where they are.
fn everywhere(test: impl AsyncFn()) {
    use tokio::runtime::Builder;
    Builder::new_current_thread().build().unwrap().block_on(test());
    Builder::new_multi_thread().worker_threads(2).build().unwrap().block_on(test());
}

#[derive(Default)]
struct Memory {
    rows: Vec<Row>,
    commits: Arc<AtomicUsize>,
    broken: Arc<AtomicBool>,
    /// A failed commit has reached the disk all the same.
    lies: bool,
}

impl Store for Memory {
    fn load(&mut self, after: u64, each: super::super::Each) -> Result<(), Fault> {
        self.rows.iter().filter(|row| row.seq > after).try_for_each(|row| each(row.seq, &row.json))
    }

    fn append(&mut self, rows: &[Row], _: &[Blob]) -> Result<(), Fault> {
        let broken = self.broken.load(Ordering::SeqCst);
        if !broken || self.lies {
            self.rows.extend_from_slice(rows);
            self.commits.fetch_add(1, Ordering::SeqCst);
        }
        if broken { Err(Fault::Full) } else { Ok(()) }
    }

    fn check(&mut self) -> Result<(), Fault> {
        if self.broken.load(Ordering::SeqCst) { Err(Fault::Full) } else { Ok(()) }
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

#[test]
fn answers_follow_the_order_of_commands() {
    everywhere(async || {
        let (writer, thread) = Writer::start(Memory::default(), Sum::default()).unwrap();
        for (number, total) in [(1, 1), (2, 3), (-7, -4)] {
            assert_eq!(writer.send(number).await.unwrap(), total);
            assert_eq!(writer.state().total, total);
        }
        drop(writer);
        thread.join().unwrap();
    });
}

/// A store whose first commit waits for a word.
struct Held(Memory, Option<std::sync::mpsc::Receiver<()>>);

impl Store for Held {
    fn load(&mut self, after: u64, each: super::super::Each) -> Result<(), Fault> {
        self.0.load(after, each)
    }

    fn append(&mut self, rows: &[Row], blobs: &[Blob]) -> Result<(), Fault> {
        self.1.take().map_or(Ok(()), |word| word.recv()).map_err(Fault::other)?;
        self.0.append(rows, blobs)
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

#[test]
fn commands_that_wait_share_a_commit() {
    everywhere(async || {
        let (memory, (word, held)) = (Memory::default(), std::sync::mpsc::channel());
        let commits = memory.commits.clone();
        let (writer, _thread) = Writer::start(Held(memory, Some(held)), Sum::default()).unwrap();
        let tasks: Vec<_> = (0..1000)
            .map(|_| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.send(1).await.unwrap() })
            })
            .collect();
        // One may be where it was sent, in the first commit; all others wait.
        while writer.waiting.load(Ordering::SeqCst) < 999 {
            tokio::task::yield_now().await;
        }
        word.send(()).unwrap();
        let mut totals = Vec::new();
        for task in tasks {
            totals.push(task.await.unwrap());
        }
        totals.sort_unstable();
        assert_eq!(totals, (1..=1000).collect::<Vec<_>>());
        // Of those that wait, up to 256 are taken together; a few may come between two of these.
        let commits = commits.load(Ordering::SeqCst);
        assert!(commits < 100, "{commits}");
    });
}

#[test]
fn a_failed_commit_changes_nothing_and_the_next_one_goes_on() {
    everywhere(async || {
        let memory = Memory::default();
        let broken = memory.broken.clone();
        let (writer, _thread) = Writer::start(memory, Sum::default()).unwrap();
        writer.send(5).await.unwrap();
        broken.store(true, Ordering::SeqCst);
        assert_eq!(writer.send(100).await, Err(Fault::Full));
        assert_eq!(writer.state().total, 5);
        broken.store(false, Ordering::SeqCst);
        assert_eq!(writer.send(1).await, Ok(6));
    });
}

#[test]
fn whether_commands_are_refused_is_told_until_there_is_room_again() {
    everywhere(async || {
        let memory = Memory::default();
        let broken = memory.broken.clone();
        let (writer, _thread) = Writer::start(memory, Sum::default()).unwrap();
        broken.store(true, Ordering::SeqCst);
        assert_eq!(writer.check().await, Ok(()), "nothing is tried before a command is refused");
        writer.send(1).await.unwrap_err();
        for _ in 0..2 {
            assert_eq!(writer.check().await, Err(Fault::Full));
        }
        broken.store(false, Ordering::SeqCst);
        assert_eq!(writer.check().await, Ok(()), "no command has to come for it");
        broken.store(true, Ordering::SeqCst);
        writer.send(2).await.unwrap_err();
        broken.store(false, Ordering::SeqCst);
        assert_eq!(writer.send(3).await, Ok(3));
        broken.store(true, Ordering::SeqCst);
        assert_eq!(writer.check().await, Ok(()), "a command found a way since");
    });
}

#[test]
fn what_reached_the_disk_counts_though_its_commit_failed() {
    everywhere(async || {
        let memory = Memory { lies: true, ..Memory::default() };
        let (broken, commits) = (memory.broken.clone(), memory.commits.clone());
        let (writer, _thread) = Writer::start(memory, Sum::default()).unwrap();
        broken.store(true, Ordering::SeqCst);
        assert_eq!(writer.send(100).await, Err(Fault::Full));
        assert_eq!(commits.load(Ordering::SeqCst), 1, "it is not put there a second time");
        broken.store(false, Ordering::SeqCst);
        assert_eq!(writer.send(1).await, Ok(101));
    });
}

#[test]
fn a_command_that_panics_changes_nothing() {
    everywhere(async || {
        let (writer, _thread) = Writer::start(Memory::default(), Sum::default()).unwrap();
        let mut stored = writer.rows();
        assert!(matches!(writer.send(13).await, Err(Fault::Other(_))));
        assert_eq!(writer.send(2).await, Ok(2));
        assert_eq!(stored.recv().await.unwrap()[0].json, "2", "nor is it on record");
    });
}

#[test]
fn listeners_hear_of_every_batch() {
    everywhere(async || {
        let (writer, _thread) = Writer::start(Memory::default(), Sum::default()).unwrap();
        let mut rows = writer.rows();
        writer.send(4).await.unwrap();
        let heard = rows.recv().await.unwrap();
        assert_eq!(heard.iter().map(|row| row.json.as_str()).collect::<Vec<_>>(), ["4"]);
    });
}

#[test]
fn watchers_see_every_state_and_are_woken_where_it_says_so() {
    everywhere(async || {
        let (writer, _thread) = Writer::start(Memory::default(), Sum::default()).unwrap();
        let mut watch = writer.watch();
        for (number, total, woken) in [(4, 4, false), (5, 9, false), (-2, 7, true), (1, 8, false)] {
            writer.send(number).await.unwrap();
            assert_eq!((watch.has_changed().unwrap(), watch.borrow().total), (woken, total), "{number}");
            watch.mark_unchanged();
        }
    });
}

/// A store that panics once.
struct Panics(Memory, AtomicBool);

impl Store for Panics {
    fn load(&mut self, after: u64, each: super::super::Each) -> Result<(), Fault> {
        self.0.load(after, each)
    }

    fn append(&mut self, rows: &[Row], blobs: &[Blob]) -> Result<(), Fault> {
        self.0.append(rows, blobs)?;
        assert!(self.1.swap(true, Ordering::SeqCst), "after all was on disk");
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

#[test]
fn a_store_that_panics_is_opened_anew() {
    everywhere(async || {
        let store = Panics(Memory::default(), AtomicBool::new(false));
        let (writer, _thread) = Writer::start(store, Sum::default()).unwrap();
        assert!(matches!(writer.send(5).await, Err(Fault::Other(_))));
        assert_eq!(writer.send(2).await, Ok(7), "what reached the disk counts");
    });
}

/// Who comes first does not wait for all of those that come later, where these take long.
#[test]
fn commands_that_take_long_are_not_put_on_disk_together() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let (writer, _thread) = Writer::start(Memory::default(), Sum::default()).unwrap();
        let mut rows = writer.rows();
        let (first, second, third) = tokio::join!(writer.send(LONG), writer.send(LONG), writer.send(LONG));
        assert_eq!([first, second, third], [Ok(1000), Ok(2000), Ok(3000)]);
        for _ in 0..3 {
            assert_eq!(rows.try_recv().unwrap().len(), 1);
        }
    });
}

/// A store whose commits take until somebody else was heard.
struct Slow(Memory, std::sync::mpsc::Sender<()>, std::sync::mpsc::Receiver<()>);

impl Store for Slow {
    fn load(&mut self, after: u64, each: super::super::Each) -> Result<(), Fault> {
        self.0.load(after, each)
    }

    fn append(&mut self, rows: &[Row], blobs: &[Blob]) -> Result<(), Fault> {
        self.1.send(()).map_err(Fault::other)?;
        self.2.recv_timeout(Duration::from_secs(20)).map_err(Fault::other)?;
        self.0.append(rows, blobs)
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

#[test]
fn while_a_commit_takes_long_the_network_is_heard() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let ((begins, begun), (hear, heard)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
        let (writer, _thread) =
            Writer::start(Slow(Memory::default(), begins, heard), Sum::default()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            // Each sends a number: 0 is answered at once, others when they are on disk.
            while let Ok((mut stream, _)) = listener.accept().await {
                let writer = writer.clone();
                tokio::spawn(async move {
                    let number = stream.read_u8().await.unwrap();
                    let total = if number == 0 { 0 } else { writer.send(number.into()).await.unwrap() };
                    stream.write_u8(total.try_into().unwrap()).await.unwrap();
                });
            }
        });
        let clients = tokio::task::spawn_blocking(move || {
            let ask = |number: u8| {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
                stream.write_all(&[number]).unwrap();
                stream
            };
            let answer = |mut stream: std::net::TcpStream| {
                let mut byte = [0xff];
                stream.read_exact(&mut byte).unwrap();
                byte[0]
            };
            for total in [7, 14, 21] {
                let slow = ask(7);
                begun.recv().unwrap();
                assert_eq!(answer(ask(0)), 0);
                hear.send(()).unwrap();
                assert_eq!(answer(slow), total);
            }
        });
        clients.await.unwrap();
    });
}

/// A store of the numbers from 1 on, with a word in the place of one.
fn stored(count: u64, word_at: Option<u64>) -> Memory {
    let json = |seq: u64| if word_at == Some(seq) { "word".to_owned() } else { seq.to_string() };
    let rows = (1..=count).map(|seq| Row { seq, json: json(seq), ..Row::default() }).collect();
    Memory { rows, ..Memory::default() }
}

#[test]
fn a_state_catches_up_with_any_number_of_records() {
    for count in [0, 1, 255, 256, 257, 5000] {
        let mut state = Sum::default();
        catch_up(|after, each| stored(count, None).load(after, each), &mut state).unwrap();
        assert_eq!((state.count, state.total), (count, i64::try_from(count * (count + 1) / 2).unwrap()));
    }
}

#[test]
fn a_record_that_cannot_be_read_ends_the_catching_up() {
    for (count, word) in [(1, 1), (255, 100), (256, 256), (257, 257), (5000, 1), (5000, 700), (50_000, 4999)]
    {
        let mut state = Sum::default();
        let fault =
            catch_up(|after, each| stored(count, Some(word)).load(after, each), &mut state).unwrap_err();
        assert!(fault.to_string().contains("invalid digit"), "{count}, {word}: {fault}");
        assert_eq!(state.count, word - 1, "the records before it are taken up");
    }
}
