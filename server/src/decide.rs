//! `jitgate decide`: would this policy grant this request?

use jitgate_core::decide::{Context, Decision, Subject, decide};
use jitgate_core::json::Source;
use jitgate_core::{Code, wire};

use crate::args::{Decide, Format, clock};
use crate::format::{Finding, decision, github, sarif};
use crate::input::Input;
use crate::outcome::{Outcome, Text};

/// Decides the request.
pub fn run(args: &Decide) -> Outcome {
    if args.policy == args.request {
        return Outcome::failure(
            "the policy and the request are the same file; name one with `--policy` and the other with `--request`",
        );
    }
    let Some(now) = args.now.or_else(clock) else {
        return Outcome::failure("the clock's time is none that can be written; give one with `--now`");
    };
    let (policy, request) = match (Input::read(&args.policy), Input::read(&args.request)) {
        (Ok(policy), Ok(request)) => (policy, request),
        (policy, request) => {
            let mut outcome = Outcome::default();
            [policy, request].into_iter().filter_map(Result::err).for_each(|problem| outcome.fail(problem));
            return outcome;
        }
    };
    let context = Context { now, caller_address: args.from };
    let decision = decide(&policy.bytes, &request.bytes, &context);
    let mut outcome = Outcome::default();
    outcome.found = !decision.is_granted();
    let texts = (Source::decode(&policy.bytes).text, Source::decode(&request.bytes).text);
    let findings: Vec<Finding> = reasons(&decision, (&policy.name, &texts.0), (&request.name, &texts.1));
    if decision.reasons.iter().any(|reason| reason.diagnostic.code == Code::CallerAddressUnknown) {
        outcome.note("hint: tell the caller's address with `--from`");
    }
    outcome.out = match args.format {
        Format::Text => Text::Styled(decision::text(&decision, &findings)),
        Format::Json => Text::Exact(format!("{}\n", wire::decision(&decision)).into_bytes()),
        Format::Sarif => Text::Exact(sarif::log(findings, &[], &mut outcome)),
        Format::Github => Text::Exact(github::annotations(findings.into_iter())),
    };
    outcome
}

/// Every reason with the document that it is about: its name and its text.
fn reasons<'a>(
    decision: &'a Decision,
    policy: (&'a str, &'a str),
    request: (&'a str, &'a str),
) -> Vec<Finding<'a>> {
    let finding = |reason: &'a jitgate_core::decide::Reason| {
        let (file, text) = match reason.document {
            Subject::Policy => policy,
            Subject::Request => request,
        };
        Finding { file, text, diagnostic: &reason.diagnostic }
    };
    decision.reasons.iter().map(finding).collect()
}
