//! What is known of the network, read from the imported files: lists by type and place, and each resource by its id.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::network::{Engine, Network};
use crate::order;
use crate::preview::Loaded;
use crate::wire::inventory::{ArmKind, ArmPart, Details, Inventory, Links, Outline, Parts};

/// An inventory. It never changes; another import makes another one.
#[derive(Debug)]
pub struct View {
    network: Loaded,
    details: Details,
    links: Links,
    lists: BTreeMap<ArmKind, List>,
    places: BTreeMap<String, Subscription>,
}

/// A subscription that resources are in: its id as first spelt, and its resource groups by name in lower case.
#[derive(Debug, Default)]
struct Subscription {
    id: String,
    groups: BTreeMap<String, (String, String)>,
}

/// Resources by their ids in lower case, in order, with their places in the network.
#[derive(Debug, Default)]
pub struct List(Vec<(Box<str>, usize)>);

/// Where a list is of: a subscription, or a resource group of it.
#[derive(Clone, Copy, Debug)]
pub struct Within<'a> {
    /// The subscription's id.
    pub subscription: &'a str,
    /// The resource group's name.
    pub resource_group: Option<&'a str>,
}

impl Within<'_> {
    /// What the keys of all that is in it begin with.
    pub fn prefix(&self) -> String {
        let subscription = self.subscription.to_ascii_lowercase();
        match self.resource_group {
            Some(group) => {
                format!("/subscriptions/{subscription}/resourcegroups/{}/", group.to_ascii_lowercase())
            }
            None => format!("/subscriptions/{subscription}/"),
        }
    }
}

/// An id as lists have it.
pub fn key(id: &str) -> String {
    id.trim_end_matches('/').to_ascii_lowercase()
}

impl List {
    /// Of resources with their ids, in any order; of two with one id the first.
    pub fn new<'i>(ids: impl Iterator<Item = (usize, &'i str)>) -> Self {
        let mut list: Vec<(Box<str>, usize)> = ids.map(|(at, id)| (key(id).into(), at)).collect();
        order::sort_by(&mut list, Ord::cmp);
        list.dedup_by(|later, earlier| later.0 == earlier.0);
        Self(list)
    }

    /// Those whose keys begin so and come after another, in order.
    pub fn after<'l>(&'l self, prefix: &str, after: Option<&str>) -> impl Iterator<Item = (&'l str, usize)> {
        let start = match after {
            Some(after) if after >= prefix => self.0.partition_point(|(key, _)| &**key <= after),
            _ => self.0.partition_point(|(key, _)| &**key < prefix),
        };
        let rest = self.0.get(start..).unwrap_or_default().iter();
        let prefix = prefix.to_owned();
        rest.take_while(move |(key, _)| key.starts_with(&prefix)).map(|(key, at)| (&**key, *at))
    }

    /// The place of the resource with that id.
    pub fn find(&self, id: &str) -> Option<usize> {
        let key = key(id);
        let place = self.0.binary_search_by(|(own, _)| (**own).cmp(key.as_str())).ok()?;
        self.0.get(place).map(|(_, at)| *at)
    }
}

impl View {
    /// Reads the files of an inventory.
    pub fn read(files: &[&[u8]]) -> Self {
        let (network, details) = Loaded::read_with(files, Details::read);
        let links = Links::new(network.engine.network());
        let all = network.engine.network();
        let lists =
            ArmKind::ALL.into_iter().map(|kind| (kind, List::new(kind.ids(all).into_iter()))).collect();
        let places = places(all);
        Self { network, details, links, lists, places }
    }

    /// The network, to be asked.
    pub fn network(&self) -> &Loaded {
        &self.network
    }

    /// Resources of a type.
    pub fn list(&self, kind: ArmKind) -> &List {
        static NONE: List = List(Vec::new());
        self.lists.get(&kind).unwrap_or(&NONE)
    }

    /// A resource as JSON, with the rules that it has in the engine, which must be of this network.
    pub fn resource(&self, engine: &Engine, kind: ArmKind, at: usize) -> Option<String> {
        self.inventory(engine).resource(kind, at)
    }

    /// The same, with what `$expand=instanceView` adds to a machine.
    pub fn expanded(&self, engine: &Engine, kind: ArmKind, at: usize) -> Option<String> {
        self.inventory(engine).expanded(true).resource(kind, at)
    }

    fn inventory<'v>(&'v self, engine: &'v Engine) -> Inventory<'v> {
        Inventory::new(engine, &self.links).detailed(&self.details)
    }

    /// The parts of a resource; the engine is as above.
    pub fn parts(&self, engine: &Engine, part: ArmPart, at: usize) -> Option<Parts> {
        self.inventory(engine).parts(part, at)
    }

    /// What lists of all resources tell of one.
    pub fn outline(&self, kind: ArmKind, at: usize) -> Option<Outline<'_>> {
        Outline::new(self.network.engine.network(), &self.details, kind, at)
    }

    /// The subscriptions that resources are in, as first spelt.
    pub fn subscriptions(&self) -> impl Iterator<Item = &str> {
        self.places.values().map(|subscription| subscription.id.as_str())
    }

    /// The resource groups of a subscription: name and region of the first resource in each.
    pub fn resource_groups(&self, subscription: &str) -> impl Iterator<Item = (&str, &str)> {
        let groups = self.places.get(&subscription.to_ascii_lowercase()).map(|of| of.groups.values());
        groups.into_iter().flatten().map(|(name, location)| (name.as_str(), location.as_str()))
    }
}

fn places(network: &Network) -> BTreeMap<String, Subscription> {
    let mut places: BTreeMap<String, Subscription> = BTreeMap::new();
    let mut add = |id: &str, location: &str| {
        let mut parts = id.split('/').skip(1);
        let (Some(word), Some(subscription)) = (parts.next(), parts.next()) else { return };
        if !word.eq_ignore_ascii_case("subscriptions") {
            return;
        }
        let place = places.entry(subscription.to_ascii_lowercase()).or_default();
        if place.id.is_empty() {
            subscription.clone_into(&mut place.id);
        }
        if let (Some(word), Some(group)) = (parts.next(), parts.next())
            && word.eq_ignore_ascii_case("resourceGroups")
        {
            let known = place.groups.entry(group.to_ascii_lowercase());
            known.or_insert_with(|| (group.to_owned(), location.to_owned()));
        }
    };
    network.machines.iter().for_each(|one| add(&one.id, &one.location));
    network.nics.iter().for_each(|one| add(&one.id, &one.location));
    network.nsgs.iter().for_each(|one| add(&one.id, &one.location));
    network.vnets.iter().for_each(|one| add(&one.id, &one.location));
    network.public_ips.iter().for_each(|one| add(&one.id, &one.location));
    network.firewalls.iter().for_each(|one| add(&one.id, &one.location));
    network.asgs.iter().for_each(|one| add(&one.id, &one.location));
    network.route_tables.iter().for_each(|one| add(&one.id, &one.location));
    places
}
