//! Policies of one machine, what is found in documents, and what their fixes make of them.

use jitgate_core::diagnostic::{Diagnostic, fix};
use jitgate_core::{CheckOptions, Kind, check};

use crate::support::VM;

/// A policy with one machine that holds these members beside its id.
pub fn policy(machine: &str) -> String {
    format!(r#"{{"kind":"Basic","properties":{{"virtualMachines":[{{"id":"{VM}",{machine}}}]}}}}"#)
}

/// A policy with one port rule that holds these members beside its source.
pub fn rule(members: &str) -> String {
    policy(&format!(r#""ports":[{{"allowedSourceAddressPrefix":"10.20.0.0/16",{members}}}]"#))
}

pub fn found(document: &str) -> Vec<Diagnostic> {
    check(document.as_bytes(), &CheckOptions::default()).diagnostics
}

#[track_caller]
pub fn expect(document: &str, codes: &[&str]) {
    let found = found(document);
    let given: Vec<_> = found.iter().map(|diagnostic| diagnostic.code.id()).collect();
    assert_eq!(given, codes, "{document}\n{found:#?}");
}

/// What the safe fixes make of a document.
pub fn fixed(document: &str) -> String {
    fix::apply_safe(&check(document.as_bytes(), &CheckOptions::default())).text
}

pub const SOURCE: &str = r#""allowedSourceAddressPrefix":"10.20.0.0/16""#;
pub const REST: &str = r#""protocol":"TCP","maxRequestAccessDuration":"PT3H""#;

pub fn kind(document: &str) -> Kind {
    check(document.as_bytes(), &CheckOptions::default()).kind
}
