//! `jitgate reach`: could this address reach this machine and port, and what decides it?

use std::net::IpAddr;

use jitgate_core::network::{Engine, Flow, NotFound};
use jitgate_core::preview::{self, Options, Watch};
use jitgate_core::wire;

use crate::args::{FlowProtocol, PageFormat, Reach, clock};
use crate::documents::{bytes, read};
use crate::flows;
use crate::format::reach as text;
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
    let loaded = preview::load(&bytes(&network), Some(now));
    let options = Options { caller_address: args.caller, ..Options::at(now) };
    let watch = Watch::new(&loaded, &bytes(&policies), &bytes(&requests), &options);
    match (&args.flows, &args.machine, args.from) {
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
        let protocol = match (self.protocol, self.from) {
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
        Ok(Flow { machine, from, port, protocol, source_port, to })
    }
}
