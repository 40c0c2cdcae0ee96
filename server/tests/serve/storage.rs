//! No room, no right to write, two at once, and a copy while it runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::Value;

use crate::client::{Client, access, policy};
use crate::process::{PROGRAM, Server, run, serve};

const MACHINES: [&str; 2] = ["web1", "web2"];

/// Requests that were granted by the policy.
fn justifications(client: &Client) -> Vec<String> {
    let (_, policy) = client.get("default").expect("the server answers");
    let requests = policy["properties"]["requests"].as_array().cloned().unwrap_or_default();
    requests.iter().filter_map(|request| request["justification"].as_str().map(str::to_owned)).collect()
}

fn verified(data: &std::path::Path) {
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
    assert_eq!(justifications(&client), granted, "reading goes on");
    drop(server);
    verified(&data);

    let server = Server::start(&data);
    let client = Client::new(&server);
    assert_eq!(justifications(&client), granted);
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
    let allow = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
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
    let backup =
        |file: &std::path::Path| run(Command::new(PROGRAM).arg("backup").arg(file).arg("--data").arg(&data));
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

#[test]
fn an_edited_record_breaks_the_chain() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let client = Client::new(&server);
    client.put("default", &policy(MACHINES, "mark"));
    client.initiate("default", &access(MACHINES, "harmless"), "one");
    assert!(server.end().success());
    let database = rusqlite::Connection::open(data.join("jitgate.db")).expect("a database");
    let edited =
        database.execute("UPDATE events SET json = replace(json, 'harmless', 'harmful') WHERE seq = 4", []);
    assert_eq!(edited, Ok(1));
    let (code, out, _) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(&data));
    assert_eq!(code, Some(1));
    assert!(out.contains("record 4 was edited"), "{out}");
}
