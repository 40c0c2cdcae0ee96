//! Who is told of which machines, by `jitExposure` and by previews.

use serde_json::{Value, json};

use super::{S, Site, at, machine, policy};

const JIT_READ: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/read";
const JIT_WRITE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/write";

fn exposure(of: &str) -> String {
    format!("{of}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01")
}

/// `vm1` and `vm2` in `g1`, of which a policy has the first.
async fn site() -> Site {
    let site = Site::new();
    let machine = |name: &str| json!({"id": machine(name), "name": name, "type": "Microsoft.Compute/virtualMachines", "location": "westeurope", "properties": {}});
    site.import(&["vm1", "vm2"].map(machine)).await;
    assert_eq!(site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    site
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

/// Who may read policies and nothing else is told of the machines in those.
#[tokio::test]
async fn machines_of_no_policy_are_told_to_who_may_read_them() {
    let site = site().await;
    let group = format!("/subscriptions/{S}/resourceGroups/g1");
    let both = ["vm1", "vm2"];
    site.roles("security", &[("Security Reader", &group)]);
    site.roles("admin", &[("Security Admin", &group)]);
    site.roles("requester", &[("JIT Access Role", &group)]);
    site.custom("policies", &[JIT_READ], &[], &group);
    site.custom("narrow", &["*/read"], &["Microsoft.Compute/*", "Microsoft.Security/assessments/*"], &group);
    site.custom("writer", &[JIT_READ, JIT_WRITE], &[], &group);
    site.custom("machines", &[JIT_READ, "Microsoft.Compute/virtualMachines/read"], &[], &group);
    site.custom("other", &["Microsoft.Compute/virtualMachines/read"], &[], &group);
    for (caller, told, others) in [
        ("owner", &both[..], 404),
        ("reader", &both, 404),
        ("security", &both, 404),
        ("admin", &both, 404),
        ("requester", &both, 404),
        ("machines", &both, 404),
        ("policies", &both[..1], 403),
        ("narrow", &both[..1], 403),
        ("writer", &both[..1], 403),
        ("other", &[], 403),
        ("nobody", &[], 403),
    ] {
        let list = site.get(caller, &exposure(&group)).await;
        if told.is_empty() {
            assert_eq!(list.status, 403, "{caller}");
        } else {
            assert_eq!(names(&list.json()["value"]), told, "{caller}");
            // To count them is to tell of them.
            assert_eq!(list.json().get("counts").is_some(), told == both, "{caller}");
        }
        for name in ["vm1", "vm2", "vm3"] {
            let one = site.get(caller, &exposure(&machine(name))).await;
            let expected = if told.contains(&name) { 200 } else { others };
            assert_eq!(one.status, expected, "{caller} {name}: {one:?}");
        }
        if told.is_empty() {
            continue;
        }
        let proposed = json!({ "policy": policy(&["vm1", "vm2"]) });
        let preview = site.call(caller, "POST", &at("/preview"), &proposed).await;
        assert_eq!(names(&preview.json()["machines"]), told, "{caller}: {preview:?}");
        assert_eq!(preview.text.contains("vm2"), told == both, "{caller}: {preview:?}");
    }
    // What is refused is refused in the same words, whether or not there is such a machine.
    let refused = async |name| site.get("policies", &exposure(&machine(name))).await.text.replace(name, "");
    assert_eq!(refused("vm2").await, refused("vm3").await);
}
