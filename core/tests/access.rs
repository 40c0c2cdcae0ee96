//! Who may do what: patterns of actions, scopes, roles; and the how-to's table of permissions, row by row.

use jitgate_core::access::{
    Held, JIT_ACCESS_ROLE, Permission, RoleDefinition, Scope, ScopeError, action, allowed, built_in,
    built_in_roles, is_guid, least_privileged_role, matches, permissions_at, read_roles,
};
use proptest::prelude::*;

const SUBSCRIPTION: &str = "/subscriptions/11111111-2222-3333-4444-555555555555";
/// Which the server itself never asks for.
const ROLE_ASSIGNMENT_WRITE: &str = "Microsoft.Authorization/roleAssignments/write";

/// The definition of a match, tried in all ways.
fn naive(pattern: &[u8], text: &[u8], behind_slash: bool) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => {
            let any = (0..=text.len()).any(|passed| naive(rest, &text[passed..], false));
            // `/*/` is also one slash.
            any || (behind_slash && rest.first() == Some(&b'/') && naive(&rest[1..], text, true))
        }
        [byte, rest @ ..] => {
            text.first().is_some_and(|first| first.eq_ignore_ascii_case(byte))
                && naive(rest, &text[1..], *byte == b'/')
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_the_naive_matcher(pattern in "[aB*/]{0,9}", text in "[Ab/]{0,9}") {
        prop_assert_eq!(matches(&pattern, &text), naive(pattern.as_bytes(), text.as_bytes(), false));
    }

    #[test]
    fn as_the_naive_matcher_where_it_matches(pattern in "[a*/]{0,8}", fill in prop::collection::vec("[a/]{0,3}", 8)) {
        let mut fill = fill.into_iter();
        let text: String = pattern.chars().map(|char| match char {
            '*' => fill.next().unwrap_or_default(),
            other => other.to_string(),
        }).collect();
        prop_assert!(naive(pattern.as_bytes(), text.as_bytes(), false));
        prop_assert!(matches(&pattern, &text));
    }

    #[test]
    fn scopes_hold_what_lies_below(path in "(/[a-c]{1,2}){1,5}", more in "(/[a-c]{1,2}){0,3}", other in "(/[a-c]{1,2}){1,5}") {
        let above = Scope::new(&path).expect("a path");
        let below = Scope::new(&format!("{path}{more}").to_uppercase()).expect("a path");
        prop_assert!(above.contains(&below));
        prop_assert!(Scope::root().contains(&below));
        prop_assert_eq!(below.contains(&above), more.is_empty());
        let other_scope = Scope::new(&other).expect("a path");
        // What a person would write: the same, or the same with a slash and more.
        let below = other == path || other.starts_with(&format!("{path}/"));
        prop_assert_eq!(above.contains(&other_scope), below);
    }
}

/// A million characters do not take for ever.
#[test]
fn a_hostile_pattern_ends() {
    let pattern = "/*/a".repeat(100) + "*b*/*/c";
    let text = "/a".repeat(2_000);
    assert!(!matches(&pattern, &text));
    assert!(matches(&"*a".repeat(200), &text));
}

#[test]
fn actions_that_match() {
    let yes = [
        ("*", "Microsoft.Compute/virtualMachines/write"),
        ("*/read", "Microsoft.Security/locations/jitNetworkAccessPolicies/read"),
        ("Microsoft.Compute/*", "Microsoft.Compute/virtualMachines/start/action"),
        ("Microsoft.Compute/virtualMachines/*", "microsoft.compute/virtualmachines/extensions/read"),
        ("MICROSOFT.AUTHORIZATION/*/Delete", "Microsoft.Authorization/roleAssignments/delete"),
        ("Microsoft.Security/locations/jitNetworkAccessPolicies/*/read", action::JIT_READ),
        ("Microsoft.Network/networkInterfaces/*/read", action::INTERFACE_READ),
        ("Microsoft.Network/*/read", "Microsoft.Network/networkInterfaces/ipConfigurations/read"),
    ];
    for (pattern, action) in yes {
        assert!(matches(pattern, action), "{pattern} {action}");
    }
    let no = [
        ("", "Microsoft.Compute/virtualMachines/read"),
        ("*/read", "Microsoft.Compute/virtualMachines/readiness/action"),
        ("*/read", "read"),
        ("Microsoft.Compute", "Microsoft.Compute/virtualMachines/read"),
        ("Microsoft.Compute/*", "Microsoft.ComputeX/virtualMachines/read"),
        ("Microsoft.Compute/*/read", "Microsoft.Computeread"),
        ("Microsoft.Network/networkInterfaces/*/read", "Microsoft.Network/networkInterfacesX/read"),
        ("Microsoft.Security/locations/jitNetworkAccessPolicies/*/read", action::JIT_INITIATE),
        ("Microsoft.Security/locations/jitNetworkAccessPolicies/*/read", action::JIT_WRITE),
    ];
    for (pattern, action) in no {
        assert!(!matches(pattern, action), "{pattern} {action}");
    }
}

#[test]
fn scopes_by_segments() {
    let scope = |path: &str| Scope::new(path).expect("a path");
    assert!(
        scope("/subscriptions/S/resourceGroups/a").contains(&scope("/Subscriptions/s/RESOURCEGROUPS/A/"))
    );
    assert!(
        !scope("/subscriptions/s/resourceGroups/a").contains(&scope("/subscriptions/s/resourceGroups/ab"))
    );
    assert!(!scope("/subscriptions/s/resourceGroups/a").contains(&scope("/subscriptions/s")));
    assert!(!scope("/subscriptions/s/resourceGroups/a").contains(&scope("/subscriptions/s/providers/a")));
    assert_eq!(scope("/subscriptions/s/resourceGroups/Web/providers/P/t/n").resource_group(), Some("Web"));
    assert_eq!(scope("/subscriptions/s/providers/P").resource_group(), None);
    for odd in ["", "subscriptions/s", "//", "/subscriptions//s", "/a/../b", "/a/.", "/a//"] {
        assert_eq!(Scope::new(odd), None, "{odd}");
    }
}

#[test]
fn scopes_to_assign_at() {
    let group = format!("{SUBSCRIPTION}/resourceGroups/web");
    let machine = format!("{group}/providers/Microsoft.Compute/virtualMachines/web-01");
    let account = format!("{SUBSCRIPTION}/providers/Microsoft.Security/locations/westeurope");
    for good in ["/", SUBSCRIPTION, &group, &machine, &account, &group.to_uppercase(), &format!("{group}/")] {
        assert!(Scope::assignable(good).is_ok(), "{good}");
    }
    let bad = [
        ("", ScopeError::NoSlash),
        ("11111111-2222-3333-4444-555555555555", ScopeError::NoSlash),
        ("//", ScopeError::Untidy),
        ("/subscriptions/ 1", ScopeError::Untidy),
        ("/subscriptions/{subscriptionId}", ScopeError::Placeholder),
        ("/subscriptions/<subscriptionId>/resourceGroups/a", ScopeError::Placeholder),
        ("/subscriptions/$sub", ScopeError::Placeholder),
        ("/subscriptions/prod", ScopeError::SubscriptionId("prod".into())),
        ("/providers/Microsoft.Management/managementGroups/all", ScopeError::ManagementGroup),
        ("/subscriptions", ScopeError::Form),
        ("/resourceGroups/web", ScopeError::Form),
    ];
    for (text, error) in bad {
        assert_eq!(Scope::assignable(text), Err(error), "{text}");
    }
    for tail in
        ["/resourceGroups", "/web", "/resourceGroups/a/b", "/resourceGroups/a/providers/P", "/providers/P/t"]
    {
        assert_eq!(Scope::assignable(&format!("{SUBSCRIPTION}{tail}")), Err(ScopeError::Form), "{tail}");
    }
}

#[test]
fn guids() {
    for text in
        [JIT_ACCESS_ROLE, "11111111-2222-3333-4444-555555555555", "ABCDEF01-2222-3333-4444-555555555555"]
    {
        assert!(is_guid(text), "{text}");
    }
    for text in [
        "",
        "1111",
        "11111111-2222-3333-4444-55555555555g",
        "11111111-2222-3333-4444-555555555555-",
        "111111112222-3333-4444-5555-55555555",
    ] {
        assert!(!is_guid(text), "{text}");
    }
}

/// A custom role with these actions.
fn role(actions: &[&str], not_actions: &[&str]) -> RoleDefinition {
    let own = |list: &[&str]| list.iter().map(ToString::to_string).collect();
    RoleDefinition {
        permissions: vec![Permission {
            actions: own(actions),
            not_actions: own(not_actions),
            ..Permission::default()
        }],
        ..least_privileged_role(&Scope::root())
    }
}

#[test]
fn roles_add_up_and_each_takes_out_of_itself_alone() {
    let group = Scope::new("/subscriptions/s/resourceGroups/a").expect("a path");
    let machine =
        Scope::new("/subscriptions/s/resourceGroups/A/providers/Microsoft.Compute/virtualMachines/m")
            .expect("a path");
    let other = Scope::new("/subscriptions/s/resourceGroups/b").expect("a path");
    let most = role(&["*"], &["Microsoft.Compute/virtualMachines/write"]);
    let machines = role(&["Microsoft.Compute/*"], &[]);
    let (most, machines) = (Held { role: &most, scope: &group }, Held { role: &machines, scope: &machine });
    assert!(!allowed([most], action::MACHINE_WRITE, &machine));
    assert!(allowed([most, machines], action::MACHINE_WRITE, &machine));
    assert!(
        !allowed([most, machines], action::MACHINE_WRITE, &group),
        "a role holds no higher than where it is"
    );
    assert!(allowed([most], action::MACHINE_READ, &machine));
    assert!(!allowed([most, machines], action::MACHINE_READ, &other));
    assert!(!allowed([], action::MACHINE_READ, &machine));
    assert_eq!(permissions_at([most, machines], &machine).len(), 2);
    assert_eq!(permissions_at([most, machines], &group).len(), 1);
    assert!(permissions_at([most, machines], &other).is_empty());
}

/// A definition may have several entries of `permissions`: what one takes out, no other entry of the same role gives.
#[test]
fn the_entries_of_one_role_do_not_outdo_each_other() {
    let entries = [role(&["*"], &["*/virtualMachines/write"]), role(&["Microsoft.Compute/*"], &[])];
    for order in [[0, 1], [1, 0]] {
        let permissions = order.map(|entry| entries[entry].permissions[0].clone()).to_vec();
        let both = RoleDefinition { permissions, ..entries[0].clone() };
        for (action, expected) in [
            (action::MACHINE_WRITE, false),
            (action::MACHINE_READ, true),
            (action::JIT_WRITE, true),
            ("Microsoft.Compute/disks/write", true),
        ] {
            assert_eq!(both.grants(action), expected, "{order:?} {action}");
        }
    }
}

/// The how-to's table: a row's permissions suffice for what the row says, and without any one of those that the API
/// asks for, they do not. The rest of a row is what the portal reads.
#[test]
fn the_table_of_permissions() {
    const POLICIES: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies";
    let rows: [(&str, Vec<String>, &[&str]); 3] = [
        (
            "configure or edit",
            vec![format!("{POLICIES}/write"), "Microsoft.Compute/virtualMachines/write".into()],
            &[action::JIT_WRITE, action::MACHINE_WRITE],
        ),
        (
            "request",
            vec![
                format!("{POLICIES}/initiate/action"),
                format!("{POLICIES}/*/read"),
                "Microsoft.Compute/virtualMachines/read".into(),
                "Microsoft.Network/networkInterfaces/*/read".into(),
                "Microsoft.Network/publicIPAddresses/read".into(),
            ],
            &[
                action::JIT_INITIATE,
                action::JIT_READ,
                action::MACHINE_READ,
                action::INTERFACE_READ,
                action::PUBLIC_ADDRESS_READ,
            ],
        ),
        (
            "read",
            vec![
                format!("{POLICIES}/read"),
                format!("{POLICIES}/initiate/action"),
                "Microsoft.Security/policies/read".into(),
                "Microsoft.Security/pricings/read".into(),
                "Microsoft.Compute/virtualMachines/read".into(),
                "Microsoft.Network/*/read".into(),
            ],
            &[
                action::JIT_READ,
                action::MACHINE_READ,
                action::SECURITY_GROUP_READ,
                action::NETWORK_READ,
                action::FIREWALL_READ,
            ],
        ),
    ];
    let everything = [
        action::JIT_READ,
        action::JIT_WRITE,
        action::JIT_DELETE,
        action::JIT_INITIATE,
        action::MACHINE_READ,
        action::MACHINE_WRITE,
        action::INTERFACE_READ,
        action::SECURITY_GROUP_READ,
        action::PUBLIC_ADDRESS_READ,
        action::NETWORK_READ,
        action::FIREWALL_READ,
        ROLE_ASSIGNMENT_WRITE,
        action::ACTIVITY_READ,
    ];
    let scope = Scope::new(SUBSCRIPTION).expect("a path");
    let group = Scope::new(&format!("{SUBSCRIPTION}/resourceGroups/web")).expect("a path");
    for (row, actions, needed) in &rows {
        let texts: Vec<&str> = actions.iter().map(String::as_str).collect();
        let whole = role(&texts, &[]);
        for at in [&scope, &group] {
            let held = [Held { role: &whole, scope: at }];
            assert!(needed.iter().all(|action| allowed(held, action, &group)), "{row}");
        }
        for left_out in &texts {
            let rest: Vec<&str> = texts.iter().copied().filter(|text| text != left_out).collect();
            let rest = role(&rest, &[]);
            let lost = everything.iter().filter(|action| whole.grants(action) && !rest.grants(action));
            let told: Vec<_> = lost.filter(|action| matches(left_out, action)).collect();
            let of_the_portal = left_out.starts_with("Microsoft.Security/policies")
                || left_out.starts_with("Microsoft.Security/pricings");
            assert_eq!(told.is_empty(), of_the_portal, "{row} without {left_out}");
        }
    }
    // And nothing beyond: who may request may not configure, nor delete, nor assign roles.
    let may = |row: usize| -> Vec<&str> {
        let texts: Vec<&str> = rows[row].1.iter().map(String::as_str).collect();
        let role = role(&texts, &[]);
        everything.iter().copied().filter(|action| role.grants(action)).collect()
    };
    assert_eq!(may(0), [action::JIT_WRITE, action::MACHINE_WRITE]);
    assert_eq!(
        may(1),
        [
            action::JIT_READ,
            action::JIT_INITIATE,
            action::MACHINE_READ,
            action::INTERFACE_READ,
            action::PUBLIC_ADDRESS_READ
        ]
    );
    for forbidden in [action::JIT_WRITE, action::JIT_DELETE, action::MACHINE_WRITE, ROLE_ASSIGNMENT_WRITE] {
        assert!(!may(2).contains(&forbidden));
    }
}

/// "Reader and `SecurityReader` roles can both view the JIT status and parameters"; Owner, Contributor, Security Admin
/// and the least-privileged role can request.
#[test]
fn the_built_in_roles() {
    let rows = [
        ("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", [true, true, true, true, true]),
        ("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", [true, true, true, true, false]),
        ("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", [true, false, false, false, false]),
        ("Security Reader", "39bc4728-0917-49c7-9d2c-d95423bc2eb4", [true, false, false, false, false]),
        ("Security Admin", "fb1c8493-542b-48eb-b624-b4c8fea62acd", [true, true, true, true, false]),
        ("JIT Access Role", JIT_ACCESS_ROLE, [true, true, false, false, false]),
    ];
    let asked = [
        action::JIT_READ,
        action::JIT_INITIATE,
        action::JIT_WRITE,
        action::JIT_DELETE,
        ROLE_ASSIGNMENT_WRITE,
    ];
    assert_eq!(built_in_roles().len(), rows.len());
    for (name, id, expected) in rows {
        let role = built_in(&name.to_uppercase()).expect("a role");
        assert_eq!((role.name.as_str(), role.id.as_str()), (name, id));
        assert_eq!(built_in(&id.to_uppercase()), Some(role));
        assert_eq!(asked.map(|action| role.grants(action)), expected, "{name}");
        assert!(role.is_assignable_at(&Scope::new(SUBSCRIPTION).expect("a path")));
        assert!(is_guid(&role.id));
    }
    assert!(!built_in("Security Reader").expect("a role").grants(action::MACHINE_READ));
    assert_eq!(built_in("Virtual Machine Contributor"), None);
}

#[test]
fn the_least_privileged_role_is_read_back() {
    let scope = Scope::new(SUBSCRIPTION).expect("a path");
    let made = least_privileged_role(&scope);
    let input = jitgate_core::wire::role_input(&made);
    let reading = read_roles(input.as_bytes());
    assert_eq!(reading.problems, []);
    let [draft] = reading.roles.try_into().expect("one role");
    assert_eq!(draft.into_role(made.id.clone()), made);
    for (at, expected) in [
        (SUBSCRIPTION, true),
        (&*format!("{SUBSCRIPTION}/resourceGroups/web"), true),
        ("/subscriptions/66666666-2222-3333-4444-555555555555", false),
        ("/", false),
    ] {
        assert_eq!(made.is_assignable_at(&Scope::new(at).expect("a path")), expected, "{at}");
    }
}
