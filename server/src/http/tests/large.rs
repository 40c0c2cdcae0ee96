//! Bodies that take long to judge, or are too large for it.

use serde_json::{Value, json};

use super::{Site, access, at, policy};

/// Bodies that are too large to be judged are refused whatever is asked of them.
#[tokio::test]
async fn what_is_too_large_is_not_judged() {
    let site = Site::new();
    let many: Vec<_> =
        (0..4001_u32).map(|number| format!("10.0.{}.{}", number / 250, number % 250)).collect();
    let mut large = policy(&["vm1"]);
    assert_eq!(site.call("ann", "PUT", &at(""), &large).await.status, 200);
    large["properties"]["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefixes"] = json!(many);
    let mut asked = access("vm1");
    asked["virtualMachines"][0]["ports"][0]["allowedSourceAddressPrefixes"] = json!(many);
    for (method, rest, body, code) in [
        ("PUT", "", &large, "InvalidPolicyInput"),
        ("POST", "/preview", &json!({ "policy": large }), "InvalidPolicyInput"),
        ("POST", "/preview", &json!({ "request": asked }), "InvalidInitiateInput"),
        ("POST", "/preview", &asked, "InvalidInitiateInput"),
        ("POST", "/decide", &asked, "InvalidInitiateInput"),
        ("POST", "/initiate", &asked, "InvalidInitiateInput"),
    ] {
        let answer = site.call("ann", method, &at(rest), body).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{method} {rest}");
        let message = answer.json()["error"]["message"].to_string();
        assert!(message.contains("The port has 4001 sources; it may have "), "{message}");
    }
    // What may be put may be too large to be looked at.
    let rule = &policy(&["vm1"])["properties"]["virtualMachines"][0]["ports"][0];
    for (last, status) in [(1000, 200), (1001, 400)] {
        let ports = |count: u32| {
            let rule = |number: u32| {
                let mut rule = rule.clone();
                rule["number"] = number.into();
                rule
            };
            (1..=count).map(rule).collect::<Value>()
        };
        let mut proposed = policy(&["vm1", "vm2", "vm3", "vm4", "vm5", "vm6"]);
        let machines = proposed["properties"]["virtualMachines"].as_array_mut().unwrap();
        for (machine, count) in machines.iter_mut().zip([1000, 1000, 1000, 1000, last - 1, 1]) {
            machine["ports"] = ports(count);
        }
        let answer = site.call("ann", "POST", &at("/preview"), &json!({ "policy": proposed })).await;
        assert_eq!(answer.status, status, "{last}: {}", answer.text.get(..300).unwrap_or(&answer.text));
        assert!(status == 200 || answer.text.contains("The policy has 5001 ports"), "{}", answer.text);
    }
}

/// Those who ask for little do not wait until what others send has been judged and is refused.
#[tokio::test]
async fn what_takes_long_to_refuse_holds_nobody_up() {
    let site = Site::new();
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let machines: Vec<_> =
        (0..500).map(|number| access(&format!("x{number}"))["virtualMachines"][0].clone()).collect();
    let large = json!({ "virtualMachines": machines });
    let (initiate, small) = (at("/initiate"), access("vm1"));
    let refused = || site.call("app", "POST", &initiate, &large);
    let (first, second, quick) =
        tokio::join!(refused(), refused(), site.call("ann", "POST", &initiate, &small));
    assert_eq!([first.status, second.status, quick.status], [400, 400, 202]);
    assert_eq!(first.code(), "InvalidInitiateInput");
    let mut order = Vec::new();
    let note = &mut |_, json: &str| {
        let is_refusal = json.contains("\"refused\"");
        order.push(is_refusal);
        Ok(())
    };
    site.app.reader.since(1, note).unwrap();
    assert_eq!(order, [false, true, true]);
}
