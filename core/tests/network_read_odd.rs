//! Networks with something wrong in them: each fault has its diagnostic at its place, and the rest is read.

use crate::support;
use crate::support::network::{line, network};
use jitgate_core::network::{Address, Value};
use jitgate_core::{CheckOptions, Kind, check};

const NET: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

/// An NSG with these rules, in place of the words that are written here.
fn nsg(rules: &[&str]) -> String {
    let rules: Vec<_> = rules
        .iter()
        .enumerate()
        .map(|(at, change)| {
            let whole = format!(
                r#"{{"name":"r{at}","priority":{},"direction":"Inbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"203.0.113.0/24","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"22"}}"#,
                300 + at
            );
            let (from, to) = change.split_once(" => ").unwrap_or_default();
            assert!(whole.contains(from), "{change}");
            whole.replacen(from, to, 1)
        })
        .collect();
    format!(
        r#"{{"id":"{NET}/networkSecurityGroups/nsg","name":"nsg","type":"Microsoft.Network/networkSecurityGroups","securityRules":[{}]}}"#,
        rules.join(",")
    )
}

/// Codes and places of all that is said.
fn said(document: &str) -> Vec<String> {
    let report = check(document.as_bytes(), &CheckOptions::default());
    assert_eq!(report.kind, Kind::Network);
    support::sound::sound(&report);
    report.diagnostics.iter().map(|one| format!("{} {}", one.code.id(), one.path.pointer())).collect()
}

#[test]
fn each_fault_of_a_rule_is_said_and_the_others_are_read() {
    let cases = [
        (r#""priority":301 => "priority":300"#, "JIT701 /securityRules/1"),
        (r#""priority":301 => "priority":99"#, "JIT702 /securityRules/1/priority"),
        (r#""priority":301 => "priority":4097"#, "JIT702 /securityRules/1/priority"),
        (r#""priority":301, => "#, "JIT702 /securityRules/1"),
        (
            r#""sourceAddressPrefix":"203.0.113.0/24" => "sourceAddressPrefixes":[]"#,
            "JIT703 /securityRules/1",
        ),
        (r#""203.0.113.0/24" => """#, "JIT703 /securityRules/1"),
        (r#""203.0.113.0/24" => "203.0.113.0/33""#, "JIT704 /securityRules/1/sourceAddressPrefix"),
        (r#""203.0.113.0/24" => "203.0.113.256""#, "JIT704 /securityRules/1/sourceAddressPrefix"),
        (r#""203.0.113.0/24" => "203.0.113.9-203.0.113.1""#, "JIT704 /securityRules/1/sourceAddressPrefix"),
        (r#""203.0.113.0/24" => ["10.0.0.0/8",{}]"#, "JIT704 /securityRules/1/sourceAddressPrefix/1"),
        (r#""203.0.113.0/24" => "203.0.113.1/24""#, "JIT705 /securityRules/1/sourceAddressPrefix"),
        (r#""22" => "23-22""#, "JIT706 /securityRules/1/destinationPortRange"),
        (r#""22" => "65536""#, "JIT707 /securityRules/1/destinationPortRange"),
        (r#""22" => "+22""#, "JIT707 /securityRules/1/destinationPortRange"),
        (r#""Tcp" => "Sctp""#, "JIT708 /securityRules/1/protocol"),
        (r#""Allow" => "Accept""#, "JIT709 /securityRules/1/access"),
        (r#""Inbound" => "In""#, "JIT710 /securityRules/1/direction"),
        (r#""203.0.113.0/24" => "Storage.WestEurope""#, "JIT711 /securityRules/1/sourceAddressPrefix"),
        (
            r#""sourcePortRange":"*" => "sourcePortRange":"*","sourcePortRanges":["1-2"]"#,
            "JIT714 /securityRules/1/sourcePortRanges",
        ),
        (
            r#""destinationAddressPrefix":"*" => "destinationAddressPrefix":"2001:db8::1""#,
            "JIT715 /securityRules/1",
        ),
        (r#""name":"r1" => "name":"""#, "JIT716 /securityRules/1"),
    ];
    for (change, expected) in cases {
        let document = nsg(&["", change, ""]);
        assert_eq!(said(&document), [expected], "{change}");
        let (network, _) = network(&[&document]);
        let rules = &network.nsgs[0].rules;
        assert_eq!(rules.len(), 9, "{change}: three rules and Azure's own");
        assert_eq!((rules[0].priority, rules[2].priority), (300, 302), "{change}");
        assert_eq!(rules[2].access, Value::Known(jitgate_core::network::Access::Allow), "{change}");
    }
}

#[test]
fn a_rule_whose_place_is_not_known_is_open() {
    for change in [r#""priority":301, => "#, r#""Inbound" => "In""#, r#""Allow" => "[parameters('x')]""#] {
        let (network, _) = network(&[nsg(&["", change])]);
        assert!(matches!(network.nsgs[0].rules[1].access, Value::Unknown(_)), "{change}");
    }
    // Rules of one priority that do not agree, too; those that do stay as they are.
    let one = nsg(&[
        "",
        r#""priority":301,"direction":"Inbound","access":"Allow" => "priority":300,"direction":"Inbound","access":"Deny""#,
    ]);
    let (unlike, _) = network(&[one]);
    assert!(unlike.nsgs[0].rules[..2].iter().all(|rule| matches!(rule.access, Value::Unknown(_))));
    let (alike, _) = network(&[nsg(&["", r#""priority":301 => "priority":300"#])]);
    assert!(alike.nsgs[0].rules[..2].iter().all(|rule| matches!(rule.access, Value::Known(_))));
}

#[test]
fn expressions_are_unknown_and_variables_are_not() {
    let document = r#"{
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "parameters": { "from": { "defaultValue": "10.0.0.0/8" }, "rules": {} },
      "variables": { "office": "203.0.113.0/24", "port": 22 },
      "resources": [
        { "type": "Microsoft.Network/networkSecurityGroups", "name": "nsg", "properties": { "securityRules": [
          { "name": "a", "properties": { "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefix": "[variables('office')]", "sourcePortRange": "*", "destinationAddressPrefix": "[parameters('from')]",
            "destinationPortRange": "[variables('port')]" } } ] },
          "resources": [
            { "type": "securityRules", "name": "b", "properties": { "priority": 310, "direction": "Inbound", "access": "Deny", "protocol": "*",
              "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*" } } ] },
        { "type": "Microsoft.Network/networkSecurityGroups", "name": "nsg2", "properties": { "securityRules": "[parameters('rules')]" } },
        { "type": "Microsoft.Network/networkInterfaces", "name": "nic", "properties": {
          "networkSecurityGroup": { "id": "[resourceId('Microsoft.Network/networkSecurityGroups', 'nsg')]" },
          "ipConfigurations": [ { "properties": { "subnet": { "id": "[format('{0}/subnets/quay', resourceId('Microsoft.Network/virtualNetworks', 'v'))]" } } } ] } },
        { "type": "Microsoft.Network/virtualNetworks", "name": "v", "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
          "subnets": [ { "name": "quay", "properties": { "addressPrefix": "10.0.1.0/24" } } ] } } ] }"#;
    assert_eq!(said(document), Vec::<String>::new());
    let (network, _) = network(&[document]);
    assert_eq!(
        line(&network, &network.nsgs[0].rules[0]),
        "a Inbound 300 Known(Allow) Known(Number(6)) 203.0.113.0/24 0-65535 -> unknown [parameters('from')] 22-22"
    );
    assert_eq!(network.nsgs[0].rules[1].name, "b");
    let unknown = &network.nsgs[1].rules[0];
    assert_eq!((unknown.priority, &unknown.sources), (0, &vec![Address::Any]));
    assert!(matches!(unknown.access, Value::Unknown(_)));
    assert!(
        network.nics[0].nsg.given().is_some()
            && network.nics[0].ip_configurations[0].subnet.given().is_some()
    );
}

#[test]
fn chains_of_variables_end() {
    // Each doubles the one before it, and the last leads back.
    let mut variables: Vec<String> = (0..60)
        .map(|at| format!(r#""v{at}":"[concat(variables('v{0}'), variables('v{0}'))]""#, at + 1))
        .collect();
    variables.push(r#""v60":"[variables('v0')]""#.into());
    let document = format!(
        r#"{{"$schema":"x","variables":{{{}}},"resources":[{{"type":"Microsoft.Network/networkSecurityGroups","name":"[variables('v0')]","properties":{{}}}}]}}"#,
        variables.join(",")
    );
    assert!(said(&document).contains(&"JIT717 /resources/0/name".to_owned()));
}

#[test]
fn what_was_not_given_is_said_once() {
    let nic = |name: &str| {
        format!(
            r#"{{"id":"{NET}/networkInterfaces/{name}","name":"{name}","networkSecurityGroup":{{"id":"{NET}/networkSecurityGroups/gone"}},"ipConfigurations":[]}}"#
        )
    };
    let document = format!("[{},{}]", nic("a"), nic("b"));
    // The NICs themselves are there without what they have.
    assert_eq!(said(&document), ["JIT712 /0/name", "JIT712 /0/networkSecurityGroup/id", "JIT712 /1/name"]);
    let report = check(document.as_bytes(), &CheckOptions::default());
    assert!(report.diagnostics[1].message.contains("2 places"), "{}", report.diagnostics[1].message);
    // An NSG alone says what it is on, and that is nothing to report.
    let lone = nsg(&[""]).replacen(
        r#""name":"nsg""#,
        &format!(r#""name":"nsg","subnets":[{{"id":"{NET}/virtualNetworks/v/subnets/s"}}],"networkInterfaces":[{{"id":"{NET}/networkInterfaces/n"}}]"#),
        1,
    );
    assert_eq!(said(&lone), Vec::<String>::new());
}

#[test]
fn given_twice() {
    let (one, other) = (nsg(&["", ""]), nsg(&["", r#""22" => "23""#]));
    assert_eq!(said(&format!("[{one},{one}]")), Vec::<String>::new());
    assert_eq!(said(&format!("[{one},{other}]")), ["JIT713 /1"]);
    // The later one of two files is told of, and its rules come first.
    let upper = other.replace("/resourceGroups/rg/", "/RESOURCEGROUPS/RG/");
    let (network, facts) = network(&[one, upper]);
    assert_eq!((network.nsgs.len(), facts.len(), facts[0].place.file), (1, 1, 1));
    assert!(line(&network, &network.nsgs[0].rules[1]).ends_with("23-23"));
}

#[test]
fn what_is_no_network_is_not_taken_for_one() {
    let storage = br#"{"type":"Microsoft.Storage/storageAccounts","name":"x","properties":{}}"#;
    for (document, kind) in [
        (&storage[..], Kind::Unknown),
        (br#"{"properties":{"virtualMachines":[]}}"#, Kind::Policy),
        (br#"{"value":[]}"#, Kind::PolicyList),
        (br#"{"virtualMachines":[]}"#, Kind::Request),
    ] {
        assert_eq!(check(document, &CheckOptions::default()).kind, kind);
    }
    let told = CheckOptions { kind: Some(Kind::Network), now: None };
    let codes: Vec<_> = check(storage, &told).diagnostics.iter().map(|one| one.code.id()).collect();
    assert_eq!(codes, ["JIT107"]);
}

#[test]
fn nothing_that_is_cut_or_changed_makes_it_fail() {
    for form in ["cli", "template", "ec2", "firewall"] {
        for text in support::network::files(form) {
            let text = String::from_utf8(text).expect("UTF-8");
            let places: Vec<_> = text.char_indices().map(|(at, _)| at).step_by(997).collect();
            for at in places {
                network(&[&text[..at]]);
                // A value, a name or a bracket in the place of another.
                for (from, to) in [("\"", "["), ("{", "["), ("null", "{}"), (":", ",")] {
                    let changed = format!("{}{}", &text[..at], text[at..].replacen(from, to, 1));
                    let report = check(changed.as_bytes(), &CheckOptions::default());
                    support::sound::sound(&report);
                }
            }
        }
    }
}

#[test]
fn what_is_large_is_read_in_one_go() {
    // Each of these is slow where something is looked up by going through all before it.
    let many = 20_000;
    let ips: Vec<_> =
        (0..many).map(|at| format!("10.{}.{}.{}", at / 65536, at / 256 % 256, at % 256)).collect();
    let nics: Vec<_> = (0..many).map(|at| format!(r#"{{"id":"{NET}/networkInterfaces/n{at}"}}"#)).collect();
    let machine = format!(
        r#"{{"id":"/s/providers/Microsoft.Compute/virtualMachines/a","networkProfile":{{"networkInterfaces":[{}]}},"privateIps":"{}"}}"#,
        nics.join(","),
        ips.join(",")
    );
    let variables: Vec<_> = (0..many).map(|at| format!(r#""v{at}":"n{at}""#)).collect();
    let resources: Vec<_> = (0..many)
        .map(|at| format!(r#"{{"type":"Microsoft.Network/networkSecurityGroups/securityRules","name":"[concat('g/', variables('v{at}'))]","properties":{{"priority":100}}}}"#))
        .collect();
    let template = format!(
        r#"{{"$schema":"x","variables":{{{}}},"resources":[{{"type":"Microsoft.Network/networkSecurityGroups","name":"g"}},{}]}}"#,
        variables.join(","),
        resources.join(",")
    );
    let rules: Vec<_> = (0..many).map(|_| "").collect();
    let (read, _) = network(&[machine, template, nsg(&rules)]);
    assert_eq!((read.nsgs.len(), read.nsgs[0].rules.len()), (2, many + 6));
}
