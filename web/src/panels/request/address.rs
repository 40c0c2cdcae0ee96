//! Under which address a machine is reached, and the line that connects to it.
use jitgate_core::ledger::ResourceId;

use crate::api::{Api, Call, Json, Method, Policy};

/// The versions of Azure's APIs that tell of machines and of their network.
const COMPUTE: &str = "2024-07-01";
const NETWORK: &str = "2024-05-01";

async fn get(api: Api, id: &str, version: &str) -> Option<String> {
    let call = Call::new(Method::Get, format!("{id}?api-version={version}"));
    Some(api.send(call).await.ok()?.body)
}

/// A machine's public address, else its private one; none where neither can be told.
pub async fn address(api: Api, machine: &ResourceId) -> Option<String> {
    // Instances of EC2 have no path in Azure.
    machine.resource_group()?;
    let body = get(api, machine.text(), COMPUTE).await?;
    let interface = Json::read(&body, |json| {
        let mut all = json.get("properties").get("networkProfile").get("networkInterfaces").list();
        all.next().map(|one| one.get("id").string())
    });
    let body = get(api, &interface?, NETWORK).await?;
    let (private, public) = Json::read(&body, |json| {
        let first = json.get("properties").get("ipConfigurations").list().next();
        let own = first.map(|one| one.get("properties"));
        let private = own.map(|own| own.get("privateIPAddress").string());
        (private, own.map(|own| own.get("publicIPAddress").get("id").string()))
    });
    let mut found = None;
    if let Some(id) = public.filter(|id| !id.is_empty()) {
        let body = get(api, &id, NETWORK).await;
        found = body.map(|body| Json::read(&body, |json| json.get("properties").get("ipAddress").string()));
    }
    found.filter(|address| !address.is_empty()).or(private).filter(|address| !address.is_empty())
}

/// The line that connects to a port, reached at another where a firewall maps it.
pub fn command(port: u16, address: &str, at: u16) -> String {
    match (port, at) {
        (22, 22) => format!("ssh USER@{address}"),
        (22, at) => format!("ssh -p {at} USER@{address}"),
        (3389, 3389) => format!("mstsc /v:{address}"),
        (3389, at) => format!("mstsc /v:{address}:{at}"),
        (5985, at) => format!("Enter-PSSession -ComputerName {address} -Port {at}"),
        (5986, at) => format!("Enter-PSSession -ComputerName {address} -Port {at} -UseSSL"),
        (_, at) => format!("{address}:{at}"),
    }
}

/// The address of the firewall through which a machine is reached; empty where there is none.
pub fn firewall(policy: Option<&Policy>, machine: &ResourceId) -> String {
    let listed = policy.and_then(|policy| policy.machines.iter().find(|listed| listed.id == *machine));
    listed.map(|listed| listed.public_ip.clone()).unwrap_or_default()
}
