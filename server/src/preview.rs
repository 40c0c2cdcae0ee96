//! `jitgate preview`: what do these policies and requests do to this network?

use jitgate_core::decide::Subject;
use jitgate_core::json::Source;
use jitgate_core::preview::{self, DocumentReport, Options, Preview, Role};
use jitgate_core::{Diagnostic, Kind, Severity, wire};

use crate::args::{self, Format, clock};
use crate::documents::{bytes, is_foreign, read};
use crate::format::{Finding, github, preview as text, sarif};
use crate::input::Input;
use crate::outcome::{Outcome, Text};

/// Previews.
pub fn run(args: &args::Preview) -> Outcome {
    let Some(now) = args.now.or_else(clock) else {
        return Outcome::failure("the clock's time is none that can be written; give one with `--now`");
    };
    let [policies, requests, network] = match read([&args.policy, &args.requests, &args.network]) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let options =
        Options { mode: args.mode.into(), at: args.at, caller_address: args.from, ..Options::at(now) };
    let loaded = preview::load(&bytes(&network), Some(now));
    let foreign = |report: &&DocumentReport| {
        let input = network.get(report.index);
        // What is of no kind has an error, which says so.
        report.kind != Kind::Unknown && input.is_some_and(|input| is_foreign(input, report.kind))
    };
    if let Some(input) = loaded.reports.iter().find(foreign).and_then(|report| network.get(report.index)) {
        return Outcome::failure(format!("`{}` is no part of a network", input.name));
    }
    let preview = preview::preview(&loaded, &bytes(&policies), &bytes(&requests), &options);
    let texts = |inputs: &[Input]| -> Vec<(String, String)> {
        let decoded = |input: &Input| (input.name.clone(), Source::decode(&input.bytes).text.into_owned());
        inputs.iter().map(decoded).collect()
    };
    let (policies, requests, network) = (texts(&policies), texts(&requests), texts(&network));
    let of = |role: Role| match role {
        Role::Policy => &policies,
        Role::Request => &requests,
        Role::Network => &network,
    };
    let mut findings = Vec::new();
    for report in &preview.reports {
        let Some((file, text)) = of(report.role).get(report.index) else { continue };
        findings.extend(report.diagnostics.iter().map(|diagnostic| Finding { file, text, diagnostic }));
    }
    let unused = unused(&preview, &policies);
    if !matches!(args.format, Format::Text) {
        findings.extend(refusals(&preview, &requests, &findings));
    }
    let mut outcome = Outcome::default();
    outcome.found = fails(&preview, args.fail_on.severity());
    outcome.out = match args.format {
        Format::Text => Text::Styled(text::text(&preview, &unused, &findings)),
        Format::Json => Text::Exact(format!("{}\n", wire::preview(&preview)).into_bytes()),
        Format::Sarif => Text::Exact(sarif::log(findings, &[], &mut outcome)),
        Format::Github => Text::Exact(github::annotations(findings.into_iter())),
    };
    outcome
}

/// The policies that protect nothing because the service would refuse them, and how many errors they have.
fn unused<'a>(preview: &Preview, policies: &'a [(String, String)]) -> Vec<(&'a str, usize)> {
    let refused = |diagnostic: &&Diagnostic| {
        diagnostic.severity == Severity::Error && !diagnostic.code.meta().contested
    };
    let reports = preview.reports.iter().filter(|report| report.role == Role::Policy);
    let counted = reports.filter_map(|report| {
        let (file, _) = policies.get(report.index)?;
        Some((file.as_str(), report.diagnostics.iter().filter(refused).count()))
    });
    counted.filter(|(_, errors)| *errors > 0).collect()
}

/// Why requests are refused, as far as it is not said already.
fn refusals<'a>(
    preview: &'a Preview,
    requests: &'a [(String, String)],
    said: &[Finding],
) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for (index, decision) in &preview.decisions {
        let Some((file, text)) = requests.get(*index) else { continue };
        let own = decision.reasons.iter().filter(|reason| reason.document == Subject::Request);
        let new = own.map(|reason| Finding { file, text, diagnostic: &reason.diagnostic });
        findings.extend(
            new.filter(|new| {
                !said.iter().any(|old| old.file == new.file && old.diagnostic == new.diagnostic)
            }),
        );
    }
    findings
}

/// True when something was found that is grave enough, as it is to be refused.
fn fails(preview: &Preview, least: Option<Severity>) -> bool {
    let diagnostics = preview.reports.iter().flat_map(|report| &report.diagnostics);
    let worst = diagnostics.map(|diagnostic| diagnostic.severity).max();
    let refused = preview.decisions.iter().any(|(_, decision)| !decision.is_granted());
    least.is_some_and(|least| worst >= Some(least) || refused)
}
