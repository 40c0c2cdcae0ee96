//! Who sees what of the network, and who may protect it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{S, Site, access, at, machine, policy};
use crate::inventory::import::{File, ask};
use jitgate_demo::{Demo, SPOKES};

/// A site with some machines of Azure, and instances of EC2.
async fn networked() -> Site {
    let site = Site::new();
    let now = (site.app.clock)();
    let machine = |id: String| json!({"id": id, "name": id.rsplit('/').next(), "type": "Microsoft.Compute/virtualMachines", "location": "westeurope", "properties": {}});
    let ids = [machine_in("g1", "vm1"), machine_in("g1", "vm2"), machine_in("g2", "vm9")];
    let machines = json!({ "value": ids.map(machine) });
    let demo = tokio::task::spawn_blocking(move || Demo::new(now, SPOKES)).await.unwrap();
    let amazon = demo.files.iter().filter(|(name, _)| name.starts_with("ec2"));
    let mut files: Vec<File> =
        amazon.map(|(name, bytes)| File { name: name.clone(), bytes: bytes.clone() }).collect();
    assert_eq!(files.len(), 2);
    files.push(File { name: "vms.json".to_owned(), bytes: machines.to_string().into_bytes() });
    let ask = ask(files, BTreeMap::new(), now);
    site.app.writer.send(ask).await.unwrap().0.unwrap();
    site
}

fn machine_in(group: &str, name: &str) -> String {
    machine(name).replace("/g1/", &format!("/{group}/"))
}

/// The last parts of the ids of all machines in an answer.
fn names(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().rsplit('/').next().unwrap()).collect()
}

/// All machines of a list of what is open, over its pages, and how many are counted.
async fn exposed(site: &Site, caller: &str, place: &str) -> (Vec<String>, u64) {
    let mut path = format!("{place}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01");
    let (mut all, mut counted) = (Vec::new(), 0);
    loop {
        let page = site.get(caller, &path).await.json();
        all.extend(names(&page["value"]).into_iter().map(str::to_owned));
        if let Some(counts) = page.get("counts") {
            let groups = ["configured", "notConfigured", "unsupported"];
            counted = groups.iter().map(|group| counts[group].as_u64().unwrap()).sum();
        }
        match page.get("nextLink") {
            Some(next) => {
                path = next.as_str().unwrap().strip_prefix("http://jit.example").unwrap().to_owned();
            }
            None => return (all, counted),
        }
    }
}

#[tokio::test]
async fn instances_are_shown_to_who_may_read_everything() {
    let site = networked().await;
    let subscription = format!("/subscriptions/{S}");
    site.roles("sub", &[("Reader", &subscription)]);
    for (caller, place, azure, amazon) in [
        ("owner", subscription.clone(), 3, 24),
        ("sub", subscription.clone(), 3, 0),
        ("owner", format!("{subscription}/resourceGroups/g1"), 2, 0),
        ("reader", format!("{subscription}/resourceGroups/g1"), 2, 0),
    ] {
        let (names, counted) = exposed(&site, caller, &place).await;
        let of_amazon = names.iter().filter(|name| name.starts_with("i-")).count();
        assert_eq!((names.len() - of_amazon, of_amazon), (azure, amazon), "{caller} {place}: {names:?}");
        assert_eq!(usize::try_from(counted), Ok(azure + amazon), "{caller} {place}");
    }
}

#[tokio::test]
async fn a_preview_is_of_the_policys_machines_that_the_caller_may_read() {
    let site = networked().await;
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    let preview = site.call("ann", "POST", &at("/preview"), &access("vm1")).await.json();
    assert_eq!(names(&preview["machines"]), ["vm1"]);

    let mut both = policy(&["vm1", "vm2"]);
    both["properties"]["virtualMachines"][1]["id"] = json!(machine_in("g2", "vm9"));
    assert_eq!(site.call("owner", "PUT", &at(""), &both).await.status, 200);
    let of = async |caller| site.call(caller, "POST", &at("/preview"), &Value::Null).await.json();
    assert_eq!(names(&of("ann").await["machines"]), ["vm1"]);
    assert_eq!(names(&of("owner").await["machines"]), ["vm1", "vm9"]);
}

#[tokio::test]
async fn a_policy_can_be_looked_at_before_it_is_stored() {
    let site = networked().await;
    let of = async |body: Value| site.call("ann", "POST", &at("/preview"), &body).await;
    assert_eq!(of(access("vm1")).await.code(), "PolicyNotFound");
    let proposed = of(json!({ "policy": policy(&["vm1"]), "request": access("vm1") })).await.json();
    assert_eq!(names(&proposed["machines"]), ["vm1"]);
    assert_eq!(
        proposed["machines"][0]["class"],
        of(json!({ "policy": policy(&["vm1"]) })).await.json()["machines"][0]["class"]
    );
    assert_eq!(site.get("ann", &at("")).await.status, 404, "nothing is stored");

    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    assert_eq!(names(&of(json!({ "policy": policy(&["vm2"]) })).await.json()["machines"]), ["vm2"]);
    assert_eq!(names(&of(json!({ "request": access("vm1") })).await.json()["machines"]), ["vm1"]);
    let mut bad = policy(&["vm1"]);
    bad["properties"]["virtualMachines"][0]["ports"][0]["number"] = json!(70000);
    let refused = of(json!({ "policy": bad })).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.json()["error"]["details"][0]["code"], "JIT201");
}

#[tokio::test]
async fn who_protects_an_instance_must_have_rights_to_everything() {
    let site = networked().await;
    let (all, _) = exposed(&site, "owner", &format!("/subscriptions/{S}")).await;
    let instance = all.iter().find(|name| name.starts_with("i-")).unwrap();
    for name in [instance.to_owned(), instance.to_uppercase()] {
        let put = site.call("ann", "PUT", &at(""), &policy(&["vm1", &name])).await;
        assert_eq!((put.status, put.code().as_str()), (403, "LinkedAuthorizationFailed"), "{name}");
    }
    // By its name it is not found at all.
    let tagged = policy(&["vm1", "courier-api-01", "courier-api-1"]);
    assert_eq!(site.call("ann", "PUT", &at(""), &tagged).await.status, 200);
    let configured = async || {
        let (all, _) = exposed(&site, "owner", &format!("/subscriptions/{S}")).await;
        all.iter().filter(|name| name.starts_with("i-")).count()
    };
    assert_eq!(configured().await, 24);
    let put = site.call("owner", "PUT", &at(""), &policy(&["vm1", instance])).await;
    assert_eq!(put.status, 200);
    let path =
        format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine(instance));
    let shown = site.get("owner", &path).await;
    assert_eq!(shown.json()["class"], "configured", "{shown:?}");
}
