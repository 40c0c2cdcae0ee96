# The rules for one machine, as the documentation lays them out.
$JitPolicy = (@{
    id="/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1";
    ports=(@{
        number=22;
        protocol="TCP";
        allowedSourceAddressPrefix=@("10.20.0.0/16");
        maxRequestAccessDuration="PT3H"},
        @{
        number=3389;
        protocol="TCP";
        allowedSourceAddressPrefix=@("10.20.0.0/16");
        maxRequestAccessDuration="PT3H"})})

$JitPolicyArr=@($JitPolicy)

Set-AzJitNetworkAccessPolicy -Kind "Basic" -Location "westeurope" -Name "default" -ResourceGroupName "rg" -VirtualMachine $JitPolicyArr

$JitPolicyVm1 = (@{
    id="/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web1";
    ports=(@{
      number=22;
      endTimeUtc="2026-01-15T14:00:00Z";
      allowedSourceAddressPrefix=@("10.20.0.7")})})
$Request=@($JitPolicyVm1)
Start-AzJitNetworkAccessPolicy -ResourceId "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default" -VirtualMachine $Request
