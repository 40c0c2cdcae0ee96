//! `jitgate token` and `jitgate role`, on a data folder that nobody serves.

use expect_test::expect;
use serde_json::Value;

use crate::{Folder, Run};

const SUBSCRIPTION: &str = "/subscriptions/11111111-2222-3333-4444-555555555555";
const OTHER: &str = "/subscriptions/66666666-2222-3333-4444-555555555555";

/// A run that does what it is asked to.
#[track_caller]
fn done(folder: &Folder, args: &[&str]) -> Run {
    let run = folder.run(args);
    assert_eq!(run.code, Some(0), "{run:?}");
    run
}

/// The words of a run that cannot do it, and prints nothing.
#[track_caller]
fn failed(folder: &Folder, args: &[&str]) -> String {
    let run = folder.run(args);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
    run.notes
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).expect("JSON")
}

fn create<'a>(name: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["token", "create", "--name", name, "--role", "Reader", "--scope", SUBSCRIPTION];
    args.extend(more);
    args
}

#[test]
fn a_token_is_printed_once_and_alone() {
    let folder = Folder::new();
    let run = done(&folder, &create("robot", &["--expires", "90d", "--app"]));
    let token = run.out.strip_suffix('\n').expect("a line");
    assert_eq!((token.len(), token.starts_with("jgt_")), (47, true));
    assert!(
        run.notes.starts_with("token `robot` has the id ") && !run.notes.contains(token),
        "{}",
        run.notes
    );
    let files = std::fs::read_dir(folder.path().join("jitgate-data")).expect("a folder");
    for file in files {
        let bytes = std::fs::read(file.expect("a file").path()).expect("its bytes");
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "the token is stored");
    }
    let list = done(&folder, &["token", "list", "--format", "json"]);
    assert!(!list.out.contains(token));
    let list = json(&list);
    assert_eq!(list[0]["name"], "robot");
    assert_eq!(list[0]["principal"]["kind"], "Application");
    assert_eq!(list[0]["principal"]["id"], list[0]["id"]);
    assert_eq!(list[0]["roles"][0], format!("Reader at {SUBSCRIPTION}"));
    assert!(list[0]["expires"].is_string() && list[0]["revoked"].is_null());
}

#[test]
fn people_have_one_identity_in_all_their_tokens() {
    let folder = Folder::new();
    done(&folder, &create("laptop", &["--user", "ann@contoso.com"]));
    done(&folder, &create("phone", &["--user", "Ann@contoso.com"]));
    done(&folder, &create("bob@contoso.com", &[]));
    let list = json(&done(&folder, &["token", "list", "--format", "json"]));
    let principal = |place: usize| &list[place]["principal"];
    assert_eq!(principal(0)["id"], principal(1)["id"]);
    assert_eq!((&principal(2)["name"], &principal(2)["kind"]), (&"bob@contoso.com".into(), &"User".into()));
}

#[test]
fn tokens_are_revoked_by_name_and_id() {
    let folder = Folder::new();
    done(&folder, &create("one", &[]));
    done(&folder, &create("two", &[]));
    let id = json(&done(&folder, &["token", "list", "--format", "json"]))[1]["id"].to_string();
    let first = done(&folder, &["token", "revoke", "one"]);
    assert!(first.out.ends_with(") is revoked\n"), "{}", first.out);
    assert!(done(&folder, &["token", "revoke", "one"]).out.contains(") was revoked at 20"));
    done(&folder, &["token", "revoke", id.trim_matches('"')]);
    assert!(failed(&folder, &["token", "revoke", "three"]).contains("there is no token `three`"));
    let list = json(&done(&folder, &["token", "list", "--format", "json"]));
    assert!(list.as_array().expect("a list").iter().all(|one| one["status"] == "revoked"), "{list}");
    // A name is free again once its token is void.
    done(&folder, &create("one", &[]));
    assert!(done(&folder, &["token", "revoke", "one"]).out.ends_with(") is revoked\n"));
}

#[test]
fn tokens_that_cannot_be_made() {
    let folder = Folder::new();
    done(&folder, &create("one", &[]));
    let with = |name: &str, role: &str, scope: &str| {
        failed(&folder, &["token", "create", "--name", name, "--role", role, "--scope", scope])
    };
    assert_eq!(
        with("one", "Reader", "/"),
        "error: there is a token `one` already: revoke it, or choose another name\n"
    );
    assert_eq!(
        with("two", "Raeder", "/"),
        "error: there is no role `Raeder`; `jitgate role list` shows them\n"
    );
    assert_eq!(
        with("two", "Reader", "/subscriptions/prod"),
        "error: `--scope /subscriptions/prod`: `prod` is no subscription id: it must be a GUID\n"
    );
    assert_eq!(with(" ", "Reader", "/"), "error: the name is empty or has white space around it\n");
    assert!(with("11111111-2222-3333-4444-555555555555", "Reader", "/").contains("GUID"));
    for expires in ["0d", "soon", "1y"] {
        assert!(failed(&folder, &create("two", &["--expires", expires])).contains("write it as `90d`"));
    }
    assert!(failed(&folder, &create("two", &["--user", "a", "--app"])).contains("cannot be used with"));
    let list = json(&done(&folder, &["token", "list", "--format", "json"]));
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let empty = Folder::new();
    assert!(failed(&empty, &["token", "list"]).contains("there is no data in"));
    assert!(failed(&empty, &["token", "revoke", "one"]).contains("there is no data in"));
    assert!(!empty.path().join("jitgate-data").exists());
}

/// What `az role definition create` and `New-AzRoleDefinition` take.
#[test]
fn the_least_privileged_role() {
    let folder = Folder::new();
    let run = done(&folder, &["role", "least-privilege", "--scope", SUBSCRIPTION]);
    assert_eq!(run.notes, "");
    expect![[r#"
        {
          "Name": "JIT Access Role",
          "IsCustom": true,
          "Description": "Users that can enable access to Virtual Machines.",
          "Actions": [
            "Microsoft.Security/locations/jitNetworkAccessPolicies/read",
            "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action",
            "Microsoft.Security/policies/read",
            "Microsoft.Network/publicIPAddresses/read",
            "Microsoft.Compute/virtualMachines/read",
            "Microsoft.Network/*/read"
          ],
          "NotActions": [],
          "DataActions": [],
          "NotDataActions": [],
          "AssignableScopes": [
            "/subscriptions/11111111-2222-3333-4444-555555555555"
          ]
        }
    "#]]
    .assert_eq(&run.out);
    assert!(done(&folder, &["role", "least-privilege"]).notes.contains("AssignableScopes"));
    assert!(
        failed(&folder, &["role", "least-privilege", "--scope", "web"]).contains("a scope starts with `/`")
    );
    assert!(!folder.path().join("jitgate-data").exists());
}

#[test]
fn roles_are_made_assigned_and_deleted() {
    let folder = Folder::new();
    let role = format!(
        r#"{{"Name":"Closers","Description":"May close","Actions":["Microsoft.Security/*"],"NotActions":["*/write"],"AssignableScopes":["{SUBSCRIPTION}"]}}"#
    );
    folder.put("role.json", role);
    let made = done(&folder, &["role", "create", "role.json"]);
    let id = made.out.split(' ').next().expect("an id").to_owned();
    assert_eq!(made.out, format!("{id}  Closers\n"));
    assert!(failed(&folder, &["role", "create", "role.json"]).contains("`--replace`"));
    assert_eq!(done(&folder, &["role", "create", "role.json", "--replace"]).out, made.out);
    let roles = json(&done(&folder, &["role", "list", "--format", "json"]));
    let own = roles.as_array().and_then(|roles| roles.last()).expect("a role");
    assert_eq!((&own["name"], &own["properties"]["type"]), (&id.as_str().into(), &"CustomRole".into()));
    // What is listed can be taken up again.
    folder.put("own.json", own.to_string());
    done(&folder, &["role", "create", "own.json", "--replace"]);

    let assign =
        |to: &str, scope: &str| folder.run(&["role", "assign", "closers", "--to", to, "--scope", scope]);
    let assigned = assign("AAAAAAAA-0000-4000-8000-000000000001", SUBSCRIPTION);
    assert_eq!(assigned.code, Some(0), "{assigned:?}");
    let assignment = assigned.out.trim().to_owned();
    assert!(
        assign("AAAAAAAA-0000-4000-8000-000000000001", &SUBSCRIPTION.to_uppercase())
            .notes
            .contains("already")
    );
    assert!(assign("x", OTHER).notes.contains("may be assigned only at"));
    assert!(failed(&folder, &["role", "delete", "Closers"]).contains("1 assignments"));
    // Nor is it made one that cannot be assigned where it is.
    let elsewhere = own.to_string().replace(SUBSCRIPTION, OTHER);
    folder.put("elsewhere.json", elsewhere);
    let notes = failed(&folder, &["role", "create", "elsewhere.json", "--replace"]);
    assert!(notes.contains("outside its new `AssignableScopes`"), "{notes}");
    assert!(notes.contains(&format!("`: {assignment} at {SUBSCRIPTION}")), "{notes}");
    let list = json(&done(&folder, &["role", "assignments", "--format", "json"]));
    assert_eq!(list[0]["name"], assignment.as_str());
    assert_eq!(list[0]["properties"]["roleDefinitionName"], "Closers");
    done(&folder, &["role", "unassign", &assignment]);
    done(&folder, &["role", "create", "elsewhere.json", "--replace"]);
    assert!(failed(&folder, &["role", "unassign", &assignment]).contains("there is no assignment"));
    done(&folder, &["role", "delete", &id]);
    assert!(failed(&folder, &["role", "delete", "Reader"]).contains("built-in"));
    // A token's name stands for the token.
    let token = done(&folder, &create("robot", &["--app"]));
    assert!(token.out.starts_with("jgt_"));
    done(&folder, &["role", "assign", "JIT Access Role", "--to", "robot", "--scope", OTHER]);
    let list = json(&done(&folder, &["token", "list", "--format", "json"]));
    assert_eq!(list[0]["roles"].as_array().map(Vec::len), Some(2));
}

#[test]
fn roles_that_cannot_be_read_say_why() {
    let folder = Folder::new();
    folder.put(
        "role.json",
        "{\n  \"Name\": \"R\",\n  \"Actions\": [\"Microsoft.Compute/virtualMachines\"],\n  \"Scopes\": []\n}",
    );
    let notes = failed(&folder, &["role", "create", "role.json"]);
    expect![[r#"
        role.json: error at line 1, column 1: the role may be assigned nowhere; list the subscriptions or resource groups where the role may be assigned in `AssignableScopes`
        role.json: error at line 3, column 15 (/Actions/0): `Microsoft.Compute/virtualMachines` ends in no verb, so it matches no action; end it in `/read`, `/write`, `/delete`, `/action` or `/*`
        role.json: error at line 4, column 3 (/Scopes): a role definition has no `Scopes`; it is one of `Actions`, `NotActions`, `DataActions`, `NotDataActions`, `AssignableScopes`
        error: `role.json` was not taken up
    "#]]
    .assert_eq(&notes);
    folder.put("reader.json", r#"{"Name":"reader","Actions":["*"],"AssignableScopes":["/"]}"#);
    assert!(failed(&folder, &["role", "create", "reader.json"]).contains("built-in role"));
    folder.put("id.json", r#"{"Name":"R","Id":"8E3AF657-a8ff-443c-a75c-2fe8c4bcb635","Actions":["*"],"AssignableScopes":["/"]}"#);
    assert!(failed(&folder, &["role", "create", "id.json"]).contains("built-in role `Owner`"));
    assert!(
        !folder.path().join("jitgate-data").exists()
            || json(&done(&folder, &["role", "list", "--format", "json"])).as_array().map(Vec::len)
                == Some(6)
    );
    assert!(failed(&folder, &["role", "create", "missing.json"]).contains("missing.json"));
}

#[test]
fn lists_for_people() {
    let folder = Folder::new();
    let roles = done(&folder, &["role", "list"]).out;
    assert!(
        roles.starts_with("NAME             ID                                    KIND      ASSIGNABLE AT\n"),
        "{roles}"
    );
    assert!(
        roles.contains("\nSecurity Reader  39bc4728-0917-49c7-9d2c-d95423bc2eb4  built in  /\n"),
        "{roles}"
    );
    done(&folder, &create("one", &[]));
    let tokens = done(&folder, &["token", "list"]).out;
    assert_eq!(tokens.lines().count(), 2);
    assert!(tokens.ends_with(&format!("  one  Reader at {SUBSCRIPTION}  valid\n")), "{tokens}");
    let assignments = done(&folder, &["role", "assignments"]).out;
    assert!(assignments.contains("  one    /subscriptions/"), "{assignments}");
    // All of it is on record, and the chain holds.
    done(&folder, &["token", "revoke", "one"]);
    let audit = done(&folder, &["audit", "verify"]);
    assert!(audit.out.starts_with("4 records, the chain is whole"), "{}", audit.out);
    let export = done(&folder, &["audit", "export"]).out;
    assert!(export.lines().all(|line| line.contains("command line")), "{export}");
}

#[test]
fn a_new_data_folder_is_told_of() {
    let folder = Folder::new();
    let told = |run: &Run| run.notes.contains("made a new data folder `typo`\n");
    let first = done(&folder, &create("one", &["--data", "typo"]));
    assert!(told(&first), "{first:?}");
    assert_eq!(first.out.lines().count(), 1, "the token alone");
    assert!(!told(&done(&folder, &create("two", &["--data", "typo"]))));
}

#[test]
fn a_reader_of_the_records_may_go_away() {
    let folder = Folder::new();
    done(&folder, &create("one", &[]));
    let mut child = folder.command(&["audit", "export"]).spawn().expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
    assert_eq!(
        failed(&folder, &["audit", "export", "--data", "none"]),
        "error: there is no data in `none/jitgate.db`\n"
    );
}

/// A sign-in name is neither a token's name nor an object id, which are what counts: it is stored, and a hint says so.
#[test]
fn who_gives_a_role_to_a_sign_in_name_is_told_that_it_counts_for_nobody() {
    let folder = Folder::new();
    done(&folder, &create("laptop", &["--user", "ann@contoso.com"]));
    for (to, hint) in [
        ("ann@contoso.com", Some("the tokens of that user are `laptop`: name one of them")),
        ("Ann@contoso.com", Some("the tokens of that user are `laptop`: name one of them")),
        ("bob@contoso.com", Some("not a sign-in name")),
        ("laptop", None),
        ("AAAAAAAA-0000-4000-8000-000000000001", None),
    ] {
        let run = done(&folder, &["role", "assign", "Security Reader", "--to", to, "--scope", SUBSCRIPTION]);
        let hints: Vec<&str> = run.notes.lines().filter(|line| line.starts_with("hint: ")).collect();
        match hint {
            Some(words) => {
                let begin = format!("hint: no token is called `{to}`, and it is no object id; ");
                assert!(
                    hints.len() == 1 && hints[0].starts_with(&begin) && hints[0].ends_with(words),
                    "{run:?}"
                );
            }
            None => assert_eq!(hints, Vec::<&str>::new(), "{to}: {run:?}"),
        }
    }
    assert!(done(&folder, &["role", "assignments"]).out.contains("bob@contoso.com"));
}
