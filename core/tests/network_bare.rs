//! Exports whose resources are bare, which have nothing but an id, a type and a name, or lost a part: what a bare one
//! may have is not known, and in whichever order they come it takes the place of no whole one.

use crate::support::bare::{
    Change, OUTSIDE, azure, bare, codes, each, ec2, engine, id, of, public, reach, ssh_from, subnet, with,
};
use jitgate_core::network::engine::{Class, Reason};
use jitgate_core::network::{Index, Reachable};
use jitgate_core::wire::inventory::{ArmKind, Inventory, Links};
use serde_json::{Value, json};

const MAYBE: Reachable = Reachable::Maybe;

#[test]
fn a_bare_subnet_may_have_an_nsg() {
    let lone = json!({"type": "Microsoft.Network/virtualNetworks/subnets", "id": subnet(), "name": "s"});
    let named = |of: &str| Some(json!([{"id": of}]));
    let bare_inside = || ("/2/subnets", named(&subnet()));
    let no_nsg = || ("/2/subnets/0/networkSecurityGroup", None);
    let base = public();
    each(
        &base,
        OUTSIDE,
        None,
        Reachable::Yes,
        &[
            (&[bare_inside()], MAYBE),
            (&[("/2/subnets", Some(json!([]))), ("/-", Some(lone.clone()))], MAYBE),
            (&[("/-", Some(lone.clone()))], Reachable::Yes),
            (&[("/0", Some(lone.clone())), ("/-", Some(base[0].clone()))], Reachable::Yes),
            (&[no_nsg()], Reachable::No),
            // What it is on is told by the NSG.
            (&[bare_inside(), ("/3/subnets", named(&subnet()))], Reachable::Yes),
            (&[no_nsg(), ("/3/subnets", named(""))], Reachable::No),
            // A template leaves out what is not there.
            (&[bare_inside(), ("/2/apiVersion", Some(json!("2024-05-01")))], Reachable::No),
        ],
    );
    // Nor does it surely let in what an NSG may stop.
    let closed = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    each(&closed, OUTSIDE, None, Reachable::No, &[(&[bare_inside()], MAYBE)]);
    let class = |changes: &[Change]| engine(&with(&base, changes)).classify(Index::new(0), false);
    assert_eq!(class(&[bare_inside()]), Class::Unsupported(Reason::NotGiven));
    assert_eq!(class(&[bare_inside(), ("/3/subnets", named(&subnet()))]), Class::NotConfigured);
    assert_eq!(class(&[no_nsg()]), Class::Unsupported(Reason::NoFilter));
    let document = with(&base, &[bare_inside()]);
    assert_eq!(codes(&document), ["JIT712"]);
    // What was lost is not shown as if it were there.
    let engine = engine(&document);
    let links = Links::new(engine.network());
    let shown = Inventory::new(&engine, &links).resource(ArmKind::VirtualNetwork, 0).expect("it is there");
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["properties"]["subnets"][0]["properties"], json!({}));
}

#[test]
fn an_address_space_that_was_lost_may_have_any_address() {
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    let whole = base[2].clone();
    let lone = with(&whole, &[("/subnets/0/type", Some(json!("Microsoft.Network/virtualNetworks/subnets")))])
        ["subnets"][0]
        .clone();
    let space = |value: Value| ("/2/addressSpace", Some(value));
    let inside = "10.20.9.9";
    each(
        &base,
        inside,
        None,
        Reachable::Yes,
        &[
            (&[("/-", Some(bare(&whole)))], Reachable::Yes),
            (&[("/0", Some(bare(&whole))), ("/-", Some(base[0].clone()))], Reachable::Yes),
            (&[("/2", Some(bare(&whole))), ("/-", Some(lone.clone()))], MAYBE),
            (&[("/2", Some(lone))], MAYBE),
        ],
    );
    let prefixes = |list: Value| space(json!({"addressPrefixes": list}));
    each(
        &base,
        "10.30.9.9",
        None,
        Reachable::No,
        &[
            (&[prefixes(json!("10.20.0.0/16 10.30.0.0/16"))], MAYBE),
            (&[prefixes(json!(["10.20.0.0/16", "10.30.0.0/33"]))], MAYBE),
            (&[prefixes(json!(["10.20.0.0/16", "[parameters('x')]"]))], MAYBE),
            (&[prefixes(json!(["10.20.0.0/16", ""]))], MAYBE),
            (&[space(json!("Microsoft.Azure.Commands.Network.Models.PSAddressSpace"))], MAYBE),
            (&[space(json!({}))], MAYBE),
            (&[space(Value::Null)], MAYBE),
            (&[space(json!({"ipamPoolPrefixAllocations": [{"id": "p"}]}))], MAYBE),
            (&[prefixes(json!("10.20.0.0/16"))], Reachable::No),
        ],
    );
    // A peer's address space is what either tells.
    let other = id("virtualNetworks", "w");
    let peer = |space: Value| json!([{"remoteVirtualNetwork": {"id": other}, "peeringState": "Connected", "remoteAddressSpace": {"addressPrefixes": space}}]);
    let known = json!({"type": "Microsoft.Network/virtualNetworks", "id": other, "name": "w", "addressSpace": {"addressPrefixes": ["10.40.0.0/16"]}, "subnets": []});
    let peered = |space: Value| ("/2/virtualNetworkPeerings", Some(peer(space)));
    each(
        &base,
        "10.30.9.9",
        None,
        Reachable::No,
        &[
            (&[peered(json!(["10.40.0.0/16"])), ("/-", Some(bare(&known)))], Reachable::No),
            (&[peered(json!(["10.40.0.0/16", ""])), ("/-", Some(known.clone()))], Reachable::No),
            (&[peered(json!(["10.40.0.0/16", ""])), ("/-", Some(bare(&known)))], MAYBE),
            (&[peered(json!([])), ("/-", Some(bare(&known)))], MAYBE),
        ],
    );
    assert_eq!(codes(&with(&base, &[("/2", Some(bare(&whole)))])), ["JIT712", "JIT712"]);
    assert_eq!(codes(&with(&base, &[("/-", Some(bare(&whole)))])), Vec::<&str>::new());
}

#[test]
fn an_element_whose_id_was_lost_is_one() {
    let groups = "/0/Reservations/0/Instances/0/NetworkInterfaces/0/Groups";
    for lost in [json!([{}]), json!([null]), json!([{"GroupId": ""}]), json!([""]), json!({}), json!([])] {
        each(&ec2(), OUTSIDE, None, Reachable::Yes, &[(&[(groups, Some(lost))], MAYBE)]);
    }
    let permission = "/1/SecurityGroups/0/IpPermissions/0";
    let sources = |list: Value| {
        (
            permission,
            Some(json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": list})),
        )
    };
    for lost in [json!([{}]), json!([null]), json!([{"GroupId": ""}])] {
        let closed = with(&ec2(), &[sources(json!([{"GroupId": "sg-1"}]))]);
        each(&closed, OUTSIDE, None, Reachable::No, &[(&[sources(lost)], MAYBE)]);
    }
    // Two ids that were lost are not the same for that.
    let both = with(
        &ec2(),
        &[sources(json!([{"GroupId": ""}])), (groups, Some(json!([{"GroupId": "sg-1"}, {"GroupId": ""}])))],
    );
    assert_eq!(reach(&both, "10.20.1.4", None), MAYBE);
    for lost in [json!([{}]), json!([null]), json!([{"id": ""}]), json!([])] {
        each(
            &azure(),
            OUTSIDE,
            Some("10.20.1.4"),
            Reachable::Yes,
            &[(&[("/0/networkProfile/networkInterfaces", Some(lost))], MAYBE)],
        );
    }
    let from = |groups: Value| ("/3/securityRules/0", Some(ssh_from(&groups)));
    let asg = json!({"type": "Microsoft.Network/applicationSecurityGroups", "id": id("applicationSecurityGroups", "jump"), "name": "jump"});
    let jump = of("applicationSecurityGroups", "jump");
    let closed = with(&azure(), &[("/-", Some(asg)), from(json!([jump]))]);
    each(&closed, OUTSIDE, None, Reachable::No, &[(&[from(json!([jump, {"id": ""}]))], MAYBE)]);
}

#[test]
fn a_configuration_without_its_subnet_may_be_filtered() {
    let subnet = |put: Option<Value>| ("/1/ipConfigurations/0/subnet", put);
    let base = with(&azure(), &[("/3/securityRules", Some(json!([])))]);
    each(
        &base,
        OUTSIDE,
        None,
        Reachable::No,
        &[
            (&[subnet(None)], MAYBE),
            (&[subnet(Some(json!("")))], MAYBE),
            (&[subnet(Some(json!({})))], MAYBE),
            (&[subnet(Some(json!({"id": ""})))], MAYBE),
        ],
    );
    let class = engine(&with(&base, &[subnet(None)])).classify(Index::new(0), false);
    assert_eq!(class, Class::Unsupported(Reason::NotGiven));
}

#[test]
fn a_bare_route_table_may_lead_anywhere() {
    let table = json!({"type": "Microsoft.Network/routeTables", "id": id("routeTables", "rt"), "name": "rt", "routes": [{"name": "far", "addressPrefix": "192.168.0.0/16", "nextHopType": "VirtualAppliance"}]});
    let closed = [
        ("/3/securityRules", Some(json!([]))),
        ("/-", Some(table.clone())),
        ("/2/subnets/0/routeTable", Some(of("routeTables", "rt"))),
    ];
    let base = with(&azure(), &closed);
    let lone = |members: Value| {
        (
            "/-",
            Some(
                json!({"type": "Microsoft.Network/routeTables/routes", "id": id("routeTables", "rt/routes/far"), "name": "far", "properties": members}),
            ),
        )
    };
    each(
        &base,
        "192.168.1.1",
        None,
        Reachable::Yes,
        &[
            (&[("/4", Some(bare(&table)))], MAYBE),
            (&[("/-", Some(bare(&table)))], Reachable::Yes),
            (&[("/0", Some(bare(&table))), ("/-", Some(base[0].clone()))], Reachable::Yes),
            (&[("/4/routes", Some(json!([{"id": "x"}])))], MAYBE),
            (&[("/4/routes", Some(json!([{"addressPrefix": "[parameters('x')]"}])))], MAYBE),
            (&[("/4/routes", Some(json!([])))], Reachable::No),
            (
                &[("/4/routes", Some(json!([{"addressPrefix": "Storage", "nextHopType": "Internet"}])))],
                Reachable::No,
            ),
            (&[("/4/routes", None), ("/4/apiVersion", Some(json!("2024-05-01")))], Reachable::No),
            (&[("/4", Some(bare(&table))), lone(json!({"addressPrefix": "192.168.0.0/16"}))], Reachable::Yes),
            (&[("/4/routes", Some(json!([]))), lone(json!({}))], MAYBE),
            (&[("/2/subnets/0/addressPrefix", None), ("/2/subnets/0/routeTable", None)], MAYBE),
        ],
    );
    each(
        &base,
        "192.169.1.1",
        None,
        Reachable::No,
        &[(&[("/4", Some(bare(&table))), lone(json!({"addressPrefix": "192.168.0.0/16"}))], Reachable::No)],
    );
}

#[test]
fn a_bare_machine_keeps_its_nics() {
    let base = azure();
    let whole = base[0].clone();
    each(
        &base,
        OUTSIDE,
        Some("10.20.1.4"),
        Reachable::Yes,
        &[
            (&[("/0", Some(bare(&whole)))], MAYBE),
            (&[("/-", Some(bare(&whole)))], Reachable::Yes),
            (&[("/0", Some(bare(&whole))), ("/-", Some(whole.clone()))], Reachable::Yes),
        ],
    );
    for document in [
        with(&base, &[("/-", Some(bare(&whole)))]),
        with(&base, &[("/0", Some(bare(&whole))), ("/-", Some(whole.clone()))]),
    ] {
        assert_eq!(codes(&document), Vec::<&str>::new());
    }
}
