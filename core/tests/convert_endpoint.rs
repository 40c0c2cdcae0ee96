//! Calls that go to another server than Azure's.

use crate::convert_support::{HERE, exported, request};
use expect_test::{Expect, expect};
use jitgate_core::CheckOptions;
use jitgate_core::convert::{Endpoint, EndpointError, Format, Options, convert};

#[test]
fn what_is_an_endpoint() {
    for (address, kept) in [
        ("https://jit.example", "https://jit.example"),
        ("https://jit.example/", "https://jit.example"),
        ("https://jit.example//", "https://jit.example"),
        (" HTTPS://JIT.example:8443/ ", "HTTPS://JIT.example:8443"),
        ("https://10.0.0.5", "https://10.0.0.5"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:7080", "http://localhost:7080"),
        ("http://127.0.0.1:7080/", "http://127.0.0.1:7080"),
        ("http://127.3.2.1", "http://127.3.2.1"),
        ("http://[::1]:7080", "http://[::1]:7080"),
    ] {
        assert_eq!(Endpoint::parse(address).map(Endpoint::as_str), Ok(kept), "{address}");
    }
    for (address, why) in [
        ("", EndpointError::Scheme),
        ("jit.example", EndpointError::Scheme),
        ("ftp://jit.example", EndpointError::Scheme),
        ("https:/jit.example", EndpointError::Scheme),
        ("http://jit.example", EndpointError::ClearText),
        ("http://10.0.0.5:7080", EndpointError::ClearText),
        ("http://localhost.example", EndpointError::ClearText),
        ("http://[2001:db8::1]", EndpointError::ClearText),
        ("https://", EndpointError::Scheme),
        ("https://:443", EndpointError::Host),
        ("https://jit example", EndpointError::Host),
        ("https://jit'.example", EndpointError::Host),
        ("https://jit$(ls).example", EndpointError::Host),
        ("https://[::1", EndpointError::Host),
        ("https://[::1]x", EndpointError::Host),
        ("https://jit.example:", EndpointError::Port),
        ("https://jit.example:0", EndpointError::Port),
        ("https://jit.example:65536", EndpointError::Port),
        ("https://jit.example:https", EndpointError::Port),
        ("https://jit.example/api", EndpointError::More),
        ("https://jit.example?a=b", EndpointError::More),
        ("https://ann@jit.example", EndpointError::More),
    ] {
        assert_eq!(Endpoint::parse(address), Err(why), "{address}");
    }
}

#[track_caller]
fn check(document: &str, to: Format, endpoint: &str, expected: &Expect) {
    let options = Options { check: CheckOptions::default(), place: HERE, endpoint: Some(endpoint) };
    let converted =
        convert(document.as_bytes(), to, &options).outcome.unwrap_or_else(|why| panic!("{why:?}"));
    let notes = converted.notes.iter().fold(String::new(), |all, note| all + "note: " + note + "\n");
    expected.assert_eq(&(converted.text + &notes));
}

#[test]
fn a_policy_for_az() {
    check(
        &exported(),
        Format::Az,
        "https://jit.example/",
        &expect![[r#"
        az rest --method put \
          --url 'https://jit.example/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01' \
          --resource 'https://jit.example/' \
          --body '{
          "kind": "Basic",
          "properties": {
            "virtualMachines": [
              {
                "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1",
                "ports": [
                  {
                    "number": 22,
                    "protocol": "TCP",
                    "allowedSourceAddressPrefix": "10.20.0.0/16",
                    "maxRequestAccessDuration": "PT3H"
                  },
                  {
                    "number": 3389,
                    "protocol": "*",
                    "allowedSourceAddressPrefixes": [
                      "10.20.0.7",
                      "10.30.0.0/24"
                    ],
                    "maxRequestAccessDuration": "PT1H"
                  }
                ]
              }
            ]
          }
        }'
        note: `az` gets a token for `https://jit.example/`: name another in `--resource` where the server takes another, and with a token of its own put `--skip-authorization-header --headers "Authorization=Bearer …"` in its place
    "#]],
    );
}

#[test]
fn a_policy_in_powershell() {
    check(
        &exported(),
        Format::PowerShell,
        "https://jit.example",
        &expect![[r"
        # Set-AzJitNetworkAccessPolicy takes no endpoint: this is the call that it makes.
        $Body = @{
            kind = 'Basic'
            properties = @{
                virtualMachines = @(
                    @{
                        id = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1'
                        ports = @(
                            @{
                                number = 22
                                protocol = 'TCP'
                                allowedSourceAddressPrefix = '10.20.0.0/16'
                                maxRequestAccessDuration = 'PT3H'
                            },
                            @{
                                number = 3389
                                protocol = '*'
                                allowedSourceAddressPrefixes = @(
                                    '10.20.0.7',
                                    '10.30.0.0/24'
                                )
                                maxRequestAccessDuration = 'PT1H'
                            }
                        )
                    }
                )
            }
        }

        Invoke-AzRestMethod -Method PUT -Uri 'https://jit.example/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01' -ResourceId 'https://jit.example/' -Payload ($Body | ConvertTo-Json -Depth 10)
        note: `Invoke-AzRestMethod` gets a token for `https://jit.example/`: name another in `-ResourceId` where the server takes another
    "]],
    );
}

#[test]
fn a_policy_in_terraform() {
    check(
        &exported(),
        Format::Terraform,
        "https://jit.example",
        &expect![[r#"
        # The provider is Azure/azapi, 2.0 or newer.

        provider "azapi" {
          endpoint = [{
            resource_manager_endpoint = "https://jit.example"
            resource_manager_audience = "https://jit.example/"
          }]
        }

        resource "azapi_resource" "jit_policy" {
          type      = "Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01"
          name      = "default"
          parent_id = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope"
          body = {
            kind = "Basic"
            properties = {
              virtualMachines = [
                {
                  id = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1"
                  ports = [
                    {
                      number                     = 22
                      protocol                   = "TCP"
                      allowedSourceAddressPrefix = "10.20.0.0/16"
                      maxRequestAccessDuration   = "PT3H"
                    },
                    {
                      number   = 3389
                      protocol = "*"
                      allowedSourceAddressPrefixes = [
                        "10.20.0.7",
                        "10.30.0.0/24"
                      ]
                      maxRequestAccessDuration = "PT1H"
                    }
                  ]
                }
              ]
            }
          }
        }
        note: the provider gets a token for `https://jit.example/`: name another as its audience where the server takes another
    "#]],
    );
}

#[test]
fn a_request_as_rest() {
    let request = request(r#""duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7""#, "");
    check(
        &request,
        Format::Rest,
        "http://127.0.0.1:7080",
        &expect![[r#"
        @accessToken = <accessToken>

        POST http://127.0.0.1:7080/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01
        Content-Type: application/json
        Authorization: Bearer {{accessToken}}

        {
          "virtualMachines": [
            {
              "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1",
              "ports": [
                {
                  "number": 22,
                  "allowedSourceAddressPrefix": "10.20.0.7",
                  "duration": "PT1H"
                }
              ]
            }
          ]
        }
        note: fill in `{{accessToken}}`: one of the server's own, or what `az account get-access-token --resource http://127.0.0.1:7080/` prints
    "#]],
    );
}

#[test]
fn a_request_in_powershell() {
    let request = request(r#""duration": "PT1H", "allowedSourceAddressPrefix": "10.20.0.7""#, "");
    check(
        &request,
        Format::PowerShell,
        "http://127.0.0.1:7080",
        &expect![[r"
        # Start-AzJitNetworkAccessPolicy takes no endpoint: this is the call that it makes.
        $Body = @{
            virtualMachines = @(
                @{
                    id = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1'
                    ports = @(
                        @{
                            number = 22
                            allowedSourceAddressPrefix = '10.20.0.7'
                            duration = 'PT1H'
                        }
                    )
                }
            )
        }

        Invoke-AzRestMethod -Method POST -Uri 'http://127.0.0.1:7080/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01' -ResourceId 'http://127.0.0.1:7080/' -Payload ($Body | ConvertTo-Json -Depth 10)
        note: `Invoke-AzRestMethod` gets a token for `http://127.0.0.1:7080/`: name another in `-ResourceId` where the server takes another
    "]],
    );
}

#[test]
fn azure_is_azure_and_a_wrong_one_is_refused() {
    let (policy, options) = (exported(), Options { place: HERE, ..Options::default() });
    for to in Format::ALL {
        let plain = convert(policy.as_bytes(), to, &options).outcome;
        let told = |endpoint| {
            convert(policy.as_bytes(), to, &Options { endpoint: Some(endpoint), ..options }).outcome
        };
        assert_eq!(told("https://management.azure.com/"), plain);
        assert_eq!(told(""), plain);
        let wrong = told("http://jit.example");
        if matches!(to, Format::Arm | Format::Bicep | Format::Json) {
            assert_eq!(wrong, plain, "nothing is sent there");
        } else {
            let reasons = wrong.expect_err("a token in clear text");
            let only = "\"http://jit.example\" is no endpoint: over `http://` others on the way read the token: use `https://`, or an address of this machine";
            assert_eq!(
                reasons
                    .join("\n")
                    .replace('`', "\"")
                    .replace("\"http://\"", "`http://`")
                    .replace("\"https://\"", "`https://`"),
                only
            );
        }
    }
    let converted = convert(
        policy.as_bytes(),
        Format::Bicep,
        &Options { endpoint: Some("https://jit.example"), ..options },
    );
    let notes = converted.outcome.expect("a template").notes;
    assert!(notes.iter().any(|note| note.starts_with("a template names no endpoint")), "{notes:?}");
}
