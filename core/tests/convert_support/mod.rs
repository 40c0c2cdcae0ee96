//! Documents, and what becomes of them as code.

use expect_test::Expect;
use jitgate_core::convert::{Converted, Format, Options, Outcome, Place, convert};
use jitgate_core::{CheckOptions, Timestamp};

use crate::support::{NOW, VM};

pub const SUBSCRIPTION: &str = "6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10";

/// A policy as the service returns it: read-only members, the history, both forms of sources.
pub fn exported() -> String {
    format!(
        r#"{{
          "kind": "Basic",
          "properties": {{
            "virtualMachines": [
              {{ "id": "{VM}", "ports": [
                {{ "number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H" }},
                {{ "number": 3389, "protocol": "*", "allowedSourceAddressPrefixes": ["10.20.0.7", "10.30.0.0/24"], "maxRequestAccessDuration": "PT1H" }}
              ] }}
            ],
            "requests": [],
            "provisioningState": "Succeeded",
            "appendMode": false
          }},
          "id": "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default",
          "name": "default",
          "type": "Microsoft.Security/locations/jitNetworkAccessPolicies",
          "location": "westeurope"
        }}"#,
    )
}

pub fn request(port: &str, rest: &str) -> String {
    format!(r#"{{ "virtualMachines": [{{ "id": "{VM}", "ports": [{{ "number": 22, {port} }}] }}]{rest} }}"#)
}

pub const HERE: Place = Place {
    subscription: Some(SUBSCRIPTION),
    resource_group: Some("rg"),
    location: Some("westeurope"),
    name: Some("default"),
};

pub fn outcome(document: &str, to: Format, place: Place) -> Outcome {
    let check = CheckOptions { kind: None, now: Timestamp::parse(NOW) };
    convert(document.as_bytes(), to, &Options { check, place, endpoint: None }).outcome
}

#[track_caller]
pub fn written(document: &str, to: Format, place: Place) -> Converted {
    outcome(document, to, place).unwrap_or_else(|reasons| panic!("{reasons:?}"))
}

/// The text, and its notes behind it.
#[track_caller]
pub fn check(document: &str, to: Format, place: Place, expected: &Expect) {
    let Converted { text, notes } = written(document, to, place);
    let notes = notes.iter().fold(String::new(), |all, note| all + "note: " + note + "\n");
    expected.assert_eq(&(text + &notes));
}
