//! Code as its reader meets it: whole texts in every language.

use crate::convert_support::{HERE, check, exported, request};
use expect_test::expect;
use jitgate_core::convert::{Format, Place};

#[test]
fn a_policy_in_powershell() {
    check(
        &exported(),
        Format::PowerShell,
        Place::default(),
        &expect![[r#"
        Set-AzContext -Subscription '6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10'

        $JitPolicyArr = @(
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

        Set-AzJitNetworkAccessPolicy -Kind 'Basic' -Location 'westeurope' -Name 'default' -ResourceGroupName 'rg' -VirtualMachine $JitPolicyArr
    "#]],
    );
}

#[test]
fn a_policy_for_az() {
    check(
        &exported(),
        Format::Az,
        Place::default(),
        &expect![[r#"
        az rest --method put \
          --url 'https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01' \
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
    "#]],
    );
}

#[test]
fn a_policy_in_a_template() {
    check(
        &exported(),
        Format::Arm,
        Place::default(),
        &expect![[r#"
        {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "resources": [
            {
              "type": "Microsoft.Security/locations/jitNetworkAccessPolicies",
              "apiVersion": "2020-01-01",
              "name": "westeurope/default",
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
            }
          ]
        }
        note: deploy it to resource group `rg` of subscription `6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10`
    "#]],
    );
}

#[test]
fn a_policy_in_bicep() {
    check(
        &exported(),
        Format::Bicep,
        Place::default(),
        &expect![[r#"
        resource jitPolicy 'Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01' = {
          name: 'westeurope/default'
          kind: 'Basic'
          properties: {
            virtualMachines: [
              {
                id: '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1'
                ports: [
                  {
                    number: 22
                    protocol: 'TCP'
                    allowedSourceAddressPrefix: '10.20.0.0/16'
                    maxRequestAccessDuration: 'PT3H'
                  }
                  {
                    number: 3389
                    protocol: '*'
                    allowedSourceAddressPrefixes: [
                      '10.20.0.7'
                      '10.30.0.0/24'
                    ]
                    maxRequestAccessDuration: 'PT1H'
                  }
                ]
              }
            ]
          }
        }
        note: deploy it to resource group `rg` of subscription `6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10`
    "#]],
    );
}

#[test]
fn a_policy_in_terraform() {
    check(
        &exported(),
        Format::Terraform,
        Place::default(),
        &expect![[r##"
        # The provider is Azure/azapi, 2.0 or newer.

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
    "##]],
    );
}

#[test]
fn a_request_in_powershell() {
    let request = request(r#""duration": "PT3H", "allowedSourceAddressPrefix": "10.20.0.7""#, "");
    check(
        &request,
        Format::PowerShell,
        HERE,
        &expect![[r#"
        Set-AzContext -Subscription '6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10'

        $JitPolicyArr = @(
            @{
                id = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1'
                ports = @(
                    @{
                        number = 22
                        allowedSourceAddressPrefix = '10.20.0.7'
                        endTimeUtc = [DateTime]::UtcNow.AddHours(3)
                    }
                )
            }
        )

        Start-AzJitNetworkAccessPolicy -ResourceId '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default' -VirtualMachine $JitPolicyArr
        note: the cmdlet has no `duration`: the end is worked out when the script runs
    "#]],
    );
}

#[test]
fn a_justification_in_powershell() {
    let port = r#""endTimeUtc": "2026-01-15T14:00:00Z", "allowedSourceAddressPrefix": "10.20.0.7""#;
    let request = request(port, r#", "justification": "Ann’s disk:\n${x} 'now'""#);
    check(
        &request,
        Format::PowerShell,
        HERE,
        &expect![[r#"
        Set-AzContext -Subscription '6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10'

        $Body = @{
            virtualMachines = @(
                @{
                    id = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1'
                    ports = @(
                        @{
                            number = 22
                            allowedSourceAddressPrefix = '10.20.0.7'
                            endTimeUtc = '2026-01-15T14:00:00Z'
                        }
                    )
                }
            )
            justification = ('Ann’’s disk:' + [char]10 + '${x} ''now''')
        }

        Invoke-AzRestMethod -Method POST -Path '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01' -Payload ($Body | ConvertTo-Json -Depth 10)
        note: `Start-AzJitNetworkAccessPolicy` has no justification: `Invoke-AzRestMethod` makes the call with it
    "#]],
    );
}

#[test]
fn a_request_as_rest() {
    let request = request(r#""duration": "PT3H""#, r#", "justification": "{{$guid}} \u0007""#);
    check(
        &request,
        Format::Rest,
        HERE,
        &expect![[r#"
        @accessToken = <accessToken>

        POST https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default/initiate?api-version=2020-01-01
        Content-Type: application/json
        Authorization: Bearer {{accessToken}}

        {
          "virtualMachines": [
            {
              "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1",
              "ports": [
                {
                  "number": 22,
                  "duration": "PT3H"
                }
              ]
            }
          ],
          "justification": "\u007b{$guid}} \u0007"
        }
        note: fill in `{{accessToken}}`: `az account get-access-token` prints one
    "#]],
    );
}

#[test]
fn a_request_in_terraform() {
    let request = request(r#""duration": "PT3H""#, r#", "justification": "${x} %{if} \"quoted\" $%{y}""#);
    check(
        &request,
        Format::Terraform,
        HERE,
        &expect![[r##"
        # The provider is Azure/azapi, 2.0 or newer.

        resource "azapi_resource_action" "jit_request" {
          type        = "Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01"
          resource_id = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default"
          action      = "initiate"
          method      = "POST"
          body = {
            virtualMachines = [
              {
                id = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1"
                ports = [
                  {
                    number   = 22
                    duration = "PT3H"
                  }
                ]
              }
            ]
            justification = "$${x} %%{if} \"quoted\" $\u0025{y}"
          }
        }
    "##]],
    );
}
