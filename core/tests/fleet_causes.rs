//! What is told of the ports that reach a machine: from where, by which rules, and where no rule is needed.

use crate::support::scene::{file, machine, nsg, vnet};
use jitgate_core::network::Index;
use jitgate_core::preview::{Fleet, Mode, Names, load};
use serde_json::Value;

/// What is known of a machine that no policy names: by port its sources, the Internet among them, rules, and addresses
/// that nothing filters.
fn told(resources: Vec<Value>) -> Vec<(u16, bool, String, String)> {
    let loaded = load(&[&file(resources)], None);
    let fleet = Fleet::new(&loaded.engine, &[], &[], Mode::Enforce, Names::Any);
    let told = fleet.exposed(Index::new(0)).iter().map(|exposed| {
        let mut rules: Vec<_> = exposed.let_in_by.iter().map(|by| by.rule.name.as_str()).collect();
        rules.sort_unstable();
        (exposed.port, exposed.internet, rules.join(" "), exposed.unfiltered.to_string())
    });
    told.collect()
}

#[test]
fn a_nic_without_an_nsg_is_told_beside_the_rules_of_others() {
    let mut resources = machine("db", &[("10.0.0.4", Some("db")), ("10.0.0.5", None)]);
    resources.extend([nsg("db", &["AllowSsh 300 Allow Tcp 10.0.4.0/24 -> * 22"]), vnet(None)]);
    let bare = String::from("10.0.0.5");
    let ports = told(resources);
    let by = |port: u16| ports.iter().find(|told| told.0 == port).expect("it is reached");
    assert_eq!(by(22), &(22, true, "AllowSsh AllowVnetInBound".into(), bare.clone()));
    assert_eq!(by(3389), &(3389, true, "AllowVnetInBound".into(), bare));
}

#[test]
fn some_public_addresses_are_not_the_internet() {
    for (sources, is_internet) in [
        ("*", true),
        ("Internet", true),
        ("0.0.0.0/1", true),
        ("64.0.0.0/5,32.0.0.0/5", true),
        ("64.0.0.0/5", false),
        ("2000::/3", true),
        ("2000::/8", false),
        ("10.0.0.0/8,168.63.129.16", false),
        ("198.18.4.0/24,2001:db8::/32", false),
    ] {
        let mut resources = machine("web", &[("10.0.0.4", Some("web")), ("2001:db8::4", Some("web"))]);
        resources.extend([nsg("web", &[&format!("AllowSsh 300 Allow Tcp {sources} -> * 22")]), vnet(None)]);
        let ssh = told(resources).into_iter().find(|told| told.0 == 22).expect("it is reached");
        assert_eq!((ssh.1, ssh.3.as_str()), (is_internet, ""), "{sources}");
    }
}
