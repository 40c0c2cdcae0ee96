#requires -Modules Az.Security
<#
.SYNOPSIS
    Puts the same rules on several machines.
#>
$sub = '6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10'
$rg  = 'rg'
$longest = 3

$vms = @()
foreach ($name in @('web1', 'web2')) {
    Write-Host "Adding $name …"
    $ports = @()
    22, 3389 | ForEach-Object {
        $ports += @{
            number                     = $_
            protocol                   = 'TCP'
            allowedSourceAddressPrefix = '10.20.0.0/16'
            maxRequestAccessDuration   = "PT$($longest)H"
        }
    }
    if ($name -eq 'web2') {
        $ports += @{ number = 5986; protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT{0}H' -f 1 }
    }
    $vms += [PSCustomObject]@{
        id    = "/subscriptions/$sub/resourceGroups/$rg/providers/Microsoft.Compute/virtualMachines/$name"
        ports = $ports
    }
}

try {
    Set-AzJitNetworkAccessPolicy -Kind 'Basic' `
        -Location 'westeurope' `
        -Name 'default' `
        -ResourceGroupName $rg `
        -VirtualMachine $vms -ErrorAction Stop | Out-Null
} catch {
    Write-Error "No policy: $_"
}
