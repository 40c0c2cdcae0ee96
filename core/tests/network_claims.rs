//! What NSGs say they are on, beside what NICs and subnets say.

use crate::support::bare::{OUTSIDE, azure, each, engine, id, of, subnet, with};
use jitgate_core::network::engine::{Class, Reason};
use jitgate_core::network::{Index, Reachable};
use jitgate_core::wire::inventory::{ArmKind, Inventory, Links};
use serde_json::{Value, json};

const MAYBE: Reachable = Reachable::Maybe;

/// What is on what is told from both sides. Where those do not agree they are of two times, and which of them was later
/// is not known.
#[test]
fn an_nsg_of_another_time_is_not_known_to_be_on() {
    let named = |of: &str| Some(json!([{"id": of}]));
    let nic = || id("networkInterfaces", "nic");
    let on_subnet = |value| ("/2/subnets/0/networkSecurityGroup", value);
    let no_nsg = || on_subnet(None);
    // An NSG that stops everything.
    let deny = json!({"name": "no", "priority": 400, "direction": "Inbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let base = with(&azure(), &[("/3/securityRules", Some(json!([deny])))]);
    let group = |name: &str, members: Value| {
        let mut group = base[3].clone();
        (group["id"], group["name"]) = (id("networkSecurityGroups", name).into(), name.into());
        for (name, value) in members.as_object().expect("an object") {
            group[name] = value.clone();
        }
        ("/-", Some(group))
    };
    let on = |list: Value| group("nsg", json!({"subnets": list}));
    let here = || json!([{"id": subnet()}]);
    let bare_subnet = || ("/2/subnets", named(&subnet()));
    each(
        &base,
        OUTSIDE,
        None,
        Reachable::No,
        &[
            (&[no_nsg()], Reachable::Yes),
            (&[on_subnet(Some(Value::Null))], Reachable::Yes),
            // Both sides agree.
            (&[("/3/subnets", Some(here()))], Reachable::No),
            (
                &[
                    ("/3/networkInterfaces", named(&nic())),
                    ("/1/networkSecurityGroup", Some(of("networkSecurityGroups", "nsg"))),
                ],
                Reachable::No,
            ),
            // They do not.
            (&[no_nsg(), ("/3/subnets", Some(here()))], MAYBE),
            (&[no_nsg(), ("/3/networkInterfaces", named(&nic()))], MAYBE),
            (
                &[
                    no_nsg(),
                    ("/3/networkInterfaces", named(&nic())),
                    ("/1/networkSecurityGroup", Some(Value::Null)),
                ],
                MAYBE,
            ),
            (&[group("other", json!({"subnets": here()}))], MAYBE),
            (&[("/3/subnets", Some(here())), group("other", json!({"subnets": here()}))], MAYBE),
            // Of what was lost one NSG may tell, and not two.
            (&[bare_subnet(), ("/3/subnets", Some(here()))], Reachable::No),
            (
                &[bare_subnet(), ("/3/subnets", Some(here())), group("other", json!({"subnets": here()}))],
                MAYBE,
            ),
            // What the same NSG said before is of no account.
            (&[no_nsg(), ("/3/subnets", Some(here())), on(json!([]))], Reachable::Yes),
            (&[no_nsg(), ("/3/subnets", Some(here())), group("nsg", json!({}))], Reachable::Yes),
            (&[no_nsg(), ("/3/subnets", Some(json!([]))), on(here())], MAYBE),
            (&[bare_subnet(), ("/3/subnets", Some(here())), on(json!([]))], MAYBE),
            (&[bare_subnet(), ("/3/subnets", Some(json!([]))), on(here())], Reachable::No),
        ],
    );
    let document = with(&base, &[no_nsg(), ("/3/networkInterfaces", named(&nic()))]);
    let engine = engine(&document);
    assert_eq!(engine.classify(Index::new(0), false), Class::Unsupported(Reason::NotGiven));
    // What is shown is not what stands for it.
    let links = Links::new(engine.network());
    let shown = Inventory::new(&engine, &links).resource(ArmKind::NetworkInterface, 0).expect("it is there");
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["properties"].get("networkSecurityGroup"), None, "{shown}");
}
