//! What the store keeps, and what it refuses.

#![expect(clippy::arithmetic_side_effects, reason = "small numbers of the test's own")]

use jitgate_core::ledger::search::{Place, Wanted};

use super::super::{ActivityQuery, Mention, Reader, backup};
use super::*;

fn row(seq: u64) -> Row {
    Row { seq, time: i64::try_from(seq).unwrap() * 10, json: format!("{{\"seq\":{seq}}}"), ..Row::default() }
}

fn all(store: &mut Sqlite) -> Vec<(u64, String)> {
    let mut all = Vec::new();
    let mut each = |seq, json: &str| {
        all.push((seq, json.to_owned()));
        Ok(())
    };
    store.load(0, &mut each).unwrap();
    all
}

#[test]
fn what_was_appended_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let mut store = Sqlite::open(&path).unwrap();
    let blob = Blob { digest: "ab".to_owned(), bytes: vec![0, 255] };
    store.append(&[row(1), row(2)], std::slice::from_ref(&blob)).unwrap();
    store.append(&[row(3)], std::slice::from_ref(&blob)).unwrap();
    drop(store);
    let mut store = Sqlite::open(&path).unwrap();
    let expected = [1, 2, 3].map(|seq| (seq, format!("{{\"seq\":{seq}}}")));
    assert_eq!(all(&mut store), expected);
    let reader = store.reader(derived);
    assert_eq!(reader.blob("ab").unwrap(), Some(blob.bytes));
    assert_eq!(reader.blob("cd").unwrap(), None);
}

/// Also in a folder that everybody may look into.
#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut store = Sqlite::open(&folder.path().join("x.db")).unwrap();
    store.append(&[row(1)], &[]).unwrap();
    for name in ["x.db", "x.db-wal", "x.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// What SQLite was built with cannot be asked for; what it was to be built with can (`.cargo/config.toml`).
#[test]
fn a_commit_need_not_wait_for_time_stamps() {
    let flags = option_env!("LIBSQLITE3_FLAGS").unwrap_or_default();
    assert!(flags.contains("-DHAVE_FDATASYNC"), "{flags:?}");
}

#[test]
fn a_batch_is_all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Sqlite::open(&folder.path().join("x.db")).unwrap();
    store.append(&[row(1)], &[]).unwrap();
    store.append(&[row(2), row(1)], &[]).unwrap_err();
    assert_eq!(all(&mut store).len(), 1);
    store.append(&[row(2)], &[]).unwrap();
    assert_eq!(all(&mut store).len(), 2);
}

#[test]
fn a_file_that_is_no_database_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(
        &path,
        "something else entirely, and long enough to have a header of a hundred bytes; ".repeat(9),
    )
    .unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Fault::Damaged(_))));
}

#[test]
fn a_backup_holds_all_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("x.db"), folder.path().join("copy.db"));
    let mut store = Sqlite::open(&path).unwrap();
    store.append(&[row(1), row(2)], &[]).unwrap();
    // The store is still open, and its rows may be in the write-ahead log alone.
    backup(&path, &copy).unwrap();
    assert_eq!(all(&mut Sqlite::open(&copy).unwrap()), all(&mut store));
    backup(&path, &copy).unwrap_err();
    backup(&folder.path().join("missing.db"), &folder.path().join("other.db")).unwrap_err();
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name == "other.db"), "{left:?}");
}

/// Six records about resources of two subscriptions.
fn about(seq: u64) -> Row {
    let mention = |subscription: &str, rest: &str, subject| Mention {
        subscription: subscription.to_owned(),
        resource: format!("/subscriptions/{subscription}/resourcegroups/{rest}"),
        subject,
    };
    let group = if seq % 2 == 1 { "even" } else { "odd" };
    let own = [mention("s", &format!("{group}/p"), true), mention("s", &format!("vms/{}", seq - 1), false)];
    let mentions = match seq {
        5 => [own.to_vec(), vec![mention("s", "even/q", true)]].concat(),
        6 => vec![mention("t", "even/p", true)],
        _ => own.to_vec(),
    };
    let correlation = format!("c{seq}");
    Row { mentions, caller: "ann".to_owned(), correlation, ..row(seq) }
}

fn number(json: &str) -> Option<u64> {
    json.strip_prefix("{\"seq\":")?.strip_suffix('}')?.parse().ok()
}

/// By their mentions, and one by one where they have none yet: all of them, the last ones, or none.
#[test]
fn activity_is_found_by_what_it_is_about() {
    for settled in [0, 3, 6] {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Sqlite::open(&folder.path().join("x.db")).unwrap();
        let rows: Vec<Row> = (1..=6).map(about).collect();
        let (first, last) = rows.split_at(settled);
        store.append(first, &[]).unwrap();
        store.settle(&mut |_| panic!("all of it is at hand")).unwrap();
        store.append(last, &[]).unwrap();
        let reader = store.reader(|json| Some(about(number(json)?)));
        let records = Wanted { subscription: "s".to_owned(), ..Wanted::default() };
        let of = |records| ActivityQuery { records, limit: 10, ..ActivityQuery::default() };
        let query = of(records.clone());
        let found = |query: ActivityQuery| -> Vec<u64> {
            reader.activity(&query).unwrap().iter().map(|found| found.seq).collect()
        };
        assert_eq!(found(query.clone()), [5, 5, 4, 3, 2, 1], "the latest first, each resource by itself");
        assert_eq!(found(ActivityQuery { limit: 3, ..query.clone() }), [5, 5, 4]);
        // A page after the other, each begins where the last one ended.
        let (mut after, mut all) = (None, Vec::new());
        while let Some(one) =
            reader.activity(&ActivityQuery { limit: 1, after: after.take(), ..query.clone() }).unwrap().pop()
        {
            after = Some((one.seq, one.resource.clone()));
            assert!(!all.contains(&one), "comes again: {one:?}");
            let again = ActivityQuery { limit: 1, after: after.clone(), again: true, ..query.clone() };
            assert_eq!(reader.activity(&again).unwrap().pop().as_ref(), Some(&one), "unless it is asked for");
            all.push(one);
        }
        assert_eq!(all, reader.activity(&query).unwrap());
        assert_eq!(found(of(Wanted { from: Some(20), until: Some(40), ..records.clone() })), [4, 3, 2]);
        let place = |place| of(Wanted { place, ..records.clone() });
        assert_eq!(found(place(Place::Group("odd".to_owned()))), [4, 2]);
        assert_eq!(found(place(Place::Group("od".to_owned()))), [0; 0]);
        assert_eq!(found(place(Place::Resource("/subscriptions/s/resourcegroups/even/q".to_owned()))), [5]);
        assert_eq!(found(place(Place::Resource("/subscriptions/s/resourcegroups/vms/1".to_owned()))), [2]);
        assert_eq!(found(of(Wanted { correlation: Some("c4".to_owned()), ..records.clone() })), [4]);
        assert_eq!(found(of(Wanted { caller: Some("bob".to_owned()), ..records.clone() })), [0; 0]);
        let holds = |part: &str| of(Wanted { caller_holds: Some(part.to_owned()), ..records.clone() });
        for (part, all) in [("nn", true), ("ann", true), ("", true), ("b", false), ("%", false)] {
            assert_eq!(found(holds(part)) == found(query.clone()), all, "{part}");
            assert_eq!(found(holds(part)).is_empty(), !all, "{part}");
        }
    }
}

/// The record of that number as others find it, of its JSON.
fn derived(json: &str) -> Option<Row> {
    let seq = number(json)?;
    let resource = format!("/subscriptions/s/{seq}");
    let mention = Mention { subscription: "s".to_owned(), resource, subject: true };
    Some(Row { mentions: vec![mention], ..row(seq) })
}

/// What is found by its mentions alone.
fn found(store: &Sqlite) -> Vec<u64> {
    let records = Wanted { subscription: "s".to_owned(), ..Wanted::default() };
    let query = ActivityQuery { records, limit: 100, ..ActivityQuery::default() };
    // Of what has none yet nothing is made.
    store
        .reader(|json| Some(Row { mentions: Vec::new(), ..row(number(json)?) }))
        .activity(&query)
        .unwrap()
        .iter()
        .map(|found| found.seq)
        .rev()
        .collect()
}

#[test]
fn records_are_found_once_they_are_settled_whoever_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let rows = |seqs: std::ops::Range<u64>| -> Vec<Row> {
        seqs.map(|seq| derived(&row(seq).json).unwrap()).collect()
    };
    let (mut one, mut other) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
    one.append(&rows(1..4), &[]).unwrap();
    other.append(&rows(4..6), &[]).unwrap();
    one.append(&rows(6..7), &[]).unwrap();
    assert_eq!(found(&one), [0; 0]);
    // Each has some of them alone.
    other.settle(&mut derived).unwrap();
    assert_eq!(found(&one), [1, 2, 3, 4, 5, 6]);
    one.settle(&mut |_| panic!("nothing is left to do")).unwrap();
    one.append(&rows(7..9), &[]).unwrap();
    drop((one, other));
    let mut store = Sqlite::open(&path).unwrap();
    store.settle(&mut derived).unwrap();
    store.append(&rows(9..10), &[]).unwrap();
    store.settle(&mut |_| panic!("all of it is at hand")).unwrap();
    assert_eq!(found(&store), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // A log that was cut off goes on where it ends.
    let cut = "DELETE FROM mentions WHERE seq > 7; DELETE FROM events WHERE seq > 7";
    Connection::open(&path).unwrap().execute_batch(cut).unwrap();
    store.settle(&mut derived).unwrap();
    store.append(&rows(8..9), &[]).unwrap();
    store.settle(&mut derived).unwrap();
    assert_eq!(found(&store), [1, 2, 3, 4, 5, 6, 7, 8]);
    // Where the records alone were cut off, what mentioned them leads to none that comes in their place.
    let cut = "PRAGMA foreign_keys = OFF; DELETE FROM events WHERE seq > 7";
    Connection::open(&path).unwrap().execute_batch(cut).unwrap();
    store.settle(&mut derived).unwrap();
    let elsewhere =
        Mention { subscription: "t".to_owned(), ..derived(&row(8).json).unwrap().mentions.remove(0) };
    store.append(&[Row { mentions: vec![elsewhere], ..row(8) }], &[]).unwrap();
    store.settle(&mut |_| panic!("all of it is at hand")).unwrap();
    assert_eq!(found(&store), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn commits_wait_for_the_disk_also_after_settling() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Sqlite::open(&folder.path().join("x.db")).unwrap();
    let mode = |store: &mut Sqlite| -> i64 {
        store.connection().unwrap().pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap()
    };
    assert_eq!(mode(&mut store), 2);
    store.append(&[row(1)], &[]).unwrap();
    store.settle(&mut |_| None).unwrap();
    assert_eq!(mode(&mut store), 2);
    // Also where it comes to nothing.
    store.connection().unwrap().execute_batch("DROP TABLE mentions").unwrap();
    store.append(&[Row { mentions: vec![Mention::default()], ..row(2) }], &[]).unwrap();
    store.settle(&mut |_| None).unwrap_err();
    assert_eq!(mode(&mut store), 2);
}

#[test]
fn a_batch_is_told_of_what_others_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let (mut one, mut other) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
    assert!(one.begin().unwrap(), "at first nothing is known");
    one.append(&[row(1)], &[]).unwrap();
    assert!(!one.begin().unwrap(), "its own batches are no news");
    one.abandon().unwrap();
    other.append(&[row(2)], &[]).unwrap();
    assert!(one.begin().unwrap());
    one.abandon().unwrap();
    assert!(!one.begin().unwrap());
    one.abandon().unwrap();
    one.reopen().unwrap();
    assert!(one.begin().unwrap(), "after a fault nothing is known");
}

#[cfg(unix)]
#[test]
fn a_file_that_was_taken_away_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("x.db"), folder.path().join("away.db"));
    let mut store = Sqlite::open(&path).unwrap();
    let reader = store.reader(derived);
    store.append(&[row(1)], &[]).unwrap();
    let gone = Err(Fault::Gone(path.display().to_string()));
    // It is looked for now and then.
    let later = || std::thread::sleep(Duration::from_millis(150));
    std::fs::rename(&path, &away).unwrap();
    later();
    assert_eq!(store.append(&[row(2)], &[]), gone);
    assert_eq!(store.reopen(), gone);
    assert_eq!(store.begin(), Err(gone.clone().unwrap_err()));
    assert_eq!(reader.blob("").unwrap_err(), gone.clone().unwrap_err());
    assert!(!path.exists(), "no other one is made");
    // Nor is another one taken for it.
    std::fs::copy(&away, &path).unwrap();
    assert_eq!(store.append(&[row(2)], &[]), gone);
    std::fs::rename(&away, &path).unwrap();
    store.append(&[row(2)], &[]).unwrap();
    assert_eq!(reader.blob("").unwrap(), None);
    // What is written goes to the log first.
    let log = folder.path().join("x.db-wal");
    std::fs::rename(&log, &away).unwrap();
    later();
    assert_eq!(store.append(&[row(3)], &[]), gone);
    std::fs::rename(&away, &log).unwrap();
    store.append(&[row(3)], &[]).unwrap();
    assert_eq!(all(&mut store).len(), 3);
}
