//! What a running server does by itself.

use std::fs::File;
use std::io::Read;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use jitgate_core::Timestamp;
use jitgate_tests::until;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;

use crate::client::{Client, machine, policy};
use crate::process::{PROGRAM, Server, run, serve};

/// Nobody asks for it: an end is on record soon after it has come.
#[test]
fn what_ends_is_written_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let client = Client::new(&server);
    assert_eq!(client.put("default", &policy(["web1", "web2"], "mark")).map(|(status, _)| status), Some(200));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970").as_secs();
    // A server that takes long to answer must not take the end for past.
    let end = i64::try_from(now).ok().and_then(|now| Timestamp::from_unix(now + 20, 0)).expect("a time");
    let port = json!({ "number": 22, "endTimeUtc": end.to_string() });
    let access = json!({ "virtualMachines": [{ "id": machine("web1"), "ports": [port] }] });
    let (status, answer) = client.initiate("default", &access, "one").expect("the server answers");
    assert_eq!(status, 202, "{answer}");
    let export = || {
        let (code, out, err) = run(Command::new(PROGRAM).args(["audit", "export", "--data"]).arg(&data));
        assert_eq!(code, Some(0), "{err}");
        out
    };
    assert!(!export().contains("ccessExpired"), "it has not ended yet");
    until("its end is on record", || export().contains("ccessExpired"));
}

/// By SIGHUP a certificate is read anew; where there is none, it ends nothing.
#[test]
fn a_hangup_ends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&folder.path().join("data"));
    let client = Client::new(&server);
    for mark in ["one", "two"] {
        server.signal("-HUP");
        assert_eq!(
            client.put("default", &policy(["web1", "web2"], mark)).map(|(status, _)| status),
            Some(200)
        );
        // A process that was to end would have had the time for it.
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(client.get("default").is_some_and(|(status, _)| status == 200));
    assert!(server.end().success());
}

#[test]
fn a_terminal_gets_the_log_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&near).and_then(|()| unlockpt(&near)).expect("it is ours");
    let name = ptsname(&near, Vec::new()).expect("a name").into_string().expect("UTF-8");
    let far = File::options().read(true).write(true).open(name).expect("its other end");
    let mut command = Command::new(PROGRAM);
    command.stderr(far);
    assert!(Server::spawn(command, &folder.path().join("data")).end().success());
    let mut said = String::new();
    // It ends with an error, once nobody is at the other end.
    drop(File::from(near).read_to_string(&mut said));
    assert_eq!(said, "", "the log is off");
}

#[test]
fn a_log_that_cannot_be_told_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for text in ["jitgate=lots", "info,jitgate=9"] {
        let mut command = Command::new("timeout");
        let (code, out, err) = run(serve(command.args(["60", PROGRAM]).env("JITGATE_LOG", text), &data));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{text}: {err}");
        assert!(
            err.starts_with("error: `JITGATE_LOG` cannot be used: ") && err.lines().count() == 1,
            "{err}"
        );
        assert!(!data.exists(), "{text}");
    }
}
