//! Every rule has a page, and the examples on it tell the truth: the wrong one gives its diagnostic and
//! no other, the right one gives none. A program of its own: whoever writes a rule runs it again and again.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[allow(
    dead_code,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "of what all tests share, this takes a part"
)]
mod support;

use jitgate_core::decide::{self, decide};
use jitgate_core::diagnostic::Diagnostic;
use jitgate_core::preview::{self, Mode};
use jitgate_core::{CheckOptions, Code, Severity, check};
use support::page::{Example, Page};
use support::{CALLER, NOW};

/// What is said about an example: of `check`, and of `decide` where there is a request beside a policy.
fn judge(examples: &[Example]) -> Vec<Diagnostic> {
    let now = NOW.parse_time();
    let options = CheckOptions { now: Some(now), ..CheckOptions::default() };
    let policy = examples.iter().find(|example| example.form == "policy");
    let request = examples.iter().find(|example| example.form == "request");
    let network = examples.iter().find(|example| example.form == "network");
    if let (Some(policy), Some(network)) = (policy, network) {
        let mode = network.mode.as_deref().map(|mode| Mode::from_name(mode).expect("a mode"));
        let options = preview::Options {
            mode: mode.unwrap_or_default(),
            caller_address: Some(CALLER),
            ..preview::Options::at(now)
        };
        let requests: Vec<&[u8]> = request.iter().map(|request| request.text.as_bytes()).collect();
        let loaded = preview::load(&[&network.network()], Some(now));
        let preview = preview::preview(&loaded, &[policy.text.as_bytes()], &requests, &options);
        return preview.reports.into_iter().flat_map(|report| report.diagnostics).collect();
    }
    if let (Some(policy), Some(request)) = (policy, request) {
        let caller_address = match request.from.as_deref() {
            None => Some(CALLER),
            Some("none") => None,
            Some(address) => Some(address.parse().expect("an address")),
        };
        let context = decide::Context { now, caller_address };
        let decision = decide(policy.text.as_bytes(), request.text.as_bytes(), &context);
        return decision.reasons.into_iter().map(|reason| reason.diagnostic).collect();
    }
    examples.iter().flat_map(|example| check(&example.document(), &options).diagnostics).collect()
}

trait ParseTime {
    fn parse_time(&self) -> jitgate_core::Timestamp;
}

impl ParseTime for &str {
    fn parse_time(&self) -> jitgate_core::Timestamp {
        jitgate_core::Timestamp::parse(self).expect("a time in RFC 3339")
    }
}

#[test]
fn wrong_examples_give_their_diagnostic_and_right_ones_none() {
    let mut faults = Vec::new();
    for &code in Code::ALL {
        let page = Page::parse(code.meta().page);
        for (index, example) in page.wrong.iter().enumerate() {
            let found = judge(example);
            let mut codes: Vec<_> = found.iter().map(|diagnostic| diagnostic.code.id()).collect();
            // It takes ten thousand others.
            if code == Code::TooManyFindings {
                codes.retain(|&found| found == code.id());
            }
            if codes.is_empty() || codes.iter().any(|&found| found != code.id()) {
                let id = code.id();
                faults.push(format!("{id}: wrong example {} gives {codes:?}, not {id} alone", index + 1));
            }
        }
        for (index, example) in page.right.iter().enumerate() {
            for diagnostic in judge(example) {
                let (id, said) = (diagnostic.code.id(), diagnostic.message);
                faults.push(format!("{}: right example {} gives {id}: {said}", code.id(), index + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_have_their_parts() {
    let mut faults = Vec::new();
    for &code in Code::ALL {
        let (id, meta) = (code.id(), code.meta());
        let title = format!("# {id} {}", meta.name);
        let mut parts = meta.page.split("\n## ");
        let (first, what) = parts.next().and_then(|part| part.split_once('\n')).unwrap_or_default();
        if first != title {
            faults.push(format!("{id}: the page starts with `{title}`"));
        }
        if what.trim().is_empty() {
            faults.push(format!("{id}: the page says under its title what the rule finds"));
        }
        if meta.summary.is_empty() {
            faults.push(format!("{id}: the rule has a `summary`"));
        }
        let parts: Vec<_> = parts.map(|part| part.split_once('\n').unwrap_or((part, ""))).collect();
        for heading in ["Why", "Wrong", "Right", "Source"] {
            if !parts.iter().any(|(there, text)| *there == heading && !text.trim().is_empty()) {
                faults.push(format!("{id}: the page has something under `## {heading}`"));
            }
        }
        let page = Page::parse(meta.page);
        if page.wrong.is_empty() || page.right.is_empty() {
            faults.push(format!("{id}: the page has examples, wrong and right"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn words_keep_the_house_style() {
    for &code in Code::ALL {
        let page = Page::parse(code.meta().page);
        for diagnostic in page.wrong.iter().flat_map(|example| judge(example)) {
            for text in [&diagnostic.message, &diagnostic.help].into_iter().filter(|text| !text.is_empty()) {
                let first = text.chars().next().expect("not empty");
                let name = text.split(' ').next().is_some_and(|word| {
                    word.chars().skip(1).any(|char| char.is_uppercase() || char.is_ascii_digit())
                });
                assert!(!first.is_uppercase() || name, "{}: lower-case start: {text}", code.id());
                assert!(!text.ends_with('.'), "{}: no full stop: {text}", code.id());
                assert!(!text.contains("Some(") && !text.contains("::<"), "{}: no Rust: {text}", code.id());
                assert_eq!(text.matches('`').count() % 2, 0, "{}: backticks pair up: {text}", code.id());
            }
        }
    }
}

#[test]
fn fixes_mend() {
    let options = CheckOptions { now: Some(NOW.parse_time()), ..CheckOptions::default() };
    for &code in Code::ALL {
        let page = Page::parse(code.meta().page);
        let examples = page.wrong.iter().filter(|example| example.len() == 1).flatten();
        let mut fixes = 0;
        for document in examples.map(Example::document) {
            let report = check(&document, &options);
            for diagnostic in &report.diagnostics {
                let Some(fix) = &diagnostic.fix else { continue };
                fixes += 1;
                let fixed = jitgate_core::diagnostic::fix::apply(&report.text, std::iter::once(fix));
                let after = check(fixed.text.as_bytes(), &options);
                let count = |diagnostics: &[Diagnostic]| {
                    diagnostics.iter().filter(|diagnostic| diagnostic.code == code).count()
                };
                assert!(
                    count(&after.diagnostics) < count(&report.diagnostics),
                    "{}: its fix leaves it standing:\n{}",
                    code.id(),
                    fixed.text
                );
                let worse = after.diagnostics.iter().filter(|after| after.severity == Severity::Error);
                assert!(
                    !fix.safe || worse.clone().all(|after| after.code == code),
                    "{}: its safe fix makes an error: {:?}",
                    code.id(),
                    worse.map(|after| &after.message).collect::<Vec<_>>()
                );
            }
        }
        assert_eq!(
            fixes > 0,
            code.meta().fixable,
            "{}: `fixable` says what its wrong examples show",
            code.id()
        );
    }
}
