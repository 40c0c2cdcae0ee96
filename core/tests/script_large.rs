//! Scripts of much of the same: their values have no end, or their brackets none. They are read in time and memory in
//! proportion, and without an end of the stack.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::scripts::judged;

#[test]
fn values_without_end_come_to_an_end() {
    let twice = |line: &str, times: usize| {
        format!(
            "$a = @(@{{ number = 22 }})\n{}Set-AzJitNetworkAccessPolicy -VirtualMachine $a",
            line.repeat(times)
        )
    };
    let many = 10_000;
    let defaults = |many: usize| {
        let names: Vec<_> = (0..many).map(|index| format!("$a{index}=1,")).collect();
        format!("function f({}$z=1) {{ $z }}\n", names.concat())
    };
    let names = |many: usize| (0..many).map(|index| format!("a{index}=;")).collect::<Vec<_>>().concat();
    let scripts = [
        twice("$a = @($a, $a)\n", 60),
        twice("$a = $a + $a\n", 60),
        twice("$a = \"$a$a$a\"\n", 60),
        twice("$a += @{ number = 1 }\n", many),
        twice("$a += 1; $b = $a\n", many),
        twice("$a = @(,$a)\n", many),
        twice("Set-AzJitNetworkAccessPolicy -VirtualMachine $a\n$a += $a\n", 500),
        twice("$b = @{ a = $a }; $b.a = $b\n", many),
        "@(".repeat(many),
        "@{a=".repeat(many),
        "$(".repeat(many),
        format!("$x = {}", "\"$(".repeat(many)),
        format!("$x = {}", "'\n".repeat(many)),
        format!("$x = @{{ a = {}", "'a;=".repeat(many)),
        format!("$x = @{{ {}", "a = 'b; c = ".repeat(many)),
        format!("$x = {}", "if (1) { ".repeat(many)),
        format!("$x = {}", "foreach ($a in $b) { $c = 1; ".repeat(many)),
        format!("$x = 1 {}", "- ".repeat(many)),
        format!("$x = 1\n{}", "$a,1\n".repeat(10 * many)),
        format!("$ x\n{}", "cat <<EOF '\n$ y\n".repeat(many)),
        format!("#!/bin/sh\nf() {{ {} }}\n{}", "a=1;".repeat(many), "f\n".repeat(many)),
        format!("#!/bin/sh\nf() {{ {} }}\n{}", names(many), "f\n".repeat(many)),
        format!("function f {{\n{}}}", "$a=1\n".repeat(10 * many)),
        format!("#!/bin/sh\n{}", "echo x > a1; sed -i x *;".repeat(many)),
        format!("$x = 1\n{}{}", defaults(many), "f -b 1\n".repeat(many)),
        format!("#!/bin/sh\n{}", "a=1;".repeat(20 * many)),
        format!("#!/bin/sh\n{}", "((a;".repeat(20 * many)),
        format!("$x = {}", "[string]".repeat(many)),
        "[a]".repeat(20 * many),
        format!("$x = @()\n{}", "$x += 1\n".repeat(10 * many)),
        format!("$x = {}\n{}", "'a',".repeat(many), "$x\n".repeat(many)),
        format!("$x = @{{\n{}}}\n{}", names(many), "Set-AzJitNetworkAccessPolicy @x\n".repeat(many / 10)),
        format!("$x = '{}'\n{}", "a".repeat(10 * many), "if ($x -eq $x) {}\n".repeat(many)),
        format!("#!/bin/sh\nU='/{}'\n{}", "a".repeat(20 * many), "az rest --url \"$U\"\n".repeat(many / 10)),
        format!("$x = {}", "<#".repeat(many)),
        format!("$x = @'\n{}", "@'\n".repeat(many)),
        format!("$x = @{{\n{}", "}\n)".repeat(many)),
        format!("az rest {}", "$(cat <<EOF\n".repeat(many)),
        format!("az rest {}", "\"".repeat(many)),
        format!("az rest --body {}", "'{\"virtualMachines\":[' ".repeat(many)),
        format!("$x = {}", "a, ".repeat(many)),
        format!("$x = @()\n{}$x += 1", "foreach ($a in 1, 2) { ".repeat(many)),
        format!("$x = @()\n{}$x += 1", "1, 2 | % { ".repeat(many)),
        format!("$x = 1\n{}", "if ($x) { ".repeat(many)),
        format!("$t = @{{ a = @{{}} }}\n{}", "$t.a.b = $t\n".repeat(many)),
        format!("$l = [System.Collections.ArrayList]@()\n{}", "$l.Add(1)\n$m = $l\n".repeat(many)),
        format!("#!/bin/sh\n{}", "for p in a b; do ".repeat(many)),
        format!("#!/bin/sh\n{}", "while x; do ".repeat(many)),
        format!("#!/bin/sh\n{}", "f() { ".repeat(many)),
        format!("#!/bin/sh\n{}", "if x; then ".repeat(many)),
        format!("#!/bin/sh\nA=x\n{}", "A+=\"$A\"\n".repeat(many)),
        format!("PUT https://x/jitNetworkAccessPolicies/a\n\n{}", "{{".repeat(many)),
        format!("#!/bin/sh\n{}\nE\n", "cat <<E | ".repeat(many)),
        format!("#!/bin/sh\n{}\n", "cat <<E\nE\n".repeat(many)),
        format!("#!/bin/sh\n{}\n{}", "cat <<E; ".repeat(many), "E\n".repeat(many)),
        format!("#!/bin/sh\n{}", "cat <<E \"$(cat <<F\n".repeat(many)),
        format!("#!/bin/sh\n{}", "echo $(echo ".repeat(many)),
        format!("#!/bin/sh\nA='{}'\n{}", "a".repeat(many), "A=\"$(echo \"$A\" | cat)\"\n".repeat(many / 10)),
        format!("#!/bin/sh\nA=x\n{}", "A=\"$(echo \"$A$A\")\"\n".repeat(many)),
    ];
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            // A small stack, as in a browser.
            let read = || {
                while let Some(script) = scripts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    judged(script);
                }
            };
            thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, read).expect("a thread");
        }
    });
}
