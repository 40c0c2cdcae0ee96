//! A disk that takes what is written, and fails when it is to keep it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::client::{Client, policy};
use crate::process::{PROGRAM, Server, run};

/// As long as a file is there, no other file is kept.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int fails(void) { return access(getenv("JITGATE_TEST_NO_SYNC"), F_OK) == 0; }
int fsync(int file) {
    if (fails()) { errno = EIO; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}
int fdatasync(int file) {
    if (fails()) { errno = EIO; return -1; }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
"#;

/// By the compiler that SQLite was built with.
fn shim(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("sync.c"), folder.join("sync.so"));
    fs::write(&source, SHIM).expect("the folder can be written");
    let mut compile = Command::new("cc");
    let (code, _, err) = run(compile.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl"));
    assert_eq!(code, Some(0), "{err}");
    library
}

#[test]
fn what_the_disk_does_not_keep_is_not_taken_for_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, flag) = (folder.path().join("data"), folder.path().join("no-sync"));
    let mut program = Command::new(PROGRAM);
    program.env("LD_PRELOAD", shim(folder.path())).env("JITGATE_TEST_NO_SYNC", &flag);
    let server = Server::spawn(program, &data);
    let client = Client::new(&server);
    let put =
        |mark: &str| client.put("default", &policy(["web1", "web2"], mark)).expect("the server answers");
    let health = || client.send("GET", "/healthz", &Value::Null, "h").expect("the server answers");
    assert_eq!((put("one").0, health().0), (200, 200));
    fs::write(&flag, "").expect("the folder can be written");
    let (status, error) = put("two");
    assert_eq!((status, error["error"]["code"].as_str()), (503, Some("StorageUnavailable")), "{error}");
    // Whoever asks has the disk tried again, and it is as it was.
    for _ in 0..3 {
        let (status, body) = health();
        assert_eq!((status, body["error"]["code"].as_str()), (503, Some("StorageUnavailable")), "{body}");
    }
    let (_, shown) = client.get("default").expect("the server answers");
    assert!(shown.to_string().contains("/one\"") && !shown.to_string().contains("/two\""), "{shown}");
    fs::remove_file(&flag).expect("it is there");
    assert_eq!(health().0, 200, "no command has to come for that");
    assert_eq!((put("three").0, health().0), (200, 200));
    assert!(server.end().success());
    let (code, out, err) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(&data));
    assert_eq!(code, Some(0), "{out}{err}");
}
