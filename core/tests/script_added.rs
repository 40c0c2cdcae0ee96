//! Scripts that read a policy, add machines to what they read, and put it back.

use crate::support::VM;
use crate::support::scripts::{codes, longest, policy};

/// A machine with a port that there is not.
fn machine(number: &str) -> String {
    format!(
        "@{{ id = '{VM}'; ports = @(@{{ number = {number}; protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H' }}) }}"
    )
}

#[test]
fn what_is_added_is_judged() {
    let read =
        "$jit = Get-AzJitNetworkAccessPolicy -ResourceGroupName rg -Location westeurope -Name default\n";
    for lines in [
        "$vms = @($jit.VirtualMachines) + NEW",
        "$vms = @(); $vms += $jit.VirtualMachines; $vms += NEW",
        "$vms = @()\n$vms += NEW\n$vms += $jit.VirtualMachines",
        "$vms = @(NEW) + $jit.VirtualMachines",
        "$vms = $jit.VirtualMachines | Where-Object { $_.Id -notlike '*web9*' }\n$vms += NEW",
        "$vms = $jit.VirtualMachines\n$vms += @(NEW)",
        "$new = NEW\n$vms = $jit.VirtualMachines\n$vms += $new",
        "$vms = [System.Collections.ArrayList]@()\n$vms.Add($jit.VirtualMachines[0])\n$vms.Add(NEW)",
        "$vms = New-Object System.Collections.ArrayList\n$jit.VirtualMachines | Out-Null\n$vms.Add((NEW)) | Out-Null",
    ] {
        for (number, expected) in [("70000", true), ("22", false)] {
            let script = policy(&format!("{read}{}", lines.replace("NEW", &machine(number))), "$vms");
            assert_eq!(codes(&script).contains(&"JIT201"), expected, "{:?} {script}", codes(&script));
            assert!(codes(&script).iter().all(|code| ["JIT116", "JIT201"].contains(code)), "{script}");
        }
    }
}

/// What is added to a table, a string or a number is no element.
#[test]
fn what_else_is_added_is_not_known() {
    for lines in [
        "$x = Get-It\n$x += 'PT3H'",
        "$x = Get-It\n$x += @{ number = 70000 }",
        // Which one it is hangs on how many there are before it.
        "$l = @()\n$l += Get-It\n$l += 'PT30H'\n$x = $l[1]",
        "$l = @(Get-It)\n$l += 'PT30H'\n$x = $l[1]",
        "$l = @(Get-It) + 'PT30H'\n$x = '{1}' -f $l",
    ] {
        assert_eq!(codes(&longest(lines, "$x")), ["JIT116"], "{lines}");
    }
    assert_eq!(codes(&longest("$l = (Get-It), 'PT30H'\n$x = $l[1]", "$x")), ["JIT403"]);
}
