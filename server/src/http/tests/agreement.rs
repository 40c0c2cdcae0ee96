//! The portal's own backend in the browser answers as the server does.

use std::sync::Arc;

use axum::body::Body;
use jitgate_core::ledger::{ActorKind, Principal};
use jitgate_local::{Ask, Service, Situation};
use serde_json::{Value, json};

use super::{Answer, POLICY, S, Site, access, at, machine, policy, request, roles};
use crate::http::public::OPEN_API;
use crate::inventory::import::{File, ask};
use crate::store::Fault;

/// A server and a browser with the same data, called by the same user from the same address.
pub(super) struct Both {
    site: Site,
    local: Service,
    calls: usize,
}

/// What a call sends beside its address.
#[derive(Default)]
struct Sent {
    body: String,
    headers: Vec<(&'static str, String)>,
}

impl Both {
    async fn new() -> Self {
        let mut site = Site::new();
        Arc::get_mut(&mut site.app).unwrap().settings.page = 100;
        let mut both = Self { site, local: Service::new(), calls: 0 };
        both.import().await;
        both
    }

    fn situation(&self) -> Situation {
        let name = "owner@contoso.com";
        let id = format!("id of {name}");
        Situation {
            now: (self.site.app.clock)(),
            user: Principal { id: id.into(), name: name.into(), kind: ActorKind::User },
            address: Some("203.0.113.7".parse().unwrap()),
            correlation: "6f9619ff-8b86-d011-b42d-00c04fc964ff".to_owned(),
            origin: "http://jit.example".to_owned(),
        }
    }

    async fn import(&mut self) {
        let situation = self.situation();
        let nic = |name: &str| {
            json!({"id": machine(name).replace("Compute/virtualMachines", "Network/networkInterfaces"), "properties": {
                "ipConfigurations": [{"properties": {"privateIPAddress": "10.0.0.4", "primary": true}}],
                "networkSecurityGroup": {"id": machine("nsg1").replace("Compute/virtualMachines", "Network/networkSecurityGroups")},
                "virtualMachine": {"id": machine(name)}
            }})
        };
        let vm = |name: &str| {
            json!({"id": machine(name), "name": name, "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
                "properties": {"networkProfile": {"networkInterfaces": [{"id": nic(name)["id"]}]}}})
        };
        let nsg = json!({"id": machine("nsg1").replace("Compute/virtualMachines", "Network/networkSecurityGroups"), "name": "nsg1",
            "location": "westeurope", "properties": {"securityRules": [{"name": "ssh", "properties": {
                "priority": 300, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*",
                "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"}}]}});
        let (vms, nics) = (["vm1", "vm2", "vm3"].map(vm), ["vm1", "vm2", "vm3"].map(nic));
        let instances = json!({"Reservations": [{"Instances": [{"InstanceId": "i-0123456789abcdef0", "PrivateIpAddress": "172.31.0.5",
            "SecurityGroups": [], "State": {"Name": "running"}}]}]});
        let files: Vec<(String, Vec<u8>)> = [
            ("vms.json", json!({"value": vms})),
            ("nics.json", json!({"value": nics})),
            ("nsgs.json", json!({"value": [nsg]})),
            ("ec2.json", instances),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_string().into_bytes()))
        .into();
        let (imported, _) = self.local.import(files.clone(), false, &situation);
        let files = files.into_iter().map(|(name, bytes)| File { name, bytes }).collect();
        self.site.app.writer.send(ask(files, imported.counts, situation.now)).await.unwrap().0.unwrap();
        roles::assign(&self.site).await;
        // The browser takes up the server's own records: from here on both write theirs behind the same ones.
        let reader = &self.site.app.reader;
        reader.since(0, &mut |_, line| self.local.take(line).map_err(Fault::other)).unwrap();
        for sha256 in self.local.missing() {
            let bytes = reader.blob(&sha256).unwrap().unwrap();
            self.local.give(sha256, bytes.into());
        }
    }

    /// Sends a call to both, and gives the one answer.
    async fn call(&mut self, method: &str, path: &str, sent: Sent) -> Answer {
        self.calls = self.calls.saturating_add(1);
        let mut call = request("owner", method, path)
            .header("x-ms-correlation-request-id", self.situation().correlation);
        for (name, value) in &sent.headers {
            call = call.header(*name, value);
        }
        let theirs =
            self.site.send_from("203.0.113.7", call.body(Body::from(sent.body.clone())).unwrap()).await;

        let header =
            |name: &str| sent.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
        let target = path.replace("{s}", S);
        let ask = Ask {
            method,
            target: &target,
            body: sent.body.as_bytes(),
            id: header("x-ms-client-request-id"),
            if_match: header("if-match"),
            if_none_match: header("if-none-match"),
        };
        let (ours, change) = self.local.answer(&ask, &self.situation());
        if let Some(change) = change {
            self.local.commit(change);
        }
        let told = format!("{method} {path} {}", sent.body);
        assert_eq!(ours.status, theirs.status, "{told}\n{}\n{}", ours.body, theirs.text);
        match serde_json::from_str::<Value>(&theirs.text) {
            Ok(json) => assert_eq!(serde_json::from_str::<Value>(&ours.body).unwrap(), json, "{told}"),
            Err(_) => assert_eq!(ours.body, theirs.text, "{told}"),
        }
        assert_eq!(ours.etag.as_deref().unwrap_or_default(), theirs.header("etag"), "{told}");
        theirs
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.call("GET", path, Sent::default()).await
    }

    pub(super) async fn send(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, path, Sent { body: body.to_string(), ..Sent::default() }).await
    }
}

/// What is about a server alone: its stream, its health, its description, how one gets its tokens, and who has some; and
/// the lists of all types of resources, which the portal does not ask for.
const OF_A_SERVER: [&str; 16] = [
    "/adfs/.well-known/openid-configuration",
    "/adfs/discovery/keys",
    "/adfs/oauth2/token",
    "/events",
    "/healthz",
    "/metadata/endpoints",
    "/metrics",
    "/openapi.json",
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources",
    "/subscriptions/{subscriptionId}/resources",
    "/v1.0/directoryObjects/getByIds",
    "/v1.0/servicePrincipals",
    "/v1.0/users",
    "/{tenantId}/oauth2/v2.0/token",
    "/{tenantId}/discovery/v2.0/keys",
    "/{tenantId}/v2.0/.well-known/openid-configuration",
];

/// Every path of the API's description that can be read and is not about a server alone, about what is there and about
/// what is not.
fn readable() -> Vec<String> {
    let description: Value = serde_json::from_str(OPEN_API).unwrap();
    let paths = description["paths"].as_object().unwrap();
    assert!(OF_A_SERVER.iter().all(|path| paths.contains_key(*path)), "{:?}", paths.keys());
    let read =
        paths.iter().filter(|(path, of)| of.get("get").is_some() && !OF_A_SERVER.contains(&path.as_str()));
    let about = |path: &str, name: &str, role: &str, assignment: &str| {
        let version = if path.contains("/jit") && !path.contains("Authorization") {
            "2020-01-01"
        } else {
            "2022-04-01"
        };
        let path = path
            .replace("{subscriptionId}", S)
            .replace("{resourceGroupName}", "g1")
            .replace("{ascLocation}", "West Europe")
            .replace("{jitNetworkAccessPolicyName}", "default")
            .replace("{partName}", if name == "vm1" { "ssh" } else { name })
            .replace("{roleDefinitionId}", role)
            .replace("{roleAssignmentName}", assignment)
            .replace("{resourceProviderNamespace}/{resourceType}", "Microsoft.Compute/virtualMachines")
            .replace(
                "{resourceProviderNamespace}",
                if name == "none" { "none" } else { "Microsoft.Security" },
            )
            .replace(
                "{resourceName}",
                if path.contains("SecurityGroups/") && name == "vm1" { "nsg1" } else { name },
            );
        assert!(!path.contains('{'), "{path}");
        format!("{}?api-version={version}", path.replace(' ', "%20"))
    };
    let some = |(path, _): (&String, _)| {
        [about(path, "vm1", roles::OWN, &roles::assignment(3)), about(path, "none", S, &roles::assignment(9))]
    };
    read.flat_map(some).collect()
}

const LIST: &str =
    "/subscriptions/{s}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01";
const EXPOSURE: &str = "/subscriptions/{s}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01";
const LOG: &str =
    "/subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01";

#[tokio::test]
async fn both_answer_the_same() {
    let mut both = Both::new().await;
    let readable = readable();
    what_is_there(&mut both, &readable).await;
    what_is_no_call(&mut both).await;
    the_life_of_a_policy(&mut both, &readable).await;
    requests(&mut both).await;
    the_log(&mut both).await;
    assert!(both.calls > 240, "{}", both.calls);

    // Nothing of a server that is none.
    for path in OF_A_SERVER {
        let path = path
            .replace("{tenantId}", "t")
            .replace("{subscriptionId}", S)
            .replace("{resourceGroupName}", "g1");
        let ask = Ask { method: "GET", target: &path, ..Ask::default() };
        let (reply, _) = both.local.answer(&ask, &both.situation());
        assert_eq!(reply.status, 404, "{path}");
    }
}

async fn what_is_there(both: &mut Both, readable: &[String]) {
    for path in [
        "/me?api-version=2020-01-01",
        "/subscriptions?api-version=2020-01-01",
        "/subscriptions/{s}?api-version=2020-01-01",
        "/subscriptions/30ff7fc3-e762-44dd-bd96-b71116dcdc23?api-version=2020-01-01",
        "/subscriptions/{s}/resourceGroups?api-version=2020-01-01",
        "/subscriptions/{s}/resourceGroups/G1?api-version=2020-01-01",
        "/subscriptions/{s}/resourceGroups/none?api-version=2020-01-01",
        "/subscriptions/{s}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01",
        "/subscriptions/{s}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01&$top=2",
        "/subscriptions/{s}/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/vm1?api-version=2024-07-01",
        "/subscriptions/{s}/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/none?api-version=2024-07-01",
        "/subscriptions/{s}/resourceGroups/g1/providers/Microsoft.Network/networkSecurityGroups?api-version=2024-05-01",
        "/subscriptions/{s}/resourceGroups/g1/providers/Microsoft.Compute/virtualMachines/vm1?api-version=2024-07-01&$expand=instanceView",
        "/subscriptions/{s}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01&$filter=x%20eq%20%27y%27",
        "/subscriptions/{s}/providers/Microsoft.Compute/locations/westeurope/virtualMachines?api-version=2024-07-01&$top=2",
        "//subscriptions/{s}/providers/Microsoft.Compute/locations/moon/virtualMachines?api-version=2024-07-01",
        "/subscriptions/{s}/providers/Microsoft.Security/locations/westeurope?api-version=2015-06-01-preview",
        "/providers?api-version=2021-04-01&$top=2",
        "/providers/Microsoft.Nothing?api-version=2021-04-01",
        "/providers/Microsoft.Nothing/things?api-version=2021-04-01",
        "/subscriptions/{s}/resourceGroups/none/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01",
        "/subscriptions/{s}/resourceGroups/none/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01",
        "/subscriptions/30ff7fc3-e762-44dd-bd96-b71116dcdc23/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01",
        "/subscriptions/30ff7fc3-e762-44dd-bd96-b71116dcdc23/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01",
        "/subscriptions/{s}/providers/Microsoft.Security/jitNetworkAccessPolicies?api-version=2020-01-01&$filter=x",
        "/subscriptions/{s}/resourceGroups/none/providers/Microsoft.Network/networkSecurityGroups/nsg1/securityRules?api-version=2024-05-01",
        "/subscriptions/{s}/resourceGroups/g1/providers/Microsoft.Network/networkSecurityGroups/nsg1/defaultSecurityRules?api-version=2024-05-01&$top=2",
        EXPOSURE,
        LIST,
        LOG,
        "/records?after=x",
        "/records?after=1000",
    ] {
        both.get(path).await;
    }
    for path in readable {
        both.get(path).await;
    }
    for filter in [
        "",
        "atScope()",
        "atScopeAndBelow()",
        "assignedTo('aaaaaaaa-0000-4000-8000-000000000001')",
        "roleName eq 'Opener of doors' and type eq 'CustomRole'",
        "scope eq 'x'",
    ] {
        for kind in ["roleDefinitions", "roleAssignments"] {
            let filter = filter.replace(' ', "%20").replace('\'', "%27");
            let list = format!("/subscriptions/{{s}}/providers/Microsoft.Authorization/{kind}");
            both.get(&format!("{list}?api-version=2022-04-01&$filter={filter}")).await;
        }
    }
    let register = "/subscriptions/{s}/providers/microsoft.security/register?api-version=2021-04-01";
    both.send("POST", register, &Value::Null).await;
}

async fn what_is_no_call(both: &mut Both) {
    for path in [
        "/nothing",
        "/subscriptions/x?api-version=2020-01-01",
        "/subscriptions/{s}/resourceGroups/a%20b/providers/Microsoft.Security/jitExposure?api-version=2020-01-01",
        "/subscriptions/{s}/resourceGroups/a%2Fb?api-version=2020-01-01",
        "/subscriptions/{s}/providers/Microsoft.Security/jitExposure",
        "/subscriptions/{s}/providers/Microsoft.Security/jitExposure?api-version=2021-01-01",
        "/subscriptions/{s}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01&$top=0",
        "/subscriptions/{s}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01&$skiptoken=%21",
        // "9223372036854775808 x": no record has such a number.
        "/subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$skiptoken=OTIyMzM3MjAzNjg1NDc3NTgwOCB4",
    ] {
        both.get(path).await;
    }
    both.send("POST", LIST, &Value::Null).await;
}

async fn the_life_of_a_policy(both: &mut Both, readable: &[String]) {
    both.get(&at("")).await;
    both.send("POST", &at("/preview"), &json!({"policy": policy(&["vm1"]), "request": access("vm1")})).await;
    both.send("POST", &at("/preview"), &json!({"policy": {"properties": {}}})).await;
    both.send("POST", &at("/preview"), &access("vm1")).await;
    both.send("PUT", &at(""), &json!({"properties": {"virtualMachines": [{"id": "x"}]}})).await;
    let put = both.send("PUT", &at(""), &policy(&["vm1", "vm2"])).await;
    let tag = |value: &str| Sent {
        body: policy(&["vm1"]).to_string(),
        headers: vec![("if-match", value.to_owned())],
    };
    both.call("PUT", &at(""), tag("\"999\"")).await;
    both.call("PUT", &at(""), tag(put.header("etag"))).await;
    both.call("PUT", &at(""), Sent { headers: vec![("if-none-match", "*".to_owned())], ..tag("") }).await;
    both.call("PUT", &at(""), Sent { headers: vec![("if-none-match", "x".to_owned())], ..tag("") }).await;
    both.send("PUT", &at(""), &policy(&["vm1", "vm3"])).await;
    let mut found = Vec::new();
    for path in readable {
        if both.get(path).await.status == 200 {
            found.push(path);
        }
    }
    assert!(found.len() > 60, "{found:?}");
    both.get("/records").await;
    both.send("POST", &at("/decide"), &access("vm1")).await;
    both.send("POST", &at("/preview"), &access("vm1")).await;
    both.send("POST", &format!("{}&mode=document", at("/preview")), &access("vm1")).await;
    both.send("POST", &format!("{}&mode=none", at("/preview")), &access("vm1")).await;
}

async fn requests(both: &mut Both) {
    both.send("POST", &at("/initiate"), &access("vm9")).await;
    both.send("POST", &at("/initiate"), &json!({"virtualMachines": []})).await;
    let mut wordy = access("vm1");
    wordy["justification"] = json!("ä".repeat(2049));
    for rest in ["/initiate", "/decide"] {
        assert_eq!(both.send("POST", &at(rest), &wordy).await.json()["error"]["target"], "/justification");
    }
    let id = vec![("x-ms-client-request-id", "c-1".to_owned())];
    for _ in 0..2 {
        let sent = Sent { body: access("vm1").to_string(), headers: id.clone() };
        assert_eq!(both.call("POST", &at("/initiate"), sent).await.status, 202);
    }
    super::preview::what_is_foreseen(both).await;
    both.get(&at("")).await;
    both.get(EXPOSURE).await;
    both.get(&format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine("vm1")))
        .await;
    both.get(&format!("{}/providers/Microsoft.Security/jitExposure?api-version=2020-01-01", machine("vm9")))
        .await;
    both.send("POST", &at("/revoke"), &json!({"virtualMachines": [{"id": machine("vm3")}]})).await;
    both.send("POST", &at("/revoke"), &json!({"justification": "done"})).await;
    both.send("POST", &at("/revoke").replace("default", "none"), &json!({})).await;
    both.get(&format!("{LIST}&$top=1")).await;
}

async fn the_log(both: &mut Both) {
    for filter in [
        "resourceGroupName eq 'g1'",
        "status eq 'Failed'",
        &format!("resourceUri eq '{}' and caller eq 'owner@contoso.com'", machine("vm1")),
        "eventTimestamp ge '2027-01-01T00:00:00Z'",
        "contains(caller, 'WNER@')",
        "contains(caller,'nobody')",
        "contains(status,'x')",
        "nothing eq 'x'",
        "status eq",
    ] {
        let filter = filter.replace(' ', "%20").replace('\'', "%27");
        both.get(&format!("{LOG}&$filter={filter}")).await;
        both.get(&format!("{LOG}&$format=csv&$filter={filter}")).await;
    }
    both.send("DELETE", &at(""), &Value::Null).await;
    both.send("DELETE", &at(""), &Value::Null).await;
    both.get(&POLICY.replace("default", "a%00")).await;
    both.get(LOG).await;
}

#[tokio::test]
async fn what_has_ended_is_ended_in_both() {
    let mut both = Both::new().await;
    both.send("PUT", &at(""), &policy(&["vm1"])).await;
    both.send("POST", &at("/initiate"), &access("vm1")).await;
    both.site.pass(3700);
    let answer = both.get(&at("")).await.json();
    let port = &answer["properties"]["requests"][0]["virtualMachines"][0]["ports"][0];
    assert_eq!(port["statusReason"], "Expired");
    both.get(EXPOSURE).await;
    let change = both.local.expire(&both.situation()).unwrap();
    both.local.commit(change);
    assert!(both.local.expire(&both.situation()).is_none());
}
