//! Templates that tell no more than that something may be deployed: nothing is closed by it, and nothing is surely open.

use crate::support::bare::{OUTSIDE, codes, reach, ssh, with};
use jitgate_core::network::Reachable;
use serde_json::{Value, json};

const YES: Reachable = Reachable::Yes;
const MAYBE: Reachable = Reachable::Maybe;
const NO: Reachable = Reachable::No;
/// As templates write it.
const TYPE: &str = "'Microsoft.Network/networkSecurityGroups'";

fn properties(access: &str, priority: u32) -> Value {
    json!({"priority": priority, "direction": "Inbound", "access": access, "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"})
}

fn rule(name: &str, access: &str, priority: u32) -> Value {
    json!({"name": name, "properties": properties(access, priority)})
}

/// A template: a machine, its NIC, its network, and the NSG of the subnet with these rules.
fn template(rules: &Value) -> Value {
    let id =
        |kind: &str, name: &str| json!({"id": format!("[resourceId('Microsoft.Network/{kind}', '{name}')]")});
    let subnet = json!({"id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')]"});
    json!({"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
    "parameters": {"deploy": {"type": "bool", "defaultValue": true}, "count": {"type": "int"}},
    "variables": {"yes": true, "no": false, "names": ["a", "b"], "none": []},
    "resources": [
        {"type": "Microsoft.Compute/virtualMachines", "apiVersion": "2024-05-01", "name": "web1", "properties": {"networkProfile": {"networkInterfaces": [id("networkInterfaces", "nic")]}}},
        {"type": "Microsoft.Network/networkInterfaces", "apiVersion": "2024-05-01", "name": "nic", "properties": {"ipConfigurations": [{"name": "one", "properties": {"privateIPAddress": "10.20.1.4", "subnet": subnet}}]}},
        {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-05-01", "name": "v", "properties": {"addressSpace": {"addressPrefixes": ["10.20.0.0/16"]}}},
        {"type": "Microsoft.Network/virtualNetworks/subnets", "apiVersion": "2024-05-01", "name": "v/s", "properties": {"addressPrefix": "10.20.1.0/24", "networkSecurityGroup": id("networkSecurityGroups", "nsg")}},
        {"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-05-01", "name": "nsg", "properties": {"securityRules": rules}}
    ]})
}

/// A rule that is a resource of its own.
fn lone(access: &str, priority: u32) -> Value {
    json!({"type": "Microsoft.Network/networkSecurityGroups/securityRules", "apiVersion": "2024-05-01", "name": "nsg/lone", "properties": properties(access, priority)})
}

#[test]
fn a_condition_that_is_not_known() {
    let (open, closed) = (template(&json!([rule("ssh", "Allow", 300)])), template(&json!([])));
    assert_eq!((ssh(&open), codes(&open)), (YES, vec![]));
    assert_eq!((ssh(&closed), codes(&closed)), (NO, vec![]));
    let unknown = json!("[parameters('deploy')]");
    for (name, value, deployed) in [
        ("condition", unknown.clone(), None),
        ("condition", json!("[equals(parameters('count'), 1)]"), None),
        ("condition", json!(true), Some(true)),
        ("condition", json!("[variables('yes')]"), Some(true)),
        ("condition", json!("[true()]"), Some(true)),
        ("condition", json!(false), Some(false)),
        ("condition", json!("[variables('no')]"), Some(false)),
        ("copy", json!({"name": "c", "count": "[parameters('count')]"}), None),
        ("copy", json!({"name": "c", "count": "[length(parameters('names'))]"}), None),
        ("copy", json!({"name": "c"}), Some(true)),
        ("copy", json!({"name": "c", "count": 2}), Some(true)),
        ("copy", json!({"name": "c", "count": 0}), Some(false)),
        ("copy", json!({"name": "c", "count": "[length(variables('names'))]"}), Some(true)),
        ("copy", json!({"name": "c", "count": "[length(variables('none'))]"}), Some(false)),
        ("copy", json!({"name": "c", "count": "[length(range(0, 3))]"}), Some(true)),
    ] {
        let put = |base: &Value, at: usize| {
            let mut document = base.clone();
            document["resources"][at][name] = value.clone();
            document
        };
        // The NSG, and the subnet that it is on.
        for at in [3, 4] {
            let expected = |sure| if deployed == Some(true) { sure } else { MAYBE };
            assert_eq!(ssh(&put(&closed, at)), expected(NO), "{at} {value}");
            assert_eq!(ssh(&put(&open, at)), expected(YES), "{at} {value}");
        }
        assert_eq!(codes(&put(&closed, 4)) == ["JIT712"], deployed != Some(true), "{value}");
        // A rule, before and behind another.
        for (base, access, priority, there, not) in [
            (&open, "Deny", 200, NO, YES),
            (&open, "Deny", 400, YES, YES),
            (&closed, "Deny", 200, NO, NO),
            (&closed, "Allow", 200, YES, NO),
            (&open, "Allow", 200, YES, YES),
        ] {
            let mut one = lone(access, priority);
            one[name] = value.clone();
            let document = with(base, &[("/resources/-", Some(one))]);
            let expected = match deployed {
                Some(true) => there,
                Some(false) => not,
                None if there == not => there,
                None => MAYBE,
            };
            assert_eq!(ssh(&document), expected, "{access} {priority} {value}");
        }
    }
}

/// What is in a resource or a nested template hangs on its condition.
#[test]
fn conditions_hold_for_what_is_inside() {
    let closed = template(&json!([]));
    let nsg = closed["resources"][4].clone();
    let but_nsg = |inner: Value| with(&closed, &[("/resources/4", Some(inner))]);
    let nested = |condition: Value| json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d", "condition": condition, "properties": {"mode": "Incremental", "template": {"resources": [nsg]}}});
    for (condition, expected) in
        [(json!(true), NO), (json!("[parameters('deploy')]"), MAYBE), (json!(false), MAYBE)]
    {
        assert_eq!(ssh(&but_nsg(nested(condition.clone()))), expected, "{condition}");
    }
    // A condition ends with its resource.
    let mut after = closed.clone();
    after["resources"].as_array_mut().expect("a list").insert(0, json!({"type": "Microsoft.Storage/storageAccounts", "name": "s", "condition": "[parameters('deploy')]"}));
    assert_eq!((ssh(&after), codes(&after)), (NO, vec![]));
    let mut child = with(
        &template(&json!([rule("ssh", "Allow", 300)])),
        &[(
            "/resources/4/resources",
            Some(
                json!([{"type": "securityRules", "apiVersion": "2024-05-01", "name": "no", "properties": properties("Deny", 200)}]),
            ),
        )],
    );
    assert_eq!(ssh(&child), NO);
    child["resources"][4]["resources"][0]["condition"] = json!("[parameters('deploy')]");
    assert_eq!(ssh(&child), MAYBE);
}

/// The NIC, the kind of a public address, and what leads to other networks.
#[test]
fn other_resources_that_may_not_be_there() {
    let unknown = || Some(json!("[parameters('deploy')]"));
    let closed = template(&json!([]));
    assert_eq!(ssh(&with(&closed, &[("/resources/1/condition", unknown())])), MAYBE);
    // The machine itself closes nothing.
    assert_eq!(ssh(&with(&closed, &[("/resources/0/condition", unknown())])), NO);
    let mut public = with(&closed, &[("/resources/3/properties/networkSecurityGroup", None)]);
    let list = public["resources"].as_array_mut().expect("a list");
    list.push(json!({"type": "Microsoft.Network/publicIPAddresses", "apiVersion": "2024-05-01", "name": "p", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}));
    list[1]["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"] =
        json!({"id": "[resourceId('Microsoft.Network/publicIPAddresses', 'p')]"});
    assert_eq!(ssh(&public), NO);
    assert_eq!(ssh(&with(&public, &[("/resources/5/condition", unknown())])), MAYBE);
    // Of the virtual network it is not known what else belongs to it.
    assert_eq!(reach(&closed, "172.16.0.4", None), NO);
    for (kind, name, inner) in [
        (
            "virtualNetworks/virtualNetworkPeerings",
            "v/p",
            json!({"remoteVirtualNetwork": {"id": "[resourceId('Microsoft.Network/virtualNetworks', 'other')]"}, "remoteAddressSpace": {"addressPrefixes": ["172.16.0.0/16"]}}),
        ),
        ("virtualNetworks", "v", json!({"addressSpace": {"addressPrefixes": ["10.20.0.0/16"]}})),
    ] {
        let one = json!({"type": format!("Microsoft.Network/{kind}"), "apiVersion": "2024-05-01", "name": name, "properties": inner, "condition": unknown()});
        let document = with(&closed, &[("/resources/-", Some(one))]);
        assert_eq!(reach(&document, "172.16.0.4", None), MAYBE, "{kind}");
        assert_eq!(reach(&document, OUTSIDE, None), MAYBE, "{kind}");
    }
}

/// A template in a template makes its resources where it says that it is deployed to.
#[test]
fn nested_templates_have_places_of_their_own() {
    let open = template(&json!([rule("ssh", "Allow", 300)]));
    let outer = |reference: &str, nested: Value| {
        let mut document = open.clone();
        document["parameters"]["group"] = json!({"type": "string"});
        document["resources"][3]["properties"]["networkSecurityGroup"]["id"] = json!(reference);
        document["resources"].as_array_mut().expect("a list").push(nested);
        document
    };
    let own = format!("[resourceId({TYPE}, 'nsg')]");
    let closed = json!({"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-05-01", "name": "nsg", "properties": {"securityRules": []}});
    let nested = |place: &Value, resources: Value| {
        let mut nested = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d", "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"}, "template": {"resources": resources}}});
        nested.as_object_mut().expect("an object").extend(place.as_object().expect("an object").clone());
        nested
    };
    let all = [
        json!({"resourceGroup": "hub"}),
        json!({"resourceGroup": "[parameters('group')]"}),
        json!({"subscriptionId": "11111111-1111-1111-1111-111111111111", "resourceGroup": "hub"}),
        json!({"subscriptionId": "[parameters('group')]", "resourceGroup": "hub"}),
        json!({"scope": "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/hub"}),
        json!({"scope": "[parameters('group')]"}),
    ];
    for place in &all {
        // Another NSG of the same name is another one, and so is a rule of it.
        assert_eq!(ssh(&outer(&own, nested(place, json!([closed])))), YES, "{place}");
        assert_eq!(codes(&outer(&own, nested(place, json!([closed])))), Vec::<&str>::new(), "{place}");
    }
    for (place, reference, expected) in [
        (&all[0], format!("[resourceId('hub', {TYPE}, 'nsg')]"), NO),
        (&all[0], format!("[resourceId(subscription().subscriptionId, 'hub', {TYPE}, 'nsg')]"), NO),
        (
            &all[0],
            format!(
                "[extensionResourceId(format('/subscriptions/{{0}}/resourceGroups/{{1}}', subscription().subscriptionId, 'hub'), {TYPE}, 'nsg')]"
            ),
            NO,
        ),
        (&all[0], format!("[resourceId('spoke', {TYPE}, 'nsg')]"), MAYBE),
        (&all[0], format!("[resourceId(parameters('group'), {TYPE}, 'nsg')]"), MAYBE),
        (&all[1], format!("[resourceId(parameters('group'), {TYPE}, 'nsg')]"), NO),
        (&all[1], format!("[resourceId('hub', {TYPE}, 'nsg')]"), MAYBE),
        (&all[2], format!("[resourceId('11111111-1111-1111-1111-111111111111', 'hub', {TYPE}, 'nsg')]"), NO),
        (&all[2], format!("[resourceId('hub', {TYPE}, 'nsg')]"), MAYBE),
        (&all[4], format!("[resourceId('11111111-1111-1111-1111-111111111111', 'hub', {TYPE}, 'nsg')]"), NO),
        (&all[5], format!("[resourceId('hub', {TYPE}, 'nsg')]"), MAYBE),
        (
            &json!({"resourceGroup": "[resourceGroup().name]"}),
            format!("[resourceId('hub', {TYPE}, 'nsg')]"),
            MAYBE,
        ),
        (
            &json!({"resourceGroup": "[resourceGroup().name]"}),
            format!("[resourceId(resourceGroup().name, {TYPE}, 'nsg')]"),
            NO,
        ),
        (&json!({}), own.clone(), NO),
    ] {
        let mut document = outer(&reference, nested(place, json!([closed])));
        document["resources"].as_array_mut().expect("a list").remove(4);
        assert_eq!(ssh(&document), expected, "{place} {reference}");
    }
    // What belongs together in there does so, and what is nested deeper is there too, unless it says another place.
    let inside = |rules: Value| template(&rules)["resources"].clone();
    for place in &all {
        for (rules, expected) in [(json!([rule("ssh", "Allow", 300)]), YES), (json!([]), NO)] {
            let once = nested(place, inside(rules.clone()));
            let twice = nested(place, json!([nested(&json!({}), inside(rules))]));
            for one in [once, twice] {
                assert_eq!(ssh(&json!({"resources": [one]})), expected, "{place}");
            }
        }
        let mut apart = inside(json!([]));
        let list = apart.as_array_mut().expect("a list");
        let nsg = list.remove(4);
        let other = nested(&json!({"resourceGroup": "other"}), json!([nsg]));
        list.push(other);
        assert_eq!(ssh(&json!({"resources": [nested(place, apart)]})), MAYBE, "{place}");
    }
}

/// A rule that a template adds is no list of what its NSG has.
#[test]
fn rules_that_templates_add_are_no_list() {
    let mut export = crate::support::bare::azure();
    let bare = crate::support::bare::bare(&export[3]);
    let nested = json!({"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d", "subscriptionId": "s", "resourceGroup": "rg", "properties": {"template": {"resources": [lone("Deny", 4000)]}}});
    let list = export.as_array_mut().expect("a list");
    list.pop();
    list.push(nested);
    assert_eq!(ssh(&export), MAYBE);
    export.as_array_mut().expect("a list").push(bare);
    assert_eq!(ssh(&export), MAYBE);
}

/// A rule by itself may be one of each NSG that it may mean.
#[test]
fn rules_whose_nsg_is_not_known() {
    let (open, closed) = (template(&json!([rule("ssh", "Allow", 300)])), template(&json!([])));
    for (name, expected) in [
        ("nsg/lone", Some(true)),
        ("[concat('nsg', '/lone')]", Some(true)),
        ("[concat('nsg/', parameters('rule'))]", Some(true)),
        ("other/lone", Some(false)),
        ("[concat('other/', parameters('rule'))]", Some(false)),
        ("[concat('other/', parameters('named'))]", Some(false)),
        ("[concat(parameters('nsg'), '/lone')]", None),
        ("[concat(parameters('named'), '/lone')]", None),
        ("[format('{0}/{1}', parameters('nsg'), 'lone')]", None),
        ("[parameters('both')]", None),
        ("[take(concat(parameters('nsg'), '/lone'), 20)]", None),
        ("[concat('nsg', copyIndex(), '/lone')]", None),
    ] {
        for (base, access, priority, there, not) in [
            (&open, "Deny", 200, NO, YES),
            (&open, "Deny", 400, YES, YES),
            (&closed, "Allow", 200, YES, NO),
            (&closed, "Deny", 200, NO, NO),
        ] {
            let mut one = lone(access, priority);
            one["name"] = json!(name);
            let mut document = with(base, &[("/resources/-", Some(one))]);
            document["parameters"]["named"] = json!({"type": "string", "defaultValue": "another"});
            let expected = match expected {
                Some(true) => there,
                Some(false) => not,
                None if there == not => there,
                None => MAYBE,
            };
            assert_eq!(ssh(&document), expected, "{name} {access} {priority}");
            let said = codes(&document);
            assert_eq!(
                said == ["JIT712"],
                !name.contains("nsg/") && !name.starts_with("[concat('nsg', '/"),
                "{name} {said:?}"
            );
        }
    }
    // Where an NSG is named alike, it is that one.
    let mut alike = with(&closed, &[("/resources/4/name", Some(json!("[parameters('nsg')]")))]);
    alike["resources"][3]["properties"]["networkSecurityGroup"]["id"] =
        json!("[resourceId('Microsoft.Network/networkSecurityGroups', parameters('nsg'))]");
    assert_eq!(ssh(&alike), NO);
    let mut one = lone("Allow", 200);
    one["name"] = json!("[concat(parameters('nsg'), '/lone')]");
    assert_eq!(ssh(&with(&alike, &[("/resources/-", Some(one))])), YES);
    // A literal one may be the one that is not known.
    assert_eq!(ssh(&with(&alike, &[("/resources/-", Some(lone("Allow", 200)))])), MAYBE);
}

/// A template's rule and what is there already.
#[test]
fn a_rule_that_may_go_to_what_is_there() {
    let export = crate::support::bare::azure();
    let base = with(&export, &[("/3/securityRules", Some(json!([])))]);
    for (name, expected) in
        [("nsg/lone", MAYBE), ("[concat(parameters('nsg'), '/lone')]", MAYBE), ("other/lone", NO)]
    {
        let mut one = lone("Allow", 200);
        one["name"] = json!(name);
        assert_eq!(ssh(&json!([base, {"resources": [one]}])), expected, "{name}");
        let many: Vec<_> = std::iter::repeat_n(one, 100).collect();
        assert_eq!(ssh(&json!([base, {"resources": many}])), expected, "{name}");
    }
}
