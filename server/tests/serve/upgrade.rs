//! A data folder that an older version wrote is read as it was meant, and written on. `upgrade/1.sql` is what the last
//! version of the first schema left of a few calls in January 2025: an event of each kind.

use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;

use crate::client::{Client, S, access, machine, path};
use crate::process::{PROGRAM, Server, run};

/// The tokens that were issued then.
const OWNER: &str = "jgt_pPgxVFkGo6rm3z7wC2naAMLt9crQEk74iw8l3HG2g2U";
const ANN: &str = "jgt_EYmhpocJJNHVFoRMK4z4K9lultwXN70TRT5RrYxnno4";
const BRIEF: &str = "jgt_slk2ny5CEOL6laJN3uMuav6CzLAa0pglSOBQXTrtD1Q";
const VOID: &str = "jgt_R1C_jh5_Svxjl3Sa_enieVTd6YjM4DAl1olDwMTj6sE";
/// Where the chain ended.
const HEAD: &str = "833804630c9a2e7b0cbe5e1663cfb0e08a7e03ce98b2b90334d44a70a59f2c1e";

/// The folder as it was; the owner's token is kept beside it.
fn old(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    std::fs::create_dir(&data).expect("the folder can be written");
    let database = Connection::open(data.join("jitgate.db")).expect("a database");
    database.execute_batch(include_str!("upgrade/1.sql")).expect("it is SQL");
    std::fs::write(data.with_extension("token"), OWNER).expect("the folder can be written");
    data
}

fn verify(data: &Path, more: &[&str]) -> String {
    let (code, out, err) =
        run(Command::new(PROGRAM).args(["audit", "verify", "--data"]).arg(data).args(more));
    assert_eq!(code, Some(0), "{out}{err}");
    out
}

fn get(client: &Client, path: &str) -> Value {
    let (status, answer) = client.send("GET", path, &Value::Null, "get").expect("an answer");
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

/// These members of the items of a list.
fn members(list: &Value, pointers: &[&str]) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = |item: &Value| {
        let all: Vec<String> =
            pointers.iter().filter_map(|pointer| item.pointer(pointer).map(text)).collect();
        all.join(" ")
    };
    list.as_array().expect("a list").iter().map(one).collect()
}

/// How the requests stood half an hour later.
fn requests(data: &Path) -> Vec<String> {
    let command = ["audit", "state", "--at", "2025-01-15T01:30:00Z", "--data"];
    let (code, out, err) = run(Command::new(PROGRAM).args(command).arg(data));
    assert_eq!(code, Some(0), "{err}");
    let state: Value = serde_json::from_str(&out).expect("JSON");
    let requests = state.pointer("/policies/value/0/properties/requests").expect("a policy");
    let port = "/virtualMachines/0/ports/0";
    let of = ["number", "status", "statusReason"].map(|name| format!("{port}/{name}"));
    members(requests, &["/justification", &of[0], &of[1], &of[2]])
}

#[test]
fn a_folder_of_the_first_schema_is_read_and_written_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = old(folder.path());
    // As it is, which brings nothing up to date yet.
    let (before, stood) = (verify(&data, &["--head", HEAD]), requests(&data));
    assert_eq!(before, format!("29 records, the chain is whole: {HEAD}\n"));
    let expected = [
        "first 22 Revoked NewerRequestInitiated",
        "again 22 Revoked UserRequested",
        "brief 3389 Revoked Expired",
        "last 22 Initiated UserRequested",
    ];
    assert_eq!(stood, expected);

    let server = Server::start(&data);
    let client = Client::new(&server);
    let at = |token: &str| Client::with_token(&server, token);
    let subscription = |rest: &str| format!("/subscriptions/{S}/providers/{rest}");
    for (token, code) in [(BRIEF, "ExpiredAuthenticationToken"), (VOID, "InvalidAuthenticationToken")] {
        let (status, error) = at(token).send("GET", "/me", &Value::Null, "me").expect("an answer");
        assert_eq!((status, &error["error"]["code"]), (401, &code.into()));
    }
    let roles = get(&at(ANN), &subscription("Microsoft.Authorization/permissions"));
    assert_eq!(members(&roles["value"], &["/notActions/0"]), ["Microsoft.Insights/*"], "{roles}");
    let roles = get(&client, &subscription("Microsoft.Authorization/roleAssignments"));
    assert_eq!(roles["value"].as_array().map(Vec::len), Some(3), "{roles}");
    let machines = get(&client, &subscription("Microsoft.Compute/virtualMachines"));
    assert_eq!(members(&machines["value"], &["/name", "/tags/team"]), ["web1 ops"]);
    let nsgs = get(&client, &subscription("Microsoft.Network/networkSecurityGroups"));
    let rules = members(&nsgs["value"][0]["properties"]["securityRules"], &["/name", "/properties/access"]);
    let is_jit =
        |rule: &String| rule.starts_with("MicrosoftDefenderForCloud-JITRule_") && rule.ends_with(" Deny");
    assert!(rules.len() == 2 && rules[0] == "https Allow" && is_jit(&rules[1]), "{rules:?}");
    let exposed = get(&client, &subscription("Microsoft.Security/jitExposure"));
    assert_eq!(members(&exposed["value"], &["/name", "/class"]), ["web1 configured", "crane notConfigured"]);

    // The log is found by what the old version noted of each record.
    let log = subscription("Microsoft.Insights/eventtypes/management/values?$filter=");
    for (filter, count) in [
        ("", 40),
        ("eventTimestamp%20ge%20'2025-01-01'%20and%20caller%20eq%20'ann@contoso.com'", 20),
        (&*format!("resourceUri%20eq%20'{}'", machine("web2")), 8),
        (&*format!("resourceUri%20eq%20'{}'", path("gone")), 6),
    ] {
        let events = get(&client, &format!("{log}{filter}"));
        assert_eq!(events["value"].as_array().map(Vec::len), Some(count), "{filter}");
    }
    let csv = client.text("GET", &format!("{log}&$format=csv"), &Value::Null, "csv");
    assert_eq!(csv.map(|(status, text)| (status, text.lines().count())), Some((200, 41)));

    // What is new goes on from there.
    let mut body = access(["web1", "web1"], "new");
    body["virtualMachines"][0]["ports"].as_array_mut().expect("a list").truncate(1);
    body["virtualMachines"].as_array_mut().expect("a list").truncate(1);
    let asked = at(ANN).initiate("default", &body, "new");
    assert_eq!(asked.as_ref().map(|(status, _)| *status), Some(202), "{asked:?}");
    assert!(server.end().success());
    assert_eq!(requests(&data), expected);
    assert!(verify(&data, &[]).starts_with("31 records, "));
    verify(&data, &["--head", HEAD]);
}
