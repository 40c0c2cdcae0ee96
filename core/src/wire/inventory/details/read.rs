//! Reads details where the resources of a network stand.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use hashbrown::{HashMap, HashSet};

use super::super::ArmKind;
use super::table::{INNER, OUTER, Type, inner};
use super::texts::Collected;
use super::value::{is_lost, with_system, write};
use super::{Details, Own, Tags};
use crate::json::{NodeId, NodeKind, Tape};
use crate::network::{Cloud, Network, Os, Place};

impl Details {
    /// Those of a network's resources, which stand in these files.
    pub fn read(files: &[&Tape], network: &Network) -> Self {
        let mut reader =
            Reader { files, details: Self::default(), texts: Collected::default(), tags: HashMap::new() };
        macro_rules! each {
            ($($kind:ident $list:ident;)*) => {$({
                let own = network.$list.iter().map(|one| reader.own(ArmKind::$kind, one.place)).collect();
                reader.details.of.insert(ArmKind::$kind, own);
            })*};
        }
        each! {
            NetworkInterface nics;
            NetworkSecurityGroup nsgs;
            PublicIpAddress public_ips;
            VirtualNetwork vnets;
            AzureFirewall firewalls;
            ApplicationSecurityGroup asgs;
            RouteTable route_tables;
        }
        let machines = network.machines.iter().map(|machine| match machine.cloud {
            Cloud::Ec2 => Own::default(),
            Cloud::Azure | Cloud::AzureClassic => reader.machine(machine.place, machine.os),
        });
        let machines = machines.collect();
        let Reader { mut details, texts, .. } = reader;
        details.of.insert(ArmKind::VirtualMachine, machines);
        details.texts = texts.done();
        details
    }
}

struct Reader<'a, 't> {
    files: &'a [&'a Tape<'t>],
    details: Details,
    texts: Collected,
    tags: HashMap<Arc<Tags>, u32>,
}

impl Reader<'_, '_> {
    fn own(&mut self, kind: ArmKind, place: Place) -> Own {
        self.resource(kind, place, |_, text| text)
    }

    fn machine(&mut self, place: Place, os: Option<Os>) -> Own {
        self.resource(ArmKind::VirtualMachine, place, |name, text| match os {
            Some(os) if name == "storageProfile" => with_system(text, os),
            _ => text,
        })
    }

    /// What is told of the resource at that place; `with` has the last word on a member's JSON.
    fn resource(&mut self, kind: ArmKind, place: Place, with: impl Fn(&str, String) -> String) -> Own {
        let Some(tape) = usize::try_from(place.file).ok().and_then(|file| self.files.get(file)).copied()
        else {
            return Own::default();
        };
        let all = members(tape, place.node);
        let find = |name: &str| {
            let named = |(key, _): &&(String, NodeId)| key.eq_ignore_ascii_case(name);
            all.iter().find(named).map(|(_, value)| *value)
        };
        let mut collect = |names: &mut dyn Iterator<Item = &(&'static str, Type)>| {
            let told = names.filter_map(|(name, of)| {
                let value = find(name).filter(|value| of.fits(tape, *value) && !is_lost(tape, *value))?;
                let mut json = String::new();
                write(tape, value, &mut json);
                let json = with(name, json);
                // All that it had was left out.
                if json == "{}" { None } else { self.texts.keep(&format!("\"{name}\":{json}")) }
            });
            told.collect::<Box<[u32]>>()
        };
        let sku = (kind == ArmKind::PublicIpAddress).then_some(("sku", Type::Object));
        let outer = collect(&mut OUTER.iter().chain(&sku));
        let inner = collect(&mut INNER.iter().chain(inner(kind)));
        // PowerShell's name for the tags of what is in a network is `Tag`.
        let tags = find("tags").or_else(|| find("tag")).map(|tags| tags_of(tape, tags));
        let tags = tags.filter(|tags| !tags.is_empty()).and_then(|tags| self.keep_tags(tags));
        Own { tags, outer, inner }
    }

    fn keep_tags(&mut self, tags: Tags) -> Option<u32> {
        if let Some(at) = self.tags.get(&tags) {
            return Some(*at);
        }
        let (tags, at) = (Arc::new(tags), u32::try_from(self.details.tags.len()).ok()?);
        self.details.tags.push(tags.clone());
        self.tags.insert(tags, at);
        Some(at)
    }
}

/// The members of a resource, and behind them those of its `properties`; `null` is as good as nothing.
fn members(tape: &Tape, node: NodeId) -> Vec<(String, NodeId)> {
    let of = |node: NodeId| {
        let told = tape.members(node).filter(move |member| tape.kind(member.value) != NodeKind::Null);
        told.map(move |member| (tape.string(member.key).unwrap_or_default().into_owned(), member.value))
    };
    let mut all: Vec<(String, NodeId)> = of(node).collect();
    let properties =
        all.iter().find(|(name, _)| name.eq_ignore_ascii_case("properties")).map(|(_, node)| *node);
    all.extend(properties.into_iter().flat_map(of));
    all
}

/// Names, of which those that differ in case alone are one, and values.
fn tags_of(tape: &Tape, tags: NodeId) -> Tags {
    let (mut all, mut known) = (Tags::new(), HashSet::new());
    for member in tape.members(tags) {
        let (name, value) = (tape.string(member.key).unwrap_or_default(), tape.string(member.value));
        if known.insert(name.to_ascii_lowercase()) {
            all.push((name.into_owned(), value.unwrap_or_default().into_owned()));
        }
    }
    all
}
