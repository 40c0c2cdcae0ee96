//! Role definitions and assignments, as Resource Manager shows them.

use jitgate_core::ledger::{Actor, Command, Context, Principal, RoleAssignment, RoleDefinition};
use serde_json::{Value, json};

use super::{S, Site, at, policy};
use crate::ledger::Ask;

const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
pub const OWN: &str = "0a000000-0000-4000-8000-000000000001";
const ANN: &str = "aaaaaaaa-0000-4000-8000-000000000001";

/// A site with a role of its own in group `g1`, and four assignments.
async fn assigned() -> Site {
    let site = Site::new();
    assign(&site).await;
    site
}

/// Puts them there.
pub async fn assign(site: &Site) {
    let group = |name: &str| format!("/subscriptions/{S}/resourceGroups/{name}");
    let role = RoleDefinition {
        id: OWN.to_owned(),
        name: "Opener of doors".to_owned(),
        description: "Opens".to_owned(),
        actions: vec!["Microsoft.Security/*".to_owned()],
        not_actions: vec!["Microsoft.Security/x".to_owned()],
        assignable_scopes: vec![group("g1")],
    };
    let mut commands = vec![Command::PutRoleDefinition(role)];
    for (number, role, principal, scope) in [
        (1, READER, ANN, "/".to_owned()),
        (2, READER, ANN, format!("/subscriptions/{S}")),
        (3, OWN, "id of ann@contoso.com", group("g1")),
        (4, OWN, ANN, group("g2")),
    ] {
        commands.push(Command::PutRoleAssignment(RoleAssignment {
            id: assignment(number),
            role_definition_id: role.to_owned(),
            principal_id: principal.to_owned(),
            scope,
        }));
    }
    for command in commands {
        let context = Context {
            now: (site.app.clock)(),
            actor: Actor { principal: Principal::system(), address: None },
            correlation_id: "c".to_owned(),
            client_request_id: None,
        };
        site.app.writer.send(Ask::new(command, context)).await.unwrap().0.unwrap();
    }
}

pub fn assignment(number: u32) -> String {
    format!("0b000000-0000-4000-8000-00000000000{number}")
}

/// The names of all items of a list, over its pages.
pub async fn names(site: &Site, caller: &str, path: &str) -> Vec<String> {
    let mut all = Vec::new();
    for page in site.pages(caller, path).await {
        let items = page["value"].as_array().unwrap();
        assert!(items.len() <= 3, "a page");
        all.extend(items.iter().map(|one| one["name"].as_str().unwrap().to_owned()));
    }
    all
}

/// A list's address at a scope.
fn list(scope: &str, kind: &str, filter: &str) -> String {
    let filter = filter.replace(' ', "%20").replace('\'', "%27");
    let filter = if filter.is_empty() { filter } else { format!("&$filter={filter}") };
    format!("{scope}/providers/Microsoft.Authorization/{kind}?api-version=2022-04-01{filter}")
}

#[tokio::test]
async fn assignments_count_where_they_are_made_and_below() {
    let site = assigned().await;
    let subscription = format!("/subscriptions/{S}");
    let g1 = format!("{subscription}/resourceGroups/G1");
    let vm = super::machine("vm1");
    for (caller, scope, filter, expected) in [
        ("owner", "", "", vec![1, 2, 3, 4]),
        ("owner", subscription.as_str(), "", vec![1, 2, 3, 4]),
        ("owner", &subscription, "atScope()", vec![1, 2]),
        ("owner", &g1, "", vec![1, 2, 3]),
        ("owner", &vm, "", vec![1, 2, 3]),
        ("owner", &subscription, &format!("principalId eq '{ANN}'"), vec![1, 2, 4]),
        ("owner", &subscription, &format!("atScope() and assignedTo('{}')", ANN.to_uppercase()), vec![1, 2]),
        // Who may read a group sees what counts there, and nothing of the others.
        ("reader", &g1, "", vec![1, 2, 3]),
        ("reader", &subscription, "", vec![3]),
    ] {
        let names = names(&site, caller, &list(scope, "roleAssignments", filter)).await;
        assert_eq!(
            names,
            expected.into_iter().map(assignment).collect::<Vec<_>>(),
            "{caller} {scope} {filter}"
        );
    }
    let nobody = site.get("nobody", &list(&g1, "roleAssignments", "")).await;
    assert_eq!((nobody.status, nobody.code().as_str()), (403, "AuthorizationFailed"));
    let odd = site.get("owner", &list(&g1, "roleAssignments", "color eq 'red'")).await;
    assert_eq!((odd.status, odd.code().as_str()), (400, "BadRequest"));
}

#[tokio::test]
async fn an_assignment_has_azures_members() {
    let site = assigned().await;
    // Now it is known what she is.
    site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await;
    let group = format!("/subscriptions/{S}/resourceGroups/g1");
    let place = |scope: &str, number: u32| {
        format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{}", assignment(number))
    };
    let get =
        async |caller: &str, path: &str| site.get(caller, &format!("{path}?api-version=2022-04-01")).await;
    let shown = get("reader", &place(&group, 3)).await.json();
    assert_eq!(
        shown,
        json!({
            "id": place(&group, 3), "name": assignment(3), "type": "Microsoft.Authorization/roleAssignments",
            "properties": {
                "roleDefinitionId": format!("/providers/Microsoft.Authorization/roleDefinitions/{OWN}"),
                "principalId": "id of ann@contoso.com", "principalType": "User", "scope": group,
            },
        })
    );
    let root = get("owner", &place("", 1)).await.json();
    assert_eq!((&root["id"], root["properties"].get("principalType")), (&place("", 1).into(), None));
    for (path, code) in [
        (place(&group, 4), "RoleAssignmentNotFound"),
        // It is where it was made, and nowhere above or below.
        (place(&group, 1), "RoleAssignmentNotFound"),
        (place(&format!("/subscriptions/{S}"), 3), "RoleAssignmentNotFound"),
        (place(&group, 9), "RoleAssignmentNotFound"),
        (place(&format!("{group}//x"), 3), "InvalidScope"),
    ] {
        let answer = get("owner", &path).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, code), "{path}");
    }
    assert_eq!(get("reader", &place("", 1)).await.status, 403);
}

#[tokio::test]
async fn roles_that_may_be_assigned() {
    let site = assigned().await;
    let subscription = format!("/subscriptions/{S}");
    let (g1, g2) = (format!("{subscription}/resourceGroups/g1"), format!("{subscription}/resourceGroups/g2"));
    site.roles("elsewhere", &[("Reader", &g2)]);
    let own = vec![OWN.to_owned()];
    for (caller, scope, filter, expected) in [
        ("reader", g1.as_str(), "type eq 'CustomRole'", own.clone()),
        ("owner", &g2, "type eq 'CustomRole'", vec![]),
        ("owner", &subscription, "type eq 'CustomRole'", vec![]),
        ("owner", &subscription, "type eq 'CustomRole' and atScopeAndBelow()", own.clone()),
        // Who may read roles in another group alone knows nothing of this one.
        ("reader", &subscription, "type eq 'CustomRole' and atScopeAndBelow()", own.clone()),
        ("elsewhere", &subscription, "type eq 'CustomRole' and atScopeAndBelow()", vec![]),
        ("elsewhere", &subscription, "roleName eq 'Reader'", vec![READER.to_owned()]),
        ("owner", "", "roleName eq 'Reader'", vec![READER.to_owned()]),
        ("owner", &g1, "roleName eq 'opener of doors'", own.clone()),
    ] {
        let names = names(&site, caller, &list(scope, "roleDefinitions", filter)).await;
        assert_eq!(names, expected, "{caller} {scope} {filter}");
    }
    assert_eq!(names(&site, "owner", &list(&g1, "roleDefinitions", "")).await.len(), 7);
    let one = |scope: &str, id: &str| {
        format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{id}?api-version=2022-04-01")
    };
    let shown = site.get("reader", &one(&g1, &OWN.to_uppercase())).await.json();
    assert_eq!(shown["properties"]["roleName"], "Opener of doors");
    assert_eq!(shown["properties"]["permissions"][0]["notActions"], json!(["Microsoft.Security/x"]));
    assert_eq!(site.get("owner", &one("", READER)).await.json()["properties"]["type"], "BuiltInRole");
    for (caller, scope, id) in [
        ("owner", &g2, OWN),
        ("owner", &g1, "0a000000-0000-4000-8000-000000000009"),
        ("elsewhere", &subscription, OWN),
    ] {
        let answer = site.get(caller, &one(scope, id)).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "RoleDefinitionDoesNotExist"),
            "{answer:?}"
        );
    }
    let put = site.call("owner", "PUT", &one(&g1, OWN), &Value::Null).await;
    assert_eq!((put.status, put.header("allow")), (405, "GET, HEAD"));
}
