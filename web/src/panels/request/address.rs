//! The line that connects to a machine, and the firewall that may stand before it.
use jitgate_core::ledger::ResourceId;

use crate::api::Policy;

/// The line that connects to a port, reached at another where a firewall maps it, and what it is.
pub fn command(port: u16, address: &str, at: u16) -> (&'static str, String) {
    const PASSWORD: &str = "-Credential (Get-Credential)";
    match (port, at) {
        (22, 22) => ("SSH command", format!("ssh azureuser@{address}")),
        (22, at) => ("SSH command", format!("ssh -p {at} azureuser@{address}")),
        (3389, 3389) => ("Remote Desktop command", format!("mstsc /v:{address}")),
        (3389, at) => ("Remote Desktop command", format!("mstsc /v:{address}:{at}")),
        (5985, at) => {
            ("PowerShell command", format!("Enter-PSSession -ComputerName {address} -Port {at} {PASSWORD}"))
        }
        (5986, at) => (
            "PowerShell command",
            format!("Enter-PSSession -ComputerName {address} -Port {at} -UseSSL {PASSWORD}"),
        ),
        (_, at) => ("address", format!("{address}:{at}")),
    }
}

/// The address of the firewall through which a machine is reached; empty where there is none.
pub fn firewall(policy: Option<&Policy>, machine: &ResourceId) -> String {
    let listed = policy.and_then(|policy| policy.machines.iter().find(|listed| listed.id == *machine));
    listed.map(|listed| listed.public_ip.clone()).unwrap_or_default()
}
