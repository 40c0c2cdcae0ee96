//! What just-in-time access does to a network: the rules that it writes, and exactly what may reach each machine
//! before, at rest, while requests are open, and after.
//!
//! A network is [loaded](load()) once. [`preview`] answers for policies and requests; [`Watch`] is the network under
//! them at any instant, to be asked for single packets; [`diff()`] compares two versions of policies or networks.

mod answer;
mod beside;
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
mod told;
mod watch;
mod world;

use core::net::IpAddr;

use crate::model::Timestamp;

pub use answer::{
    Closing, DocumentReport, Interval, Left, MachinePreview, Preview, Residual, ResourceText, Role,
    RuleChange, RuleChanges, RuleMove, Sharing, States,
};
pub use diff::{Diff, ReachableChange, diff};
pub use exposure::{Exposure, ExposureFact, Other, RuleName};
pub(crate) use facts::ANY;
pub use fleet::{Activity, Exposed, Fleet, Granted, MachineExposure, Opened, Standing};
pub use load::{Loaded, load};
pub use policy_diff::OpenableChange;
pub use run::preview;
pub(crate) use run::{Proposal, preview_among};
pub use target::is_instance_id;
pub use text::RuleText;
pub use time::{LiveGrant, Origin};
pub use told::Side;
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

/// Which machines without a resource id of their own a policy names by the last part of an id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// EC2 instances and classic machines, by their ids and names.
    #[default]
    Any,
    /// EC2 instances alone, by their ids: [`is_instance_id`]. So it can be told from the policy by itself that it means
    /// one.
    Instances,
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
    /// Which machines are found by a name.
    pub names: Names,
}

impl Options {
    /// At that time, with nothing out of the ordinary.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, mode: Mode::Enforce, at: None, caller_address: None, names: Names::Any }
    }
}
