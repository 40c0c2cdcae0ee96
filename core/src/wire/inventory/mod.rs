//! The resources of a network as Azure's REST API has them: what `Microsoft.Compute` and `Microsoft.Network` answer
//! to a GET. Rules are those of the [`Engine`], so that an engine at an instant shows JIT's rules of that instant.
//!
//! What is not known is left out, never `null`. Read back, the resources make the same network: so a list of which nothing is
//! known is not there, and where some of it is not known, an empty element stands for that.

mod address;
#[cfg(feature = "details")]
mod details;
#[cfg(not(feature = "details"))]
#[path = "no_details.rs"]
mod details;
mod ec2;
mod firewall;
mod interface;
mod kind;
mod links;
mod machine;
mod nsg;
mod outline;
mod part;
mod rule;
mod vnet;

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::network::{Engine, Missing, Network, Ref};

pub use details::Details;
pub use ec2::SecurityGroupJson;
pub use kind::ArmKind;
pub use links::Links;
pub use outline::Outline;
pub use part::{ArmPart, Parts};

/// A network to show: its rules as they stand, and who refers to whom.
#[derive(Clone, Copy, Debug)]
pub struct Inventory<'e> {
    engine: &'e Engine,
    links: &'e Links,
    details: Option<&'e Details>,
    /// Machines have an `instanceView`, for whoever asks for it.
    expanded: bool,
}

impl<'e> Inventory<'e> {
    /// `links` are those of the engine's network; they stay the same whatever becomes of its rules.
    pub fn new(engine: &'e Engine, links: &'e Links) -> Self {
        Self { engine, links, details: None, expanded: false }
    }

    /// With what else was imported of that network's resources.
    #[must_use]
    pub fn detailed(self, details: &'e Details) -> Self {
        Self { details: Some(details), ..self }
    }

    /// With an `instanceView` in each machine: clients that ask for one fail where there is none.
    #[must_use]
    pub fn expanded(self, expanded: bool) -> Self {
        Self { expanded, ..self }
    }

    /// What is told of how a machine does, whichever it is.
    pub fn instance_view() -> String {
        machine::instance_view()
    }

    /// True where such a member comes with the details of a resource.
    fn has(&self, kind: ArmKind, at: usize, name: &str) -> bool {
        self.details.is_some_and(|details| details.has(kind, at, name))
    }

    fn network(&self) -> &'e Network {
        self.engine.network()
    }

    /// The resource at that place of its list, as JSON:
    /// `{"id", "name", "type", "location"?, "sku"?, "properties"}` and details; none beyond the end of the list, and for
    /// what only stands in for a resource that was not given.
    pub fn resource(&self, kind: ArmKind, at: usize) -> Option<String> {
        let text = match kind {
            ArmKind::VirtualMachine | ArmKind::ClassicVirtualMachine => {
                super::json(&machine::machine(self, kind, at, self.expanded)?)
            }
            ArmKind::NetworkInterface => super::json(&interface::interface(self, at)?),
            ArmKind::NetworkSecurityGroup => super::json(&nsg::nsg(self, at)?),
            ArmKind::VirtualNetwork => super::json(&vnet::vnet(self, at)?),
            ArmKind::PublicIpAddress => super::json(&address::public_ip(self, at)?),
            ArmKind::ApplicationSecurityGroup => super::json(&address::asg(self, at)?),
            ArmKind::RouteTable => super::json(&address::route_table(self, at)?),
            ArmKind::AzureFirewall => super::json(&firewall::firewall(self, at)?),
        };
        Some(match self.details {
            Some(details) => details.add(kind, at, text),
            None => text,
        })
    }

    /// An EC2 security group as `describe-security-groups` has it, with what JIT took away and, behind those that were
    /// given, what it added.
    pub fn security_group(&self, at: usize) -> Option<String> {
        SecurityGroupJson::new(self.engine, at).map(|group| super::json(&group))
    }
}

/// A resource's outer members.
#[derive(Serialize)]
struct Resource<'a, P> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<Sku>,
    properties: P,
}

#[derive(Serialize)]
struct Sku {
    name: &'static str,
}

/// A part of a resource that has an id of its own.
#[derive(Default, Serialize)]
struct Child<P> {
    /// Empty where its name is not known: clients fail where there is none.
    id: String,
    name: String,
    #[serde(rename = "type", skip_serializing_if = "str::is_empty")]
    kind: &'static str,
    properties: P,
}

/// A list that is told: none where nothing is known of what it has. Of what was lost among others a place is left: a list
/// without it would be taken for all that there is.
fn told<T: Default>(mut known: Vec<T>, lost: bool) -> Option<Vec<T>> {
    if lost {
        if known.is_empty() {
            return None;
        }
        known.push(T::default());
    }
    Some(known)
}

/// `{"id": "…"}`; empty where something is referred to of which no id is known.
#[derive(Serialize)]
struct IdJson<'a> {
    id: &'a str,
}

/// What is referred to, given or not.
fn reference<'n, T>(of: &'n Ref<T>, list: &'n [T], id: impl Fn(&'n T) -> &'n String) -> Option<IdJson<'n>> {
    let id = match of {
        Ref::None => return None,
        Ref::Given(index) => id(list.get(index.get())?),
        Ref::Missing(Missing { id, .. }) => id,
    };
    is_id(id).then_some(IdJson { id })
}

/// The same where none at all would be taken for a reference to nothing.
fn reference_or_lost<'n, T>(
    of: &'n Ref<T>,
    list: &'n [T],
    id: impl Fn(&'n T) -> &'n String,
) -> Option<IdJson<'n>> {
    match of {
        Ref::None => None,
        of => Some(reference(of, list, id).unwrap_or(IdJson { id: "" })),
    }
}

/// False for what stands in the place of an id: an expression, the name of a member that is made along with a machine,
/// the name of a type where PowerShell cut off what it was.
fn is_id(text: &str) -> bool {
    text.starts_with('/')
}

/// `{whole}/{list}/{name}`; empty for what has no name.
fn child_id(whole: &str, list: &str, name: &str) -> String {
    if name.is_empty() { String::new() } else { [whole, list, name].join("/") }
}

fn references<'n, T>(
    all: &'n [Ref<T>],
    list: &'n [T],
    id: impl Fn(&'n T) -> &'n String + Copy,
) -> Vec<IdJson<'n>> {
    all.iter().filter_map(|of| reference_or_lost(of, list, id)).collect()
}
