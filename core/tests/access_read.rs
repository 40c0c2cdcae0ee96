//! Role definitions as JSON: every form that Azure's tools have, and what is said of those that cannot be read.

use jitgate_core::access::{RoleDraft, action, built_in_roles, read_roles};
use jitgate_core::wire;

const SCOPE: &str = "/subscriptions/11111111-2222-3333-4444-555555555555";

/// The only role of a document in which nothing is wrong.
#[track_caller]
fn one(text: &str) -> RoleDraft {
    let reading = read_roles(text.as_bytes());
    assert_eq!(reading.problems, [], "{text}");
    let [role] = reading.roles.try_into().expect("one role");
    role
}

/// Everything that is wrong with a document, one line each.
#[track_caller]
fn wrong(text: &str) -> Vec<String> {
    let reading = read_roles(text.as_bytes());
    assert!(!reading.is_sound(), "{text}");
    assert_eq!(reading.roles, [], "{text}");
    reading.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn as_az_and_powershell_take_it() {
    let role = one(&format!(
        r#"{{"Name":"Requesters","Id":null,"IsCustom":true,"Description":"May ask","Actions":["Microsoft.Security/locations/jitNetworkAccessPolicies/*"],
        "NotActions":["*/write"],"AssignableScopes":["{SCOPE}","{SCOPE}/resourceGroups/web"]}}"#
    ));
    assert_eq!((role.name.as_str(), role.description.as_str(), &role.id), ("Requesters", "May ask", &None));
    assert_eq!(role.assignable_scopes.len(), 2);
    let role = role.into_role("11111111-2222-3333-4444-555555555555".into());
    assert!(
        role.grants(action::JIT_INITIATE) && role.grants(action::JIT_READ) && !role.grants(action::JIT_WRITE)
    );
}

#[test]
fn as_resource_manager_and_az_list_show_it() {
    let properties = format!(
        r#""roleName":"R","description":"","type":"CustomRole","permissions":[{{"actions":["*/read"],"notActions":[],"dataActions":[],"notDataActions":[]}}],"assignableScopes":["{SCOPE}"]"#
    );
    let id = "ABCDEF01-2222-3333-4444-555555555555";
    let arm = format!(
        r#"{{"id":"{SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{id}","name":"{id}","type":"Microsoft.Authorization/roleDefinitions","properties":{{{properties}}}}}"#
    );
    let role = one(&arm);
    assert_eq!(role.id, Some(id.to_lowercase()));
    assert_eq!((role.name.as_str(), role.permissions.len()), ("R", 1));
    let flat = properties.replace(r#""type":"CustomRole""#, r#""roleType":"CustomRole""#);
    let list = format!(r#"[{{"id":"{SCOPE}/x/{id}","name":"{id}",{flat}}}]"#);
    assert_eq!(one(&list), role);
}

#[test]
fn what_is_shown_can_be_read() {
    for role in built_in_roles() {
        let shown = one(&wire::role_definition(role));
        assert_eq!(shown.id.as_ref(), Some(&role.id));
        assert_eq!(shown.permissions, role.permissions);
        assert_eq!(one(&wire::role_input(role)).permissions, role.permissions);
    }
}

#[test]
fn each_problem_has_its_place_and_words() {
    let with = |members: &str| format!("{{\n\"Name\":\"R\",\"AssignableScopes\":[\"{SCOPE}\"],\n{members}}}");
    let cases = [
        (
            r#""Actions":["Microsoft.Compute/virtualMachines/reed"]"#,
            "error at line 3, column 12 (/Actions/0): `Microsoft.Compute/virtualMachines/reed` ends in no verb, so it matches no action; end it in `/read`, `/write`, `/delete`, `/action` or `/*`",
        ),
        (
            r#""Actions":["Microsoft.Compute/virtual machines/read"]"#,
            "error at line 3, column 12 (/Actions/0): ` ` cannot stand in an action; an action reads `{provider}/{resource type}/{verb}`, as in `Microsoft.Compute/virtualMachines/read`",
        ),
        (
            r#""Actions":[""]"#,
            "error at line 3, column 12 (/Actions/0): the action is empty; an action reads `{provider}/{resource type}/{verb}`, as in `Microsoft.Compute/virtualMachines/read`",
        ),
        (r#""Actions":[7]"#, "error at line 3, column 12 (/Actions/0): each entry must be a string"),
        (
            r#""Actions":"*""#,
            "error at line 3, column 11 (/Actions): `Actions` must be a list of strings; write it in `[` and `]`",
        ),
        (
            r#""Actions":["*"],"NotAction":["*/write"]"#,
            "error at line 3, column 17 (/NotAction): a role definition has no `NotAction`; it is one of `Actions`, `NotActions`, `DataActions`, `NotDataActions`, `AssignableScopes`",
        ),
        (
            r#""Actions":["*"],"actions":[]"#,
            "error at line 3, column 17 (/actions): `actions` comes twice; keep one of the two",
        ),
        (
            r#""permissions":{}"#,
            "error at line 3, column 15 (/permissions): `permissions` must be a list of objects",
        ),
        (
            r#""permissions":[]"#,
            "error at line 3, column 15 (/permissions): the role has no permissions, so it would allow nothing",
        ),
        (
            r#""permissions":[3]"#,
            "error at line 3, column 16 (/permissions/0): each entry of `permissions` must be an object",
        ),
        (
            r#""permissions":[{"actions":["/read"]}]"#,
            "error at line 3, column 28 (/permissions/0/actions/0): `/read` has an empty segment; an action reads `{provider}/{resource type}/{verb}`, as in `Microsoft.Compute/virtualMachines/read`",
        ),
        (
            r#""Description":"d""#,
            "error at line 1, column 1: the role has no actions, so it would allow nothing; list them in `Actions`",
        ),
        (
            r#""Actions":["*",]"#,
            "error at line 3, column 15: this comma is one too many; JSON allows a comma only between two values",
        ),
    ];
    for (members, words) in cases {
        assert_eq!(wrong(&with(members)), [words]);
    }
}

#[test]
fn scopes_and_names() {
    let cases = [
        (
            r#"{"Name":"R","Actions":["*"],"AssignableScopes":["/subscriptions/<subscriptionId>"]}"#,
            "(/AssignableScopes/0): this is a placeholder: put the real id in its place",
        ),
        (
            r#"{"Name":"R","Actions":["*"],"AssignableScopes":[]}"#,
            "(/AssignableScopes): the role may be assigned nowhere",
        ),
        (r#"{"Name":"R","Actions":["*"]}"#, "the role may be assigned nowhere"),
        (r#"{"Actions":["*"],"AssignableScopes":["/"]}"#, "the role has no name"),
        (r#"{"Name":" ","Actions":["*"],"AssignableScopes":["/"]}"#, "(/Name): the name is empty"),
        (r#"{"Name":7,"Actions":["*"],"AssignableScopes":["/"]}"#, "(/Name): the name must be a string"),
        (
            r#"{"name":"11111111-2222-3333-4444-555555555555","Actions":["*"],"AssignableScopes":["/"]}"#,
            "(/name): the role has an id, but no name",
        ),
        ("[]", "there is no role definition in this list"),
        ("[3]", "(/0): a role definition must be an object"),
        ("7", "a role definition must be an object"),
        ("", "there is no role definition here"),
        ("{\"Name\":\"R\"", "is missing here"),
    ];
    for (text, words) in cases {
        let found = wrong(text);
        assert!(found.iter().any(|line| line.contains(words)), "{text}: {found:?}");
    }
    let long = "n".repeat(513);
    let found = wrong(&format!(r#"{{"Name":"{long}","Actions":["*"],"AssignableScopes":["/"]}}"#));
    assert_eq!(
        found,
        ["error at line 1, column 9 (/Name): the name has 513 characters; Azure takes at most 512"]
    );
}

#[test]
fn data_actions_are_kept_and_told() {
    let text = format!(r#"{{"Name":"R","DataActions":["*/read"],"AssignableScopes":["{SCOPE}"]}}"#);
    let reading = read_roles(text.as_bytes());
    assert!(reading.is_sound());
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.roles.first().expect("a role").permissions[0].data_actions, ["*/read"]);
}

#[test]
fn a_bad_role_beside_a_good_one() {
    let good = format!(r#"{{"Name":"R","Actions":["*"],"AssignableScopes":["{SCOPE}"]}}"#);
    let reading = read_roles(format!("[{good},{{}},{good}]").as_bytes());
    assert!(!reading.is_sound());
    assert_eq!(reading.roles.len(), 2);
    assert!(reading.problems.iter().all(|problem| problem.pointer == "/1"));
}

/// Whatever comes, it is read without a panic, and the list of problems stays one that can be read.
#[test]
fn hostile_documents() {
    let many = format!("[{}]", vec!["0"; 5_000].join(","));
    assert_eq!(read_roles(many.as_bytes()).problems.len(), 100);
    let cases: [&[u8]; 5] = [b"\xff\xfe", b"\xff{", b"{\"Name\":\"\\ud800\"}", &[b'['; 500], b"{\"\":{}}"];
    for bytes in cases {
        assert!(!read_roles(bytes).is_sound() || bytes == b"\xff\xfe");
    }
}
