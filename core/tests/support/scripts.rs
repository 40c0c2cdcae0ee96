//! What the tests of scripts share: scripts around what a test is about, what is said of them, and what they send.

use jitgate_core::convert::{Format, Options, convert};
use jitgate_core::diagnostic::Diagnostic;
use jitgate_core::{CheckOptions, Kind, Timestamp, check};
use serde_json::Value;

use super::sound::sound;
use super::{NOW, VM};

/// What a port rule has besides its number.
pub const RULE: &str =
    "protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = 'PT3H'";

/// Where the policy is put.
pub const URL: &str = "https://management.azure.com/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01";

/// The kind that a script is read as, and what is said of it.
pub fn judged(script: &str) -> (Kind, Vec<Diagnostic>) {
    let report = check(script.as_bytes(), &options());
    sound(&report);
    (report.kind, report.diagnostics)
}

/// The kind that a script is read as, and each code with the text that is underlined.
#[track_caller]
pub fn expect(script: &str, kind: Kind, expected: &[(&str, &str)]) {
    let (read_as, found) = judged(script);
    let marked = |one: &Diagnostic| {
        let (start, end) = (one.range.start.byte, one.range.end.byte);
        script
            .get(usize::try_from(start).expect("short")..usize::try_from(end).expect("short"))
            .expect("a place")
    };
    let found: Vec<_> = found.iter().map(|one| (one.code.id(), marked(one))).collect();
    assert_eq!((read_as, found.as_slice()), (kind, expected), "{script}");
}

/// The cmdlet with these machines, behind these lines.
pub fn policy(lines: &str, machines: &str) -> String {
    format!(
        "{lines}\nSet-AzJitNetworkAccessPolicy -Kind 'Basic' -Location 'westeurope' -Name 'default' -ResourceGroupName 'rg' -VirtualMachine {machines}"
    )
}

/// The same with one port rule.
pub fn rule(lines: &str, rule: &str) -> String {
    policy(lines, &format!("@{{ id = '{VM}'; ports = @{{ {rule} }} }}"))
}

/// A policy whose rule has this for its longest duration.
pub fn longest(lines: &str, value: &str) -> String {
    rule(
        lines,
        &format!(
            "number = 22; protocol = 'TCP'; allowedSourceAddressPrefix = '10.20.0.0/16'; maxRequestAccessDuration = {value}"
        ),
    )
}

/// With the present of every example.
pub fn options() -> CheckOptions {
    CheckOptions { now: Timestamp::parse(NOW), ..CheckOptions::default() }
}

/// The codes of what is said of a script.
pub fn codes(script: &str) -> Vec<&'static str> {
    judged(script).1.iter().map(|one| one.code.id()).collect()
}

/// What the script sends, as JSON.
#[track_caller]
pub fn sent(script: &str) -> Value {
    let conversion =
        convert(script.as_bytes(), Format::Json, &Options { check: options(), ..Options::default() });
    sound(&conversion.report);
    let text = conversion.outcome.unwrap_or_else(|reasons| panic!("{reasons:?}\n{script}")).text;
    serde_json::from_str(&text).expect("JSON")
}
