//! Policies and requests, good, bad and broken, as many as `JITGATE_FUZZ_CASES` says: reading and deciding never
//! fail, and what they answer makes sense.

use crate::support::json::{mutations, policy, request, value};
use crate::support::sound::{sound, upright};
use crate::support::{CALLER, NOW};
use jitgate_core::decide::{Context, Subject, decide};
use jitgate_core::diagnostic::fix::apply_safe;
use jitgate_core::{CheckOptions, Severity, Timestamp, check, wire};
use proptest::prelude::*;
use serde_json::Value;

fn config() -> ProptestConfig {
    let cases = std::env::var("JITGATE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn now() -> Timestamp {
    Timestamp::parse(NOW).expect("a time")
}

/// Any document that this is about.
fn document() -> impl Strategy<Value = String> {
    prop_oneof![2 => mutations(policy()), 2 => mutations(request()), 1 => mutations(value())]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn reading(text in document()) {
        upright(&text);
        let options = CheckOptions { now: Some(now()), ..CheckOptions::default() };
        let report = check(text.as_bytes(), &options);
        sound(&report);
        serde_json::from_str::<Value>(&wire::report(&report)).expect("the wire is JSON");
        for cut in [1, 2, 3] {
            check(text.as_bytes().get(cut..).unwrap_or_default(), &options);
        }
    }

    #[test]
    fn mending_comes_to_an_end(text in document()) {
        let options = CheckOptions { now: Some(now()), ..CheckOptions::default() };
        let mut text = text;
        let rounds = (0..30).find(|_| {
            let fixed = apply_safe(&check(text.as_bytes(), &options));
            text = fixed.text;
            fixed.applied == 0
        });
        prop_assert!(rounds.is_some(), "still mending: {text}");
    }

    #[test]
    fn deciding(policy in mutations(policy()), request in mutations(request()), known in any::<bool>()) {
        let context = Context { now: now(), caller_address: known.then_some(CALLER) };
        let decision = decide(policy.as_bytes(), request.as_bytes(), &context);
        prop_assert_eq!(decision.is_granted(), !decision.grants.is_empty(), "granted is what has grants");
        prop_assert!(decision.grants.iter().all(|grant| grant.start < grant.end && !grant.sources.is_empty()));
        let json: Value = serde_json::from_str(&wire::decision(&decision)).expect("the wire is JSON");
        // The nearest request is one that is granted.
        if let Some(nearest) = json.get("nearest").filter(|nearest| !nearest.is_null()) {
            let again = decide(policy.as_bytes(), nearest.to_string().as_bytes(), &context);
            prop_assert!(again.is_granted(), "{} is refused: {:?}", nearest, again.reasons);
        }
        // What is wrong in itself is never granted.
        let options = CheckOptions { now: Some(now()), ..CheckOptions::default() };
        let refused = |text: &str| {
            let found = check(text.as_bytes(), &options).diagnostics;
            found.iter().any(|one| one.severity == Severity::Error && !one.code.meta().contested)
        };
        if refused(&policy) || refused(&request) {
            prop_assert!(!decision.is_granted());
        }
        for reason in &decision.reasons {
            let text = if reason.document == Subject::Policy { &policy } else { &request };
            let end = usize::try_from(reason.diagnostic.range.end.byte).expect("a place");
            prop_assert!(end <= text.len());
        }
    }
}
