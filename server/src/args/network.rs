//! The options of the commands that look at a network: `preview`, `diff`, `reach`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::ValueEnum;
use jitgate_core::{Timestamp, preview};

use super::{FailOn, Format, PageFormat, parse_time};

/// The options of `preview`.
#[derive(Debug, clap::Args)]
pub struct Preview {
    /// The policy, or the list of policies; `-` is the standard input
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub policy: Vec<PathBuf>,

    /// What is known of the network: exports of machines, NICs, NSGs, virtual networks, firewalls, …
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub network: Vec<PathBuf>,

    /// Requests: bodies of `initiate` calls, decided at `--now`
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub requests: Vec<PathBuf>,

    /// The present, as in `2026-01-15T12:00:00Z` [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,

    /// The instant that `open` is about [default: --now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub at: Option<Timestamp>,

    /// The caller's address: the source of a request that names none
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<IpAddr>,

    /// Where just-in-time rules go among the rules that are there
    #[arg(long, value_enum, default_value_t)]
    pub mode: Mode,

    /// How to print the preview
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Exit with 1 when something at least this grave is found
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    pub fail_on: FailOn,
}

/// The options of `diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The policy or the NSGs as they were; `-` is the standard input
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,

    /// The same as they will be; `-` is the standard input
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,

    /// The rest of the network, where the documents hold rules of NSGs
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub network: Vec<PathBuf>,

    /// How to print the difference
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// The options of `reach`.
#[derive(Debug, clap::Args)]
pub struct Reach {
    /// What is known of the network: exports of machines, NICs, NSGs, virtual networks, firewalls, …
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub network: Vec<PathBuf>,

    /// Policies that are in force; without one the network is taken as it is
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub policy: Vec<PathBuf>,

    /// Requests: bodies of `initiate` calls and requests as the service stores them
    #[arg(long, num_args = 1.., value_name = "FILE", requires = "policy")]
    pub requests: Vec<PathBuf>,

    /// The present, as in `2026-01-15T12:00:00Z` [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,

    /// The caller's address: the source of a request that names none
    #[arg(long, value_name = "ADDRESS")]
    pub caller: Option<IpAddr>,

    /// The machine: its name or its resource id
    #[arg(long, value_name = "NAME|ID", required_unless_present = "flows")]
    pub machine: Option<String>,

    /// The address that asks
    #[arg(long, value_name = "ADDRESS", required_unless_present = "flows")]
    pub from: Option<IpAddr>,

    /// The port that it asks for; not for ICMP
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,

    /// The protocol
    #[arg(long, value_enum, default_value_t)]
    pub protocol: FlowProtocol,

    /// The port that it asks from [default: any above 49151]
    #[arg(long, value_name = "PORT")]
    pub source_port: Option<u16>,

    /// The address that it asks, of several [default: any of the machine's]
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<IpAddr>,

    /// Answer every line of this file instead, as `{"machine","from","port",…}`; `-` is the standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["machine", "from", "port", "to", "source_port"])]
    pub flows: Option<PathBuf>,

    /// How to print the answer; answers to `--flows` are always JSON, a line each
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// Where just-in-time rules go.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Mode {
    /// Above the rules that would let traffic in, which are moved where there is no room
    #[default]
    Enforce,
    /// Below: the rules that are there are left alone, and keep their effect
    Document,
}

impl From<Mode> for preview::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Enforce => Self::Enforce,
            Mode::Document => Self::Document,
        }
    }
}

/// A protocol on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FlowProtocol {
    /// TCP
    #[default]
    Tcp,
    /// UDP
    Udp,
    /// ICMP of the addresses' family
    Icmp,
}
