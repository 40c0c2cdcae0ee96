$uri = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01"
$body = @"
{
  "kind": "Basic",
  "properties": {
    "virtualMachines": [
      {
        "id": "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1",
        "ports": [
          { "number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "10.20.0.0/16", "maxRequestAccessDuration": "PT3H" }
        ]
      }
    ]
  }
}
"@
Invoke-RestMethod -Method Put -Uri $uri -Headers @{ Authorization = "Bearer $token" } -ContentType 'application/json' -Body $body
