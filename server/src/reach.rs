//! `jitgate reach`: could this address reach this machine and port, and what decides it?

use std::net::IpAddr;

use jitgate_core::network::{Engine, Flow, NotFound};
use jitgate_core::preview::{self, Options, Watch};
use jitgate_core::{CheckOptions, Diagnostic, Severity, Timestamp, check, wire};

use crate::args::{FlowProtocol, PageFormat, Reach, clock};
use crate::documents::{bytes, is_foreign, read};
use crate::flows;
use crate::format::reach as text;
use crate::format::text::plural;
use crate::input::Input;
use crate::outcome::{Outcome, Text};

/// Answers one question, or a file of them.
pub fn run(args: &Reach) -> Outcome {
    let Some(now) = args.now.or_else(clock) else {
        return Outcome::failure("the clock's time is none that can be written; give one with `--now`");
    };
    let flows: &[_] = args.flows.as_slice();
    let is_stdin = |file: &std::path::PathBuf| file.as_os_str() == "-";
    if flows.iter().any(is_stdin)
        && [&args.network, &args.policy, &args.requests].into_iter().flatten().any(is_stdin)
    {
        return Outcome::failure("`-` stands twice, and there is only one standard input; name it once");
    }
    let [network, policies, requests] = match read([&args.network, &args.policy, &args.requests]) {
        Ok(inputs) => inputs,
        Err(outcome) => return outcome,
    };
    let mut notes = Outcome::default();
    [&network, &policies, &requests]
        .into_iter()
        .flatten()
        .for_each(|input| note_errors(input, now, &mut notes));
    if let Some(input) =
        network.iter().find(|input| is_foreign(input, check(&input.bytes, &CheckOptions::default()).kind))
    {
        return Outcome::failure(format!("`{}` is no part of a network", input.name));
    }
    let loaded = preview::load(&bytes(&network), Some(now));
    let options = Options { caller_address: args.caller, ..Options::at(now) };
    let watch = Watch::new(&loaded, &bytes(&policies), &bytes(&requests), &options);
    let mut outcome = match (&args.flows, &args.machine, args.from) {
        (Some(file), ..) => flows::run(file, &watch, now),
        (None, Some(machine), Some(from)) => {
            let engine = watch.at(now);
            let question = Question {
                machine,
                from,
                port: args.port,
                protocol: args.protocol,
                source_port: args.source_port,
                to: args.to,
            };
            match question.flow(engine) {
                Ok(flow) => {
                    let answer = engine.reach(&flow);
                    Outcome::of(match args.format {
                        PageFormat::Text => Text::Styled(text::text(engine, &answer)),
                        PageFormat::Json => {
                            Text::Exact(format!("{}\n", wire::reach(engine, &answer)).into_bytes())
                        }
                    })
                }
                Err(problem) => Outcome::failure(problem),
            }
        }
        // The arguments' own rules ask for a machine and an address where there are no flows.
        (None, ..) => Outcome::failure("say which machine with `--machine`, and from where with `--from`"),
    };
    outcome.notes.insert_str(0, &notes.notes);
    outcome
}

/// So many errors of a file are told one by one.
const MOST_ERRORS: usize = 8;

/// What cannot be read is answered with bounds, or protects nothing: whoever asks should know, and where to look.
fn note_errors(input: &Input, now: Timestamp, outcome: &mut Outcome) {
    let report = check(&input.bytes, &CheckOptions { kind: None, now: Some(now) });
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let errors: Vec<&Diagnostic> = report.diagnostics.iter().filter(is_error).collect();
    for error in errors.iter().take(MOST_ERRORS) {
        let (file, start) = (&input.name, error.range.start);
        let place = format!("{file}:{}:{}", start.line, start.column);
        outcome.note(format!("{place}: error[{}]: {}", error.code.id(), error.message));
    }
    if !errors.is_empty() {
        let count = plural(errors.len(), ("error", "errors"));
        let more = if errors.len() > MOST_ERRORS { "; `jitgate check` tells all of them" } else { "" };
        outcome.note(format!("warning: {count} in {}{more}", input.name));
    }
}

/// A question in words.
#[derive(Debug)]
pub struct Question<'a> {
    pub machine: &'a str,
    pub from: IpAddr,
    pub port: Option<u16>,
    pub protocol: FlowProtocol,
    pub source_port: Option<u16>,
    pub to: Option<IpAddr>,
}

impl Question<'_> {
    /// The same for an engine, or what is wrong with it.
    pub fn flow(&self, engine: &Engine) -> Result<Flow, String> {
        let machine = engine.find(self.machine).map_err(|not_found| match not_found {
            NotFound::Unknown => {
                format!("no machine of the network has the name or id `{}`", self.machine)
            }
            NotFound::Ambiguous => {
                format!("several machines have the name `{}`: tell its resource id", self.machine)
            }
        })?;
        let protocol = match (self.protocol, self.from.to_canonical()) {
            (FlowProtocol::Tcp, _) => 6,
            (FlowProtocol::Udp, _) => 17,
            (FlowProtocol::Icmp, IpAddr::V4(_)) => 1,
            (FlowProtocol::Icmp, IpAddr::V6(_)) => 58,
        };
        let port = match (self.port, self.protocol) {
            (Some(port), _) => port,
            (None, FlowProtocol::Icmp) => 0,
            (None, _) => return Err("TCP and UDP need a port: say which".to_string()),
        };
        let Self { from, source_port, to, .. } = *self;
        // As hosts with both families log addresses of IPv4.
        let (from, to) = (from.to_canonical(), to.map(|to| to.to_canonical()));
        Ok(Flow { machine, from, port, protocol, source_port, to })
    }
}
