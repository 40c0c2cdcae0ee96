//! What just-in-time access does to a network: the rules that it writes, and exactly what may reach each machine
//! before, at rest, while requests are open, and after.
//!
//! A network is [loaded](load) once. [`preview`] answers for policies and requests; [`Watch`] is the network under
//! them at any instant, to be asked for single packets; [`diff`] compares two versions of policies or networks.

mod answer;
mod diff;
mod documents;
mod draft;
mod drift;
mod ec2;
mod exposure;
mod facts;
mod firewall;
mod fleet;
mod load;
mod names;
mod network_diff;
mod nsg;
mod policy_diff;
mod priority;
mod residual;
mod rules;
mod run;
mod scene;
mod show;
mod site;
mod strip;
mod target;
mod text;
mod time;
mod watch;
mod world;

use core::net::IpAddr;

use crate::model::Timestamp;

pub use answer::{
    Closing, DocumentReport, Interval, MachinePreview, Preview, Residual, ResourceText, Role, RuleChange,
    RuleChanges, RuleMove, States,
};
pub use diff::{Diff, ReachableChange, diff};
pub use exposure::{Exposure, ExposureFact, RuleName};
pub use fleet::{Activity, Exposed, Fleet, Granted, MachineExposure, Opened, Standing};
pub use load::{Loaded, load};
pub use policy_diff::OpenableChange;
pub use run::preview;
pub use text::RuleText;
pub use time::{LiveGrant, Origin};
pub use watch::Watch;

/// What happens to rules that are there already and would let protected ports in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// JIT's denies go above them; they move where that is needed.
    #[default]
    Enforce,
    /// They stay, as the service's documentation has it, and go before JIT's denies.
    Document,
}

impl Mode {
    /// The word on the wire: `enforce` or `document`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Document => "document",
        }
    }

    /// The mode of that word, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Enforce, Self::Document].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// What a preview depends on beside the documents.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The present: where the windows of new requests start.
    pub now: Timestamp,
    /// What happens to existing rules.
    pub mode: Mode,
    /// The instant that `open` is about; the present where it is none.
    pub at: Option<Timestamp>,
    /// Where the caller comes from, which is the source of a request that names none.
    pub caller_address: Option<IpAddr>,
}

impl Options {
    /// At that time, with nothing out of the ordinary.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, mode: Mode::Enforce, at: None, caller_address: None }
    }
}
