//! The options of `import`.

use std::path::PathBuf;

use super::{FailOn, Format};

/// The options of `import`.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The data folder, made if it is missing
    #[arg(long, value_name = "DIR", default_value = "jitgate-data")]
    pub data: PathBuf,

    /// Keep what was imported before, but for files of the same names
    #[arg(long)]
    pub add: bool,

    /// Exports of machines, NICs, NSGs, virtual networks, firewalls, EC2 instances, …
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// How to print what was read
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Exit with 1 when something at least this grave is found; the files are imported all the same
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    pub fail_on: FailOn,
}
