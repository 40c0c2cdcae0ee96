//! The answer to a question about one packet, as text for people.

use jitgate_core::diagnostic::render::shown;
use jitgate_core::network::{Access, Answer, Decider, Engine, Reachable, Stage};

use super::text::{bad, faint, good, strong};

/// Yes or no, and what decides at each stage.
pub fn text(engine: &Engine, answer: &Answer) -> String {
    let verdict = match answer.reachable {
        // What is open is what to look at.
        Reachable::Yes => bad("reachable"),
        Reachable::No => good("not reachable"),
        Reachable::Maybe => strong("may be reachable: not everything that decides it was given"),
    };
    let stages: String = answer.decided_by.iter().map(|decider| stage(engine, decider)).collect();
    format!("{verdict}\n{stages}")
}

fn stage(engine: &Engine, decider: &Decider) -> String {
    let what = engine.describe(decider);
    let (id, name) = (shown(what.id), shown(what.name.unwrap_or(what.id)));
    let outcome = match decider.reachable {
        Reachable::Yes => "lets it through",
        Reachable::No => "stops it",
        Reachable::Maybe => "may let it through",
    };
    let line = match decider.stage {
        Stage::NoFilter => format!("{name} has no filter: everything comes through"),
        Stage::PublicAddress => {
            let inside = match decider.reachable {
                Reachable::Yes => "the sender is inside of its virtual network",
                Reachable::No => "the sender is outside of its virtual network",
                Reachable::Maybe => "its kind, or what is inside of the virtual network, was not given",
            };
            format!(
                "{name} has no NSG, and a public address of the Standard kind lets in nothing from outside: {inside}"
            )
        }
        Stage::NotGiven if id.is_empty() => "what is told of without an id may let it through".to_string(),
        Stage::NotGiven => format!("`{id}` was not given: it may let it through"),
        Stage::NoAddress => format!("{name} has no such address, or none of the sender's family"),
        Stage::Entangled => format!("the rules before {name} cut each other into too many pieces to tell"),
        Stage::Firewall
        | Stage::FirewallNetwork
        | Stage::SubnetNsg
        | Stage::NicNsg
        | Stage::SecurityGroup => {
            let access = match what.access {
                Some(Access::Allow) => "allow ",
                Some(Access::Deny) => "deny ",
                None => "",
            };
            let unnamed = match (decider.rule, decider.stage) {
                (None, Stage::Firewall | Stage::FirewallNetwork) if decider.reachable == Reachable::Maybe => {
                    "rules that are not known"
                }
                (None, _) => "no rule matches",
                (Some(_), Stage::SecurityGroup) => "a permission",
                (Some(_), _) => "a rule that is not known",
            };
            let rule = what.rule.map_or(unnamed.to_string(), |rule| format!("rule `{}`", shown(rule)));
            let priority = what.priority.map_or(String::new(), |number| format!(" {number}"));
            format!("{} {name} {outcome}: {access}{rule}{}", title(decider.stage), faint(&priority))
        }
    };
    let unknown = if what.unknown.is_empty() {
        String::new()
    } else {
        format!("    not known: {}\n", shown(&what.unknown.join(", ")))
    };
    format!("  {line}\n{unknown}")
}

fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Firewall | Stage::FirewallNetwork => "Azure Firewall",
        Stage::SubnetNsg => "the subnet's NSG",
        Stage::NicNsg => "the NIC's NSG",
        Stage::SecurityGroup => "security group",
        Stage::NoFilter | Stage::PublicAddress | Stage::NotGiven | Stage::NoAddress | Stage::Entangled => "",
    }
}

#[cfg(test)]
mod tests {
    use jitgate_core::json::{Source, scan};
    use jitgate_core::network::{Flow, Index, read};
    use serde_json::{Value, json};

    use super::*;

    const NET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";

    /// What is said of SSH from the internet, to a machine whose NIC has no address that is known, or to the firewall's.
    fn said(resources: &Value, to: Option<&str>) -> String {
        let text = resources.to_string();
        let source = Source::decode(text.as_bytes());
        let engine = Engine::new(read(&[&scan(&source.text).0]).0);
        let (machine, from) = (Index::new(0), "198.51.100.7".parse().unwrap());
        let to = to.map(|to| to.parse().unwrap());
        super::text(
            &engine,
            &engine.reach(&Flow { machine, from, port: 22, protocol: 6, source_port: None, to }),
        )
    }

    #[test]
    fn what_is_not_known_is_said_in_words() {
        let machine = |nic: Value| json!({"type": "Microsoft.Compute/virtualMachines", "id": "/m", "name": "m", "networkProfile": {"networkInterfaces": [nic]}});
        let nic = json!({"type": "Microsoft.Network/networkInterfaces", "id": format!("{NET}/networkInterfaces/n"), "name": "n",
            "ipConfigurations": [{"name": "one", "privateIPAddress": "10.0.0.4", "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}}]});
        let vnet = json!({"type": "Microsoft.Network/virtualNetworks", "id": format!("{NET}/virtualNetworks/v"), "name": "v", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "addressPrefix": "10.0.0.0/24"}]});
        let public = json!({"type": "Microsoft.Network/publicIPAddresses", "id": format!("{NET}/publicIPAddresses/p"), "name": "p", "ipAddress": "203.0.113.5"});
        let rule = json!({"name": "r", "protocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": ["203.0.113.5"], "destinationPorts": ["22"], "translatedAddress": "10.0.0.4", "translatedPort": "22"});
        let firewall = |members: Value| {
            let mut firewall = json!({"type": "Microsoft.Network/azureFirewalls", "id": format!("{NET}/azureFirewalls/f"), "name": "f",
                "ipConfigurations": [{"name": "c", "privateIPAddress": "10.0.1.4", "publicIPAddress": {"id": format!("{NET}/publicIPAddresses/p")}}]});
            firewall.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            json!([machine(json!({"id": format!("{NET}/networkInterfaces/n")})), nic, vnet, public, firewall])
        };
        let nat = json!([{"name": "n", "priority": 100, "action": {"type": "Dnat"}, "rules": [rule]}]);
        let unknown = "Azure Firewall f may let it through: rules that are not known";
        for (members, lines) in [
            (json!({"networkRuleCollections": []}), vec![unknown]),
            (
                json!({"natRuleCollections": nat}),
                vec!["Azure Firewall f lets it through: allow rule `r`", unknown],
            ),
            (
                json!({"natRuleCollections": nat, "networkRuleCollections": []}),
                vec!["Azure Firewall f lets it through: allow rule `r`"],
            ),
            (json!({"firewallPolicy": {"id": format!("{NET}/firewallPolicies/p")}}), vec![unknown]),
        ] {
            let said = said(&firewall(members.clone()), Some("203.0.113.5"));
            assert!(lines.iter().all(|line| said.contains(line)), "{members}: {said}");
            assert_eq!(said.contains("not known"), lines.contains(&unknown), "{members}: {said}");
        }
        let said = said(&json!([machine(json!({"id": ""}))]), None);
        assert!(
            said.contains("what is told of without an id may let it through") && !said.contains("``"),
            "{said}"
        );
    }
}
