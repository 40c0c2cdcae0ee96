//! `jitgate preview`: what do these policies and requests do to this network?

use jitgate_core::json::Source;
use jitgate_core::preview::{self, Options, Preview, Role};
use jitgate_core::{Severity, wire};

use crate::args::{self, Format, clock};
use crate::documents::{bytes, read};
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
    let mut outcome = Outcome::default();
    outcome.found = fails(&preview, args.fail_on.severity());
    outcome.out = match args.format {
        Format::Text => Text::Styled(text::text(&preview, &findings)),
        Format::Json => Text::Exact(format!("{}\n", wire::preview(&preview)).into_bytes()),
        Format::Sarif => Text::Exact(sarif::log(findings, &[], &mut outcome)),
        Format::Github => Text::Exact(github::annotations(findings.into_iter())),
    };
    outcome
}

/// True when something was found that is grave enough.
fn fails(preview: &Preview, least: Option<Severity>) -> bool {
    let diagnostics = preview.reports.iter().flat_map(|report| &report.diagnostics);
    let worst = diagnostics.map(|diagnostic| diagnostic.severity).max();
    least.is_some_and(|least| worst >= Some(least))
}
