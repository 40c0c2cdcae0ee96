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
        // What is not known may be the same.
        (put(&group(URL, "$GROUP"), "*") + &put(&group(URL, "$GROUP"), "10.0.0.1"), "JIT623"),
        (put(&group(URL, "$GROUP"), "*") + &put(&group(URL, "$OTHER"), "10.0.0.1"), "JIT623"),
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

/// By whatever command: an address, a resource id, the parameters of a cmdlet.
#[test]
fn a_later_call_of_another_kind_counts_as_well() {
    let path = URL.trim_start_matches("https://management.azure.com");
    let id = path.split('?').next().expect("an id");
    let set = |source: &str, name: &str, more: &str| {
        format!(
            "Set-AzJitNetworkAccessPolicy -Kind Basic -Location westeurope -Name {name} -ResourceGroupName rg -VirtualMachine @{{ id = '{VM}'; ports = @{{ number = 22; protocol = 'TCP'; allowedSourceAddressPrefix = '{source}'; maxRequestAccessDuration = 'PT3H' }} }}{more}\n"
        )
    };
    let wide = set("*", "default", "");
    let rest = |method: &str, path: &str, body: &str| {
        format!("Invoke-AzRestMethod -Method {method} -Path '{path}'{body}\n")
    };
    let put = |source: &str| rest("PUT", path, &format!(" -Payload '{}'", body(source)));
    let delete = rest("DELETE", path, "");
    let az = |command: &str, source: &str| {
        format!("az rest --method put --url '{URL}' --body '{}'\n{command}\n", body(source))
    };
    for (script, expected) in [
        (wide.clone() + &put("10.0.0.1"), "JIT623"),
        (set("10.0.0.1", "default", "") + &put("*"), "granted"),
        (wide.clone() + &delete, "JIT627"),
        (delete.clone() + &wide, "granted"),
        (
            put("*")
                + "Remove-AzJitNetworkAccessPolicy -Location 'West Europe' -Name DEFAULT -ResourceGroupName rg",
            "JIT627",
        ),
        (
            put("*")
                + "Remove-AzJitNetworkAccessPolicy -Location northeurope -Name default -ResourceGroupName rg",
            "granted",
        ),
        (put("*") + &format!("Remove-AzJitNetworkAccessPolicy -ResourceId '{id}'"), "JIT627"),
        (put("*") + "Get-AzJitNetworkAccessPolicy | Remove-AzJitNetworkAccessPolicy", "JIT627"),
        (put("*") + &set("10.0.0.1", "default", ""), "JIT623"),
        (String::from("Set-AzContext -Subscription other\n") + &wide + &put("10.0.0.1"), "JIT623"),
        (wide.clone() + &rest("DELETE", &path.replace("/rg/", "/other/"), ""), "granted"),
        (wide.clone() + &rest("DELETE", &path.replace("default", "other"), ""), "granted"),
        // A part that is not known may be the same; another one that is known tells them apart.
        (wide.clone() + &set("10.0.0.1", "$n", ""), "JIT623"),
        (set("*", "$n", "") + &set("10.0.0.1", "default", ""), "JIT623"),
        (set("10.0.0.1", "$n", "") + &set("*", "default", ""), "granted"),
        (wide.clone() + &set("10.0.0.1", "$n", "").replace("westeurope", "northeurope"), "granted"),
        (wide.clone() + "Invoke-AzRestMethod -Method DELETE -Path $path", "JIT627"),
        (wide.clone() + "Invoke-AzRestMethod -Method DELETE -Path '/subscriptions/a/locks/b'", "granted"),
        // A body that is not known.
        (wide.clone() + &rest("PUT", path, " -Payload (Get-Content body.json -Raw)"), "JIT627"),
        (wide.clone() + &rest("PUT", path, " -InFile body.json"), "JIT627"),
        (az(&format!("az rest --method put --url '{URL}' --body @body.json"), "*"), "JIT627"),
        (az(&format!("curl -s -XDELETE '{URL}'"), "*"), "JIT627"),
        (az(&format!("curl -X DELETE -H 'Authorization: x' -f '{URL}'"), "*"), "JIT627"),
        // Commands for resources of any type.
        (wide.clone() + &format!("Remove-AzResource -ResourceId '{id}' -Force"), "JIT627"),
        (wide.clone() + &format!("Remove-AzResource -ResourceId '{VM}' -Force"), "granted"),
        (
            wide.clone()
                + "Remove-AzResource -ResourceType Microsoft.Security/locations/jitNetworkAccessPolicies -Name westeurope/default -ResourceGroupName rg",
            "JIT627",
        ),
        (
            wide.clone()
                + "Remove-AzResource -ResourceType Microsoft.Compute/disks -Name default -ResourceGroupName rg",
            "granted",
        ),
        (wide.clone() + "Remove-AzResourceGroup -Name rg -Force", "JIT627"),
        (wide.clone() + "Remove-AzResourceGroup -Name other -Force", "granted"),
        (wide + "Get-AzResource -Name default | Remove-AzResource -Force", "JIT627"),
        (az(&format!("az resource delete --ids '{VM}' '{id}'"), "*"), "JIT627"),
        (az(&format!("az resource delete --ids '{VM}'"), "*"), "granted"),
        (
            az(
                "az resource delete -g rg -n default --resource-type Microsoft.Security/locations/jitNetworkAccessPolicies",
                "*",
            ),
            "JIT627",
        ),
        (az("az resource delete -g rg -n disk --resource-type Microsoft.Compute/disks", "*"), "granted"),
        (az("az group delete -n rg --yes", "*"), "JIT627"),
        (az("az group delete -n other --yes", "*"), "granted"),
    ] {
        assert_eq!(verdict(&script, VM), expected, "{script}");
    }
}

/// A call that Azure refuses, or that only reads, neither puts a policy nor takes one away.
#[test]
fn calls_that_fail_change_nothing() {
    let az = |method: &str, url: &str, source: &str| {
        let body = body(source);
        format!("az rest {method} --url '{url}' --body '{body}'\n")
    };
    let http = |method: &str, url: &str| {
        format!("{method} {url}\nContent-Type: application/json\n\n{}\n", body("*"))
    };
    let short = URL.replace("/locations/westeurope", "");
    let initiate = URL.replace("default", "default/initiate");
    let put = "--method put";
    let base = "https://management.azure.com$GROUP/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies";
    let cases = [
        (az("--method patch", URL, "*"), "JIT124"),
        (az("--method post", URL, "*"), "JIT124"),
        (az("-m POST", URL, "*"), "JIT124"),
        (az("", URL, "*"), "JIT124"),
        (az(put, &short, "*"), "JIT124"),
        (az(put, &initiate, "*"), "JIT124 JIT111"),
        (az(put, &URL.replace("2020-01-01", "2023-01-01"), "*"), "JIT124"),
        (az(put, URL.split('?').next().expect("an address"), "*"), "JIT124"),
        (az(put, &URL.replace("2020-01-01", "2015-06-01-preview"), "*"), "granted"),
        (az(put, &URL.replace("?api", "?x=y&api"), "*"), "granted"),
        (az(put, &format!("{base}/default"), "*"), "JIT124"),
        (az(put, &format!("{base}/$NAME").replace('\'', ""), "*"), "granted"),
        (
            az(
                "--method put --uri-parameters api-version=2020-01-01",
                URL.split('?').next().expect("an address"),
                "*",
            ),
            "granted",
        ),
        (az("--method \"$METHOD\"", URL, "*"), "granted"),
        (az("--method patch", "$URL", "*"), "JIT627"),
        (az("", "$URL", "*"), "JIT627"),
        (az(put, URL, "10.0.0.1") + &az("--method patch", URL, "*"), "JIT124"),
        (http("PUT", URL), "granted"),
        (http("POST", URL), "JIT124"),
        (http("PUT", &URL.replace("?api", "\n  ?api")), "granted"),
        (http("PUT", URL.split('?').next().expect("an address")), "JIT124"),
        (format!("curl -X PUT '{URL}' -d '{}'", body("*")), "granted"),
        (format!("curl -XPUT -s '{URL}' -d '{}'", body("*")), "granted"),
        (format!("curl '{URL}' -d '{}'", body("*")), "JIT124"),
        (
            format!(
                "Invoke-AzRestMethod -Path '{}' -Payload '{}'",
                URL.trim_start_matches("https://management.azure.com"),
                body("*")
            ),
            "JIT124",
        ),
        (format!("Invoke-RestMethod @sent -Uri '{URL}' -Body '{}'", body("*")), "granted"),
        (
            format!(
                "$sent = @{{ Method = 'Put'; Uri = '{URL}' }}\nInvoke-RestMethod @sent -Body '{}'",
                body("*")
            ),
            "granted",
        ),
    ];
    let said = cases.iter().map(|(script, expected)| (script, verdict(script, VM), *expected));
    let wrong: Vec<_> = said.filter(|(_, said, expected)| said != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
