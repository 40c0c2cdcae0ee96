//! Decisions by policies that are put more than once or deleted, and by one page of a list.

use crate::decide_support::{ME, decided, request};
use crate::support::VM;
use crate::support::scripts::URL;
use serde_json::{Value, json};

/// A policy of one machine that anybody with this address may open.
fn body(source: &str) -> Value {
    let rule = json!({"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": source, "maxRequestAccessDuration": "PT3H"});
    json!({"kind": "Basic", "properties": {"virtualMachines": [{"id": VM, "ports": [rule]}]}})
}

/// `granted`, or the codes of what speaks against it.
fn verdict(policy: &str, machine: &str) -> String {
    let request =
        request(&json!([{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}]));
    let (decision, _) = decided(policy, &request.replace(VM, machine), Some(ME));
    if decision.is_granted() {
        return "granted".into();
    }
    decision.reasons.iter().map(|reason| reason.diagnostic.code.id()).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_last_call_of_a_script_counts() {
    let other = URL.replace("default", "other");
    let put =
        |url: &str, source: &str| format!("az rest --method put --url \"{url}\" --body '{}'\n", body(source));
    let delete = |url: &str| format!("az rest --method delete --url \"{url}\"\n");
    let group = |url: &str, group: &str| url.replace("/rg/", &format!("/{group}/"));
    let set = |source: &str, name: &str| {
        format!(
            "Set-AzJitNetworkAccessPolicy -Kind Basic -Location westeurope -Name {name} -ResourceGroupName rg -VirtualMachine @{{ id = '{VM}'; ports = @{{ number = 22; protocol = 'TCP'; allowedSourceAddressPrefix = '{source}'; maxRequestAccessDuration = 'PT3H' }} }}\n"
        )
    };
    let remove = "Remove-AzJitNetworkAccessPolicy -Location westeurope -Name default -ResourceGroupName rg\n";
    let http = |method: &str, url: &str, body: &str| format!("{method} {url}\n\n{body}\n###\n");
    for (script, expected) in [
        (put(URL, "*"), "granted"),
        (put(URL, "*") + &put(&URL.to_uppercase().replace("HTTPS", "https"), "10.0.0.1"), "JIT623"),
        (put(URL, "10.0.0.1") + &put(URL, "*"), "granted"),
        (put(URL, "*") + &put(&other, "10.0.0.1"), "granted"),
        (put(URL, "*") + &delete(URL), "JIT627"),
        (put(URL, "*") + &delete(&other), "granted"),
        (delete(URL) + &put(URL, "*"), "granted"),
        // The same words are the same place; other words may be another one.
        (put(&group(URL, "$GROUP"), "*") + &put(&group(URL, "$GROUP"), "10.0.0.1"), "JIT623"),
        (put(&group(URL, "$GROUP"), "*") + &put(&group(URL, "$OTHER"), "10.0.0.1"), "granted"),
        (set("*", "default") + &set("10.0.0.1", "Default"), "JIT623"),
        (set("*", "default") + &set("10.0.0.1", "other"), "granted"),
        (set("*", "default") + remove, "JIT627"),
        (remove.to_string() + &set("*", "default"), "granted"),
        (http("PUT", URL, &body("*").to_string()), "granted"),
        (http("PUT", URL, &body("*").to_string()) + &http("DELETE", URL, ""), "JIT627"),
    ] {
        assert_eq!(verdict(&script, VM), expected, "{script}");
    }
}

/// Which of two copies counts is not known, and what is on another page neither.
#[test]
fn what_a_list_leaves_open_is_not_decided() {
    let id = URL.trim_start_matches("https://management.azure.com").split('?').next().expect("a path");
    let with = |source: &str, id: &str| {
        let mut body = body(source);
        body["id"] = json!(id);
        body
    };
    let other = VM.replace("web1", "web2");
    let page = |link: Value| json!({"value": [with("*", id)], "nextLink": link}).to_string();
    for (list, machine, expected) in [
        (json!([with("*", id), with("10.0.0.1", &id.to_uppercase())]).to_string(), VM, "JIT627"),
        (json!([with("10.0.0.1", id), with("*", id)]).to_string(), VM, "JIT627"),
        (json!([with("*", id), with("*", &id.replace("default", "other"))]).to_string(), VM, "granted"),
        (json!([with("*", id), with("*", id)]).to_string(), &other, "JIT621"),
        (page(json!("https://management.azure.com/next")), VM, "granted"),
        (page(json!("https://management.azure.com/next")), &other, "JIT627"),
        (page(json!(null)), &other, "JIT621"),
    ] {
        assert_eq!(verdict(&list, machine), expected, "{list}");
    }
}
