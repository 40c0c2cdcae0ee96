$ports = [System.Collections.Generic.List[object]]::new()
foreach ($port in 5985..5986) {
    $rule = @{}
    $rule.number = $port
    $rule['protocol'] = 'TCP'
    $rule.Add('allowedSourceAddressPrefix', '10.20.0.0/16')
    $rule.maxRequestAccessDuration = 'PT1H'
    $ports.Add($rule)
}
$vm = @{ id = '/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1' }
$vm.ports = $ports.ToArray()
$params = @{
    Kind              = 'Basic'
    Location          = 'westeurope'
    Name              = 'default'
    ResourceGroupName = 'rg'
}
$params.VirtualMachine = @($vm)
Set-AzJitNetworkAccessPolicy @params
