#!/usr/bin/env bash
set -euo pipefail
SUB=6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10
RG=rg
PORTS=""
SEP=""
for port in 22 3389; do
  PORTS+="$SEP{\"number\": $port, \"protocol\": \"TCP\", \"allowedSourceAddressPrefix\": \"10.20.0.0/16\", \"maxRequestAccessDuration\": \"PT3H\"}"
  SEP=", "
done
BODY=$(cat <<EOF
{
  "kind": "Basic",
  "properties": {
    "virtualMachines": [
      { "id": "/subscriptions/$SUB/resourceGroups/${RG}/providers/Microsoft.Compute/virtualMachines/web1", "ports": [$PORTS] }
    ]
  }
}
EOF
)
az rest --method put \
  --url "https://management.azure.com/subscriptions/$SUB/resourceGroups/$RG/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01" \
  --body "$BODY"
