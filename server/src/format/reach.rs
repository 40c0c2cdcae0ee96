//! The answer to a question about one packet, as text for people.

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
    let name = what.name.unwrap_or(what.id);
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
        Stage::NotGiven => format!("`{}` was not given: it may let it through", what.id),
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
                (None, _) => "no rule matches",
                (Some(_), Stage::SecurityGroup) => "a permission",
                (Some(_), _) => "a rule that is not known",
            };
            let rule = what.rule.map_or(unnamed.to_string(), |rule| format!("rule `{rule}`"));
            let priority = what.priority.map_or(String::new(), |number| format!(" {number}"));
            format!("{} {name} {outcome}: {access}{rule}{}", title(decider.stage), faint(&priority))
        }
    };
    let unknown = if what.unknown.is_empty() {
        String::new()
    } else {
        format!("    not known: {}\n", what.unknown.join(", "))
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
