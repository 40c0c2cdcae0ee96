//! What of a preview only may open or close, as something is not known.

use crate::support::NOW;
use crate::support::scene::{file, machine, nsg, policy, request, vnet};
use jitgate_core::Timestamp;
use jitgate_core::preview::{Loaded, Options, load, preview};
use serde_json::Value;

/// `web1` at 10.0.0.4 behind the NSG `web` of the subnet.
fn one(rules: &[&str]) -> Loaded {
    load(
        &[&file(
            [machine("web1", &[("10.0.0.4", None)]), vec![vnet(Some("web")), nsg("web", rules)]].concat(),
        )],
        None,
    )
}

fn ssh() -> Vec<u8> {
    policy(&[("web1", &["22 TCP * PT3H"])])
}

fn options() -> Options {
    Options::at(Timestamp::parse(NOW).expect("a time"))
}

/// What hangs on something that is not known may close or open: that is told apart from what surely does.
#[test]
fn what_only_may_close_or_open() {
    let surely = |rules: &[&str]| {
        let asked = request("web1", &["22 203.0.113.7 PT1H"]);
        let preview = preview(&one(rules), &[&ssh()], &[&asked], &options());
        let states = preview.machines[0].states.clone().expect("states");
        let opened = preview.timeline[0].opened[0].2.clone();
        assert_eq!((&opened.may, &opened.surely), (&states.opened(), &states.surely_opened()));
        assert!(states.surely_closed().is_subset(&states.closed()));
        assert!(states.surely_opened().is_subset(&states.opened()));
        let json: Value = serde_json::from_str(&jitgate_core::wire::preview(&preview)).expect("JSON");
        let of = |traffic: &Value| -> Vec<(String, bool)> {
            let boxes = traffic["boxes"].as_array().expect("boxes").iter();
            boxes
                .map(|one| (one["text"].as_str().expect("a text").to_owned(), one.get("certain").is_none()))
                .collect()
        };
        let machine = &json["machines"][0];
        assert_eq!(of(&json["timeline"][0]["opened"][0]["traffic"]), of(&machine["opened"]));
        [of(&machine["closed"]), of(&machine["opened"])]
    };
    let (inside, grant) = (
        "TCP 22 from 10.0.0.0/16, 168.63.129.16 to 10.0.0.4".to_owned(),
        "TCP 22 from 203.0.113.7 to 10.0.0.4".to_owned(),
    );
    // Of a tag it is not known whom it lets in.
    let [closed, opened] = surely(&["Tag 300 Allow Tcp Storage.WestEurope -> * 22"]);
    assert_eq!(closed.first(), Some(&(inside.clone(), true)));
    assert!(closed.len() > 1 && closed.iter().skip(1).all(|(_, certain)| !certain), "{closed:?}");
    assert_eq!(opened, [(grant.clone(), true)]);
    // A rule of which it is not known whether it denies, above all of JIT's.
    let [closed, opened] = surely(&["Odd 100 Deny Tcp Storage.WestEurope -> * 22"]);
    assert!(closed.iter().all(|(_, certain)| !certain), "{closed:?}");
    assert_eq!(opened, [(grant.clone(), false)]);
    let [closed, opened] = surely(&[]);
    assert_eq!((closed, opened), (vec![(inside, true)], vec![(grant, true)]));
}
