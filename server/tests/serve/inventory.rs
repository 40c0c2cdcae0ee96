//! An imported network as clients see it, and as the command line does.

use std::path::{Path, PathBuf};
use std::process::Command;

use jitgate_tests::until;
use serde_json::{Value, json};

use crate::client::Client;
use crate::process::{PROGRAM, Server, run};

/// Three machines in one network; the subscription that they are in.
const SUBSCRIPTION: &str = "2b7e9c41-5d0a-4f86-b1c3-7a9e60d4f218";

fn harbour() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/networks/harbour");
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
    files.sort();
    files
}

fn import(data: &Path, files: &[PathBuf], more: &[&str]) -> (Option<i32>, String, String) {
    run(Command::new(PROGRAM).args(["import", "--data"]).arg(data).args(more).args(files))
}

fn group(kind: &str, name: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-harbour/providers/{kind}/{name}")
}

fn get(client: &Client, path: &str) -> Value {
    let (status, answer) = client.send("GET", path, &Value::Null, "get").expect("an answer");
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["value"].as_array().expect("a list").iter();
    items.map(|item| item["name"].as_str().expect("a name")).collect()
}

#[test]
fn import_says_what_was_read_and_adds_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let files = harbour();
    let (code, out, err) = import(&data, &files, &[]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("vm-list.json: 3 virtualMachines\n"), "{out}");
    assert!(out.contains("imported 6 files: "), "{out}");
    // Another import takes its place, unless it is added.
    let vms: Vec<PathBuf> = files.iter().filter(|file| file.ends_with("vm-list.json")).cloned().collect();
    let (_, out, _) = import(&data, &vms, &["--format", "json"]);
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(answer["counts"]["virtualMachines"], 3);
    assert_eq!(answer["counts"]["networkSecurityGroups"], Value::Null);
    let (_, out, _) = import(&data, &files, &["--add", "--format", "json"]);
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(answer["files"].as_array().map(Vec::len), Some(6), "a file of the same name is a newer one");
    // A pipe is a file as well.
    let piped = std::fs::File::open(vms.first().expect("there is one")).expect("readable");
    let mut command = Command::new(PROGRAM);
    command.args(["import", "-", "--format", "json", "--data"]).arg(&data).stdin(piped);
    let (code, out, err) = run(&mut command);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (&answer["files"][0]["name"], &answer["counts"]["virtualMachines"]),
        (&json!("<stdin>"), &json!(3))
    );
    let (_, out, _) = import(&data, &files, &["--format", "json"]);
    assert!(out.contains("networkSecurityGroups"), "{out}");
    // What is no network changes nothing.
    let note = folder.path().join("note.json");
    std::fs::write(&note, "{}").expect("it is ours");
    let (code, out, err) = import(&data, &[note], &[]);
    assert_eq!(code, Some(2), "{out}");
    assert!(err.contains("nothing was imported"), "{err}");
    let (code, _, err) = import(&data, &[folder.path().join("none.json")], &[]);
    assert_eq!(code, Some(2));
    assert!(err.contains("there is no file"), "{err}");
    let server = Server::start(&data);
    let client = Client::new(&server);
    let list = format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines");
    assert_eq!(names(&get(&client, &list)), ["vm-app", "vm-db", "vm-jump"]);
    // What is imported beside a running server is shown by it soon.
    let soon = |expected: &[&str]| {
        until(&format!("{expected:?} are shown"), || names(&get(&client, &list)) == expected);
    };
    let other: Vec<PathBuf> = files.iter().filter(|file| file.ends_with("nsg-list.json")).cloned().collect();
    let (code, out, err) = import(&data, &other, &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("imported 1 file: "), "{out}");
    soon(&[]);
    let (code, out, err) = import(&data, &vms, &["--add"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("imported 2 files: "), "{out}");
    soon(&["vm-app", "vm-db", "vm-jump"]);
    assert!(server.end().success());
    let (code, out, _) = run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(&data));
    assert_eq!(code, Some(0), "{out}");
}

#[test]
fn an_import_of_nothing_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, note) = (folder.path().join("data"), folder.path().join("note.json"));
    std::fs::write(&note, "{}").expect("it is ours");
    for more in [&[][..], &["--add"]] {
        let (code, out, err) = import(&data, std::slice::from_ref(&note), more);
        assert_eq!(code, Some(2), "{out}");
        assert!(!out.contains("imported"), "{out}");
        assert!(err.contains("nothing was imported"), "{err}");
        assert!(!data.exists());
    }
    let (code, _, err) = import(&data, &harbour(), &["--add"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("made a new data folder"), "{err}");
}

#[test]
fn a_network_under_a_policy() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    import(&data, &harbour(), &[]);
    let server = Server::start(&data);
    let client = Client::new(&server);
    let jump = group("Microsoft.Compute/virtualMachines", "vm-jump");
    let policy = group("Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies", "default");
    let body = json!({"kind": "Basic", "properties": {"virtualMachines": [{"id": jump, "ports": [
        {"number": 3389, "protocol": "TCP", "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"}
    ]}]}});
    let nsg = group("Microsoft.Network/networkSecurityGroups", "nsg-jump");
    let jit = |nsg: &Value| -> Vec<String> {
        let rules = nsg["properties"]["securityRules"].as_array().expect("rules").iter();
        let names = rules.map(|rule| rule["name"].as_str().expect("a name").to_owned());
        names.filter(|name| name.contains("JITRule")).collect()
    };
    assert_eq!(jit(&get(&client, &nsg)).len(), 0);
    assert_eq!(client.send("PUT", &policy, &body, "put").map(|(status, _)| status), Some(200));
    assert_eq!(jit(&get(&client, &nsg.to_uppercase().replace("/SUBSCRIPTIONS", "/subscriptions"))).len(), 1);
    let request = json!({"virtualMachines": [{"id": jump, "ports": [
        {"number": 3389, "duration": "PT1H", "allowedSourceAddressPrefix": "198.18.4.21"}
    ]}], "justification": "look at the crane"});
    let (status, answer) =
        client.send("POST", &format!("{policy}/initiate"), &request, "one").expect("an answer");
    assert_eq!(status, 202, "{answer}");
    assert_eq!(jit(&get(&client, &nsg)).len(), 2);

    let exposure = get(&client, &format!("{jump}/providers/Microsoft.Security/jitExposure"));
    assert_eq!(exposure["class"], "configured");
    assert_eq!(exposure["open"][0]["sources"], json!(["198.18.4.21"]));
    assert_eq!(exposure["open"][0]["effective"], true);
    assert_eq!(exposure["requests"]["lastSevenDays"], 1);
    let list =
        get(&client, &format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Security/jitExposure"));
    assert_eq!(names(&list), ["vm-app", "vm-db", "vm-jump"]);
    assert_eq!(
        list["counts"],
        json!({"configured": 1, "notConfigured": 2, "unsupported": 0, "open": 1, "residual": 0})
    );
    let missing = format!("{nsg}-none");
    let (status, answer) = client.send("GET", &missing, &Value::Null, "get").expect("an answer");
    assert_eq!((status, answer["error"]["code"].as_str()), (404, Some("ResourceNotFound")));

    // The dry run is what the command line prints for the same documents.
    let another = json!({"virtualMachines": [{"id": jump, "ports": [
        {"number": 3389, "duration": "PT5H", "allowedSourceAddressPrefix": "198.18.4.22"}
    ]}]});
    let (status, served) =
        client.send("POST", &format!("{policy}/preview"), &another, "two").expect("an answer");
    assert_eq!(status, 200, "{served}");
    let stored = folder.path().join("policy.json");
    std::fs::write(&stored, get(&client, &policy).to_string()).expect("it is ours");
    let file = folder.path().join("request.json");
    std::fs::write(&file, another.to_string()).expect("it is ours");
    let now = served["at"].as_str().expect("an instant");
    let mut command = Command::new(PROGRAM);
    command.args(["preview", "--format", "json", "--now", now, "--policy"]).arg(stored);
    command.arg("--requests").arg(file).arg("--network").args(harbour());
    let (_, printed, err) = run(&mut command);
    let mut printed: Value = serde_json::from_str(&printed).unwrap_or_else(|_| panic!("{printed}{err}"));
    // Machines of other policies or of none are not this policy's business.
    let machines = printed["machines"].as_array_mut().expect("machines");
    machines.retain(|machine| machine["policies"] != json!([]));
    for member in ["machines", "timeline", "decisions"] {
        assert_eq!(served[member], printed[member], "{member}");
    }
    assert_eq!(served["decisions"][0]["decision"], "refused");
    // Of the network's own files nothing is said here, nor that they are without rules that only the server writes.
    let codes = |answer: &Value| -> Vec<String> {
        let reports = answer["reports"].as_array().expect("reports").iter();
        let own = reports.filter(|report| report["role"] != "network");
        let codes = own.flat_map(|report| report["diagnostics"].as_array().expect("diagnostics"));
        codes
            .map(|one| format!("{} {}", one["code"], one["pointer"]))
            .filter(|text| !text.contains("JIT747"))
            .collect()
    };
    assert_eq!(codes(&served), codes(&printed));
    assert!(!served.to_string().contains("JIT747"));
}

#[test]
fn the_demonstration_is_full_of_life() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(PROGRAM);
    // The folder is given, so that the test's own arguments fit behind.
    command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--rate", "1000000", "--data"]);
    let server = Server::demo(command, &folder.path().join("data"));
    let client = Client::new(&server);
    let subscriptions = get(&client, "/subscriptions");
    let ids =
        subscriptions["value"].as_array().expect("a list").iter().map(|one| one["subscriptionId"].as_str());
    let mut counts = [0; 5];
    for id in ids {
        let id = id.expect("an id");
        let exposure = get(&client, &format!("/subscriptions/{id}/providers/Microsoft.Security/jitExposure"));
        for (count, name) in
            counts.iter_mut().zip(["configured", "notConfigured", "unsupported", "open", "residual"])
        {
            *count += exposure["counts"][name].as_u64().expect("a count");
        }
    }
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    let (code, out, err) =
        run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(folder.path().join("data")));
    assert_eq!(code, Some(0), "{out}{err}");
}

/// Files are no records, but records have their digests: what was edited is found, and not shown.
#[test]
fn an_imported_file_that_was_edited_is_found_and_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert_eq!(import(&data, &harbour(), &[]).0, Some(0));
    assert!(Server::start(&data).end().success());
    let database = rusqlite::Connection::open(data.join("jitgate.db")).expect("a database");
    let verify = || run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(&data));
    let list = format!("/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines");
    for (edit, words) in [
        (
            "UPDATE blobs SET bytes = CAST('[]' AS BLOB)",
            "record 1: the imported file `asg-list.json` was edited",
        ),
        (
            "UPDATE blobs SET bytes = CAST(bytes || ' ' AS BLOB) WHERE instr(bytes, 'networkProfile')",
            "record 1: the imported file `vm-list.json` was edited",
        ),
        ("DELETE FROM blobs", "record 1: the imported file `asg-list.json` is not in the data"),
    ] {
        assert!(database.execute(edit, []).is_ok_and(|rows| rows > 0), "{edit}");
        let (code, out, err) = verify();
        assert_eq!((code, err.as_str()), (Some(1), ""), "{edit}: {out}");
        assert!(out.starts_with(words) && out.lines().count() == 1, "{edit}: {out}");
        let server = Server::start(&data);
        let (status, answer) =
            Client::new(&server).send("GET", &list, &Value::Null, "get").expect("the server answers");
        assert_eq!((status, answer["error"]["code"].as_str()), (503, Some("StorageUnavailable")), "{answer}");
        assert!(
            answer["error"]["message"].as_str().is_some_and(|said| said.contains("the imported file")),
            "{answer}"
        );
        assert!(server.end().success());
        let nsgs: Vec<PathBuf> =
            harbour().into_iter().filter(|file| file.ends_with("nsg-list.json")).collect();
        let (code, _, err) = import(&data, &nsgs, &["--add"]);
        assert_eq!(code, Some(2), "what is left of it is not taken up again: {err}");
        assert!(err.contains("the imported file `"), "{err}");
        // The same files once more put it right.
        assert_eq!(import(&data, &harbour(), &[]).0, Some(0));
        assert_eq!(verify().0, Some(0), "{edit}");
    }
    let server = Server::start(&data);
    assert_eq!(names(&get(&Client::new(&server), &list)), ["vm-app", "vm-db", "vm-jump"]);
}
