//! The command line: which command, with which options.

mod access;
mod convert;
mod import;
mod network;
mod serve;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use jitgate_core::{CheckOptions, Kind, Severity, Timestamp};

pub use access::{Listing, Role, RoleAssign, RoleCreate, Token, TokenCreate};
pub use convert::Convert;
pub use import::Import;
pub use network::{Diff, FlowProtocol, Preview, Reach};
pub use serve::{Audit, Backup, LogFormat, Serve};

/// Check, decide and preview just-in-time VM access: policies, requests, and what they open on a network
#[derive(Debug, Parser)]
#[command(name = "jitgate", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,

    /// Colour the text
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  clean, granted, answered, converted, or nothing new becomes possible
  1  findings of at least the severity of --fail-on, refused, not to be converted, or something new
     becomes possible
  2  could not run: a file cannot be read, the arguments are wrong";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say everything that is wrong with documents
    Check(Check),
    /// Say whether a policy grants a request, and if not, which request it would grant
    Decide(Decide),
    /// Write policies and requests as code: PowerShell, az, REST, ARM, Bicep, Terraform, JSON
    Convert(Convert),
    /// Say what policies and requests open and close on a network, and what stays open in spite of them
    Preview(Preview),
    /// Say what becomes possible and impossible from one version of a policy or a network to the next
    Diff(Diff),
    /// Say whether an address can reach a machine's port, and which rules decide it
    Reach(Reach),
    /// Show a rule's page
    Explain(Explain),
    /// List all rules
    Rules(Rules),
    /// Take exports of the network into the data, and say what was read
    Import(Import),
    /// Serve the API and the portal
    Serve(Box<Serve>),
    /// Look into the ledger: verify it, export it, show a past state
    #[command(subcommand)]
    Audit(Audit),
    /// Make, list and revoke bearer tokens, also while a server is running
    #[command(subcommand)]
    Token(Box<Token>),
    /// Define and assign roles, also while a server is running
    #[command(subcommand)]
    Role(Box<Role>),
    /// Copy the data to a file, also while a server is running
    Backup(Backup),
}

/// The options of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The documents; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// What the documents are [default: told by their shape]
    #[arg(long, value_parser = kind_parser())]
    pub kind: Option<Kind>,

    /// The present, as in `2026-01-15T12:00:00Z` [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,

    /// How to print what is found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Exit with 1 when something at least this grave is found
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    pub fail_on: FailOn,

    /// Apply the safe fixes to the files, then report what is left; with `-`, print the fixed text
    #[arg(long)]
    pub fix: bool,
}

/// The options of `decide`.
#[derive(Debug, clap::Args)]
pub struct Decide {
    /// The policy, or the list of policies; `-` is the standard input
    #[arg(long, value_name = "FILE")]
    pub policy: PathBuf,

    /// The request: the body of an `initiate` call; `-` is the standard input
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,

    /// The present, as in `2026-01-15T12:00:00Z` [default: the clock's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,

    /// The caller's address: the source of a request that names none
    #[arg(long, value_name = "ADDRESS")]
    pub from: Option<IpAddr>,

    /// How to print the decision
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// The options of `explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The rule's code or name: `JIT201` or `port-out-of-range`
    pub code: String,

    /// How to print the rule
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// The options of `rules`.
#[derive(Debug, clap::Args)]
pub struct Rules {
    /// How to print the rules
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people: each finding with its line of the document
    #[default]
    Text,
    /// For programs: all of it
    Json,
    /// SARIF 2.1.0, for GitHub code scanning and editors
    Sarif,
    /// Annotations of a GitHub Actions job
    Github,
}

/// How rules are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum PageFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// From which severity on findings fail.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum FailOn {
    /// What the service would refuse
    #[default]
    Error,
    /// That, and what opens more than it should
    Security,
    /// That, and what is surely not meant
    Warning,
    /// Anything at all
    Info,
    /// Nothing: exit with 0 whatever is found
    Never,
}

impl FailOn {
    /// The least severity that fails.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Security => Some(Severity::Security),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

impl Check {
    /// What the core is told beside the document.
    pub fn options(&self) -> CheckOptions {
        CheckOptions { kind: self.kind, now: self.now.or_else(clock) }
    }
}

/// The clock's time; none where the clock is beyond what can be written as a date.
pub fn clock() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Timestamp::from_unix(i64::try_from(since.as_secs()).ok()?, since.subsec_nanos())
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))
        .map(|name| Kind::from_name(&name).unwrap_or_default())
}

fn parse_time(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(text).ok_or("write it in RFC 3339 with its zone, as in `2026-01-15T12:00:00Z`")
}
