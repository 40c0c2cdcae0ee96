//! No room, no right to write, two at once, and a copy while it runs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::client::{Client, S, access, policy};
use crate::process::{PROGRAM, Server, run, serve};

const MACHINES: [&str; 2] = ["web1", "web2"];

/// Requests that were granted by the policy.
fn justifications(client: &Client) -> Vec<String> {
    let (_, policy) = client.get("default").expect("the server answers");
    let requests = policy["properties"]["requests"].as_array().cloned().unwrap_or_default();
    requests.iter().filter_map(|request| request["justification"].as_str().map(str::to_owned)).collect()
}

fn verified(data: &Path) {
    let (code, out, err) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(data));
    assert_eq!(code, Some(0), "{out}{err}");
}

#[test]
fn a_full_disk_is_told_of_and_leaves_nothing_by_half() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut shell = Command::new("sh");
    // Blocks of 512 bytes: no file may grow beyond 400 KiB, and to try is an error instead of the end.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 800; exec \"$0\" \"$@\"", PROGRAM]);
    let server = Server::spawn(shell, &data);
    let client = Client::new(&server);
    assert_eq!(client.put("default", &policy(MACHINES, "mark")).map(|(status, _)| status), Some(200));
    let mut granted = Vec::new();
    let error = loop {
        let tag = format!("n{}", granted.len());
        match client.initiate("default", &access(MACHINES, &tag), &tag).expect("the server answers") {
            (202, _) => granted.push(tag),
            (status, error) => break (status, error),
        }
        assert!(granted.len() < 5000, "the disk is never full");
    };
    assert_eq!((error.0, error.1["error"]["code"].as_str()), (503, Some("StorageFull")), "{error:?}");
    assert!(
        error.1["error"]["message"].as_str().is_some_and(|message| message.contains("full")),
        "{error:?}"
    );
    assert!(granted.len() > 30, "{}", granted.len());
    for _ in 0..3 {
        let (status, _) =
            client.initiate("default", &access(MACHINES, "late"), "late").expect("the server answers");
        assert_eq!(status, 503, "it goes on answering");
    }
    let (status, health) = client.send("GET", "/healthz", &Value::Null, "h").expect("the server answers");
    assert_eq!((status, health["error"]["code"].as_str()), (503, Some("StorageFull")), "{health}");
    assert_eq!(justifications(&client), granted, "reading goes on");
    let log = format!("/subscriptions/{S}/providers/Microsoft.Insights/eventtypes/management/values");
    let (status, log) = client.send("GET", &log, &Value::Null, "log").expect("the server answers");
    assert_eq!(status, 200, "the log can be read as well: {log}");
    let last = granted.last().expect("some were granted");
    let events = log["value"].as_array().cloned().unwrap_or_default();
    let latest: Vec<&Value> =
        events.iter().filter(|event| event.to_string().contains(&format!("\"{last}\\\""))).collect();
    assert_eq!(latest.len(), 2, "its begin and its end are in it: {:?}", events.first());
    drop(server);
    verified(&data);

    let server = Server::start(&data);
    let client = Client::new(&server);
    assert_eq!(justifications(&client), granted);
    assert_eq!(client.send("GET", "/healthz", &Value::Null, "h").map(|(status, _)| status), Some(200));
    let (status, _) =
        client.initiate("default", &access(MACHINES, "after"), "after").expect("the server answers");
    assert_eq!(status, 202, "with room it goes on");
    assert!(server.end().success());
    verified(&data);
}

#[test]
fn a_file_that_may_not_be_written_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert!(Server::start(&data).end().success());
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    allow(folder.path(), 0o755).expect("it is ours");
    allow(&data, 0o777).expect("it is ours");
    allow(&data.join("jitgate.lock"), 0o666).expect("it is ours");
    allow(&data.join("jitgate.db"), 0o444).expect("it is ours");
    let mut command = Command::new(PROGRAM);
    // Root may write everything; then somebody else tries.
    if fs::metadata(&data).is_ok_and(|data| std::os::unix::fs::MetadataExt::uid(&data) == 0) {
        command.uid(65534);
    }
    let (code, _, err) = run(serve(&mut command, &data));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("the data cannot be written: the file or its folder is read-only"), "{err}");
}

/// Evidence, on a disk that is read-only: SQLite makes files beside a database to read it, and these cannot be made.
#[test]
fn a_database_that_cannot_be_opened_is_told_of_in_plain_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert!(Server::start(&data).end().success());
    let journal = data.join("jitgate.db-wal");
    // It stays where a reader of the database was closed last.
    let _ = fs::remove_file(&journal);
    fs::create_dir(&journal).expect("it is ours");
    let copy = folder.path().join("copy");
    for args in [&["audit", "verify"][..], &["token", "list"], &["backup"]] {
        let mut command = Command::new(PROGRAM);
        command.args(args).arg("--data").arg(&data);
        if *args == ["backup"] {
            command.arg(&copy);
        }
        let (code, _, err) = run(&mut command);
        assert_eq!(code, Some(2), "{args:?}: {err}");
        let plain = err.contains("may not be read or not be written") && err.contains("copy these files");
        assert!(plain && !err.contains("unable to open"), "{args:?}: {err}");
    }
}

/// What a server says until it has said some words, and then while it ends in order: output, complaints.
fn said_until(command: &mut Command, words: &str) -> (String, String) {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
    let mut out = String::new();
    while !out.contains(words) {
        out.push_str(&lines.next().unwrap_or_else(|| panic!("it ends: {out}")).expect("UTF-8"));
        out.push('\n');
    }
    let (code, ..) = run(Command::new("kill").args(["-TERM", &child.id().to_string()]));
    assert_eq!(code, Some(0));
    let rest = child.wait_with_output().expect("it ends");
    assert!(rest.status.success(), "{rest:?}");
    (out, String::from_utf8(rest.stderr).expect("UTF-8"))
}

/// The warning goes to the log, so to the standard error.
#[test]
fn a_server_for_everybody_warns_and_its_link_can_be_used() {
    let folder = tempfile::tempdir().expect("a folder");
    for (listen, warned) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let data = folder.path().join(warned.to_string());
        // One that never says it is ended.
        let mut command = Command::new("timeout");
        command.args(["60", PROGRAM, "serve", "--listen", listen, "--data"]).arg(&data);
        let (out, err) = said_until(&mut command, "#token=");
        let link = out.lines().find(|line| line.contains("#token=")).expect("a link");
        assert!(link.trim().starts_with("http://127.0.0.1:"), "{link}");
        assert_eq!(err.contains("tokens travel in clear text"), warned, "{err}");
    }
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut first = Server::start(&data);
    let (code, _, err) = run(serve(&mut Command::new(PROGRAM), &data));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("another jitgate is using"), "{err}");
    first.kill();
    // A killed one leaves no lock behind.
    drop(Server::start(&data));
}

#[test]
fn a_copy_of_running_data_serves_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let server = Server::start(&data);
    let client = Client::new(&server);
    client.put("default", &policy(MACHINES, "mark"));
    client.initiate("default", &access(MACHINES, "one"), "one");
    fs::create_dir(&copy).expect("the folder can be written");
    let backup = |file: &Path| run(Command::new(PROGRAM).arg("backup").arg(file).arg("--data").arg(&data));
    let (code, _, err) = backup(&copy.join("jitgate.db"));
    assert_eq!(code, Some(0), "{err}");
    let (code, _, err) = backup(&copy.join("jitgate.db"));
    assert_eq!(code, Some(2), "{err}");
    client.initiate("default", &access(MACHINES, "two"), "two");
    fs::copy(data.with_extension("token"), copy.with_extension("token")).expect("the token is kept");
    let second = Server::start(&copy);
    assert_eq!(justifications(&Client::new(&second)), ["one"]);
    assert_eq!(justifications(&client), ["one", "two"]);

    let (code, out, _) = run(Command::new(PROGRAM).args(["audit", "export", "--data"]).arg(&data));
    assert_eq!(code, Some(0));
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.iter().map(|line| line["seq"].as_u64()).collect::<Vec<_>>(), [1, 2, 3, 4, 5].map(Some));
    let (code, out, _) = run(Command::new(PROGRAM).args(["audit", "state", "--data"]).arg(&copy));
    assert_eq!(code, Some(0));
    let state: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(state["policies"]["value"][0]["properties"]["requests"].as_array().map(Vec::len), Some(1));
}

fn verify(data: &Path, more: &[&str]) -> (Option<i32>, String) {
    let (code, out, _) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(data).args(more));
    (code, out)
}

/// Data with a policy and a request, and the database that they are in.
fn some(folder: &Path) -> (PathBuf, rusqlite::Connection) {
    let data = folder.join("data");
    let server = Server::start(&data);
    let client = Client::new(&server);
    client.put("default", &policy(MACHINES, "mark"));
    client.initiate("default", &access(MACHINES, "harmless"), "one");
    assert!(server.end().success());
    let database = rusqlite::Connection::open(data.join("jitgate.db")).expect("a database");
    (data, database)
}

#[test]
fn an_edited_record_breaks_the_chain_and_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, database) = some(folder.path());
    let edited =
        database.execute("UPDATE events SET json = replace(json, 'harmless', 'harmful') WHERE seq = 4", []);
    assert_eq!(edited, Ok(1));
    let (code, out) = verify(&data, &[]);
    assert_eq!(code, Some(1));
    assert!(out.contains("record 4 was edited"), "{out}");
    let mut server = Command::new("timeout");
    let (code, out, err) = run(serve(server.args(["60", PROGRAM]), &data));
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("record 4 was edited: restore a backup"), "{err}");
}

#[test]
fn an_edited_activity_log_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, database) = some(folder.path());
    let (code, whole) = verify(&data, &[]);
    assert_eq!(code, Some(0), "{whole}");
    for (edit, undo, words) in [
        (
            "UPDATE events SET caller = 'x' || caller",
            "UPDATE events SET caller = substr(caller, 2)",
            "column `caller` of record 1",
        ),
        (
            "UPDATE events SET time = time + 1 WHERE seq = 4",
            "UPDATE events SET time = time - 1 WHERE seq = 4",
            "column `time` of record 4",
        ),
        (
            "UPDATE events SET operation = operation || 'x'",
            "UPDATE events SET operation = substr(operation, 1, length(operation) - 1)",
            "column `operation`",
        ),
        (
            "UPDATE events SET correlation = 'x' || correlation",
            "UPDATE events SET correlation = substr(correlation, 2)",
            "column `correlation`",
        ),
        (
            "INSERT INTO events SELECT -5, time, operation, caller, correlation, json FROM events WHERE seq = 4",
            "DELETE FROM events WHERE seq < 1",
            "a row has the number -5, which no record is given",
        ),
        (
            "INSERT INTO mentions VALUES ('s', 1, 1, 3, 'r')",
            "DELETE FROM mentions WHERE resource = 'r'",
            "1 of its mentions",
        ),
        (
            "DELETE FROM mentions WHERE seq = 4 AND subject = 1",
            "",
            "record 4 is not found by `/subscriptions/",
        ),
    ] {
        assert!(database.execute(edit, []).is_ok_and(|rows| rows > 0), "{edit}");
        let (code, out) = verify(&data, &[]);
        assert_eq!(code, Some(1), "{edit}: {out}");
        assert!(out.contains(words), "{out}");
        database.execute_batch(undo).expect("it is undone");
    }
}

#[test]
fn an_activity_log_that_does_not_say_how_far_it_goes_is_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, database) = some(folder.path());
    let forged = "INSERT INTO mentions VALUES ('s', 1, 1, 1, '/subscriptions/s/resourcegroups/forged')";
    database
        .execute_batch(&format!("DELETE FROM settled; DELETE FROM mentions; {forged}"))
        .expect("it is ours");
    let (code, out) = verify(&data, &[]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("does not say any more up to which record it goes"), "{out}");
    let server = Server::start(&data);
    assert!(server.end().success());
    assert_eq!(verify(&data, &[]).0, Some(0));
    let mentions = database.query_row("SELECT count(*) FROM mentions", [], |row| row.get::<_, i64>(0));
    assert!(mentions.is_ok_and(|count| count > 0));
    database.execute_batch("DROP TABLE settled").expect("it is ours");
    let (code, _, err) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(&data));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("the data file is damaged") && err.contains("settled"), "{err}");
}

#[test]
fn a_head_that_was_kept_finds_a_log_that_was_cut_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, database) = some(folder.path());
    let (_, whole) = verify(&data, &[]);
    let head = whole.trim().strip_prefix("4 records, the chain is whole: ").expect("a head").to_owned();
    assert_eq!(verify(&data, &["--head", &head]), (Some(0), whole));
    database
        .execute_batch("DELETE FROM mentions WHERE seq = 4; DELETE FROM events WHERE seq = 4")
        .expect("it is ours");
    assert_eq!(verify(&data, &[]).0, Some(0), "by itself, a shorter chain is whole");
    let (code, out) = verify(&data, &["--head", &head]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("cut off") && out.contains(&head), "{out}");
    database.execute_batch("DELETE FROM mentions; DELETE FROM events").expect("it is ours");
    assert_eq!(verify(&data, &[]), (Some(0), "0 records: there is nothing to verify\n".to_owned()));
    assert_eq!(verify(&data, &["--head", &head]).0, Some(1));
    assert_eq!(verify(&data, &["--head", "ab"]).0, Some(2));
}

/// What is written to a file that nobody can find is lost at the end: no answer may say that it is on disk.
#[test]
fn data_that_is_taken_away_under_a_server_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, away) = (folder.path().join("data"), folder.path().join("away"));
    let server = Server::start(&data);
    let client = Client::new(&server);
    let put = |mark: &str| client.put("default", &policy(MACHINES, mark)).expect("the server answers");
    let health = || {
        let (status, body) = client.send("GET", "/healthz", &Value::Null, "h").expect("the server answers");
        // To everybody no more than that it is ill.
        let place = folder.path().to_string_lossy();
        assert!(!body.to_string().contains(&*place) && !body.to_string().contains("jitgate.db"), "{body}");
        status
    };
    assert_eq!((put("one").0, health()), (200, 200));
    fs::rename(&data, &away).expect("the folder can be moved");
    assert_eq!(health(), 503, "no command has to come for that");
    // A writer looks for it again after a tenth of a second.
    std::thread::sleep(std::time::Duration::from_millis(200));
    let (status, error) = put("two");
    assert_eq!((status, error["error"]["code"].as_str()), (503, Some("StorageUnavailable")), "{error}");
    assert!(error["error"]["message"].as_str().is_some_and(|words| words.contains("moved")), "{error}");
    assert_eq!((put("three").0, health()), (503, 503));
    assert_eq!(client.get("default").map(|(status, _)| status), Some(200), "reading goes on");
    assert!(!data.exists(), "no other one is made");
    fs::rename(&away, &data).expect("the folder can be moved back");
    assert_eq!((put("four").0, health()), (200, 200));
    drop(server);
    verified(&data);
}
