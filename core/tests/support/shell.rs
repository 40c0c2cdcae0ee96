//! What the tests of shells share: a call that sends what a variable holds.

use super::VM;

/// Where a request is sent.
pub const URL: &str = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01";

/// These lines, and a call that sends `$PORT`.
pub fn script(lines: &str) -> String {
    format!(
        r#"{lines}
az rest --method post --url '{URL}' --body '{{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7"}}]}}], "justification": "'"$PORT"'"}}'
"#
    )
}
