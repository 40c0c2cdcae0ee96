//! Which policy a call is about, as far as that is known: the last call about one counts.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::call::Call;
use super::rest::{Target, target};
use super::value::{Key, Value, What};
use crate::part;

/// Where a policy is. A part that is not known may be any.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    name: Option<String>,
    location: Option<String>,
    group: Option<String>,
    /// Cmdlets take that of their context.
    subscription: Option<String>,
}

impl Place {
    /// By the parameters of a cmdlet.
    pub(super) fn of_members(members: &[(Key, Value)]) -> Self {
        let given = |name: &str| {
            let found = members.iter().rev().find(|(key, _)| key.name == name);
            found.map(|(_, value)| value)
        };
        if let Some(id) = given("id") {
            return Self::of_address(Some(id));
        }
        let part = |name| given(name).and_then(Value::text).and_then(plain);
        Self {
            name: part("name"),
            location: part("location").map(|location| location.replace(' ', "")),
            group: part("resourceGroup"),
            subscription: None,
        }
    }

    /// By an address or a resource id.
    pub(super) fn of_address(address: Option<&Value>) -> Self {
        let Some(What::Text(text)) = address.map(|address| &*address.what) else { return Self::default() };
        let small = text.text.to_ascii_lowercase();
        let part = |before: &str| {
            let (_, behind) = part::split_once(&small, before)?;
            behind.split(['/', '?', '#']).next().and_then(plain)
        };
        Self {
            name: part("/jitnetworkaccesspolicies/"),
            location: part("/locations/"),
            group: part("/resourcegroups/"),
            subscription: part("/subscriptions/"),
        }
    }

    /// By the names that commands for any resource take.
    pub(super) fn of_resource(name: Option<&str>, group: Option<&str>) -> Self {
        let name = name.and_then(|name| name.rsplit('/').next());
        Self { name: name.and_then(plain), group: group.and_then(plain), ..Self::default() }
    }

    /// That of the policy that a call puts, if it puts one.
    fn of_put(call: &Call) -> Option<Self> {
        match call {
            Call::Cmdlet { request: false, members, .. } => Some(Self::of_members(members)),
            Call::Rest { url, puts: true, .. } => match url.as_ref().map_or(Target::Unknown, target) {
                Target::Policy | Target::Unknown => Some(Self::of_address(url.as_ref())),
                Target::Request | Target::Other => None,
            },
            Call::Cmdlet { .. } | Call::Rest { .. } | Call::Undo(_) => None,
        }
    }

    /// True where both may be the same.
    fn may_be(&self, other: &Self) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        same(&self.name, &other.name)
            && same(&self.location, &other.location)
            && same(&self.group, &other.group)
            && same(&self.subscription, &other.subscription)
    }

    /// True where only the subscription may be any.
    const fn is_sure(&self) -> bool {
        self.name.is_some() && self.location.is_some() && self.group.is_some()
    }
}

/// In small letters, where nothing is still to be filled in.
fn plain(part: &str) -> Option<String> {
    let known = !part.is_empty() && !part.contains(['$', '{', '<', '%', '*', '[']);
    known.then(|| part.to_ascii_lowercase())
}

/// The most places that each other one is compared with.
const MOST: usize = 64;

/// What the calls behind one are about.
#[derive(Default)]
struct Later {
    sure: BTreeSet<Place>,
    unsure: Vec<Place>,
}

impl Later {
    /// True where a later call may be about the policy there.
    fn meets(&self, place: &Place) -> bool {
        if self.unsure.len() > MOST || self.unsure.iter().any(|other| other.may_be(place)) {
            return true;
        }
        if !place.is_sure() {
            return self.sure.len() > MOST || self.sure.iter().any(|other| other.may_be(place));
        }
        let anywhere = Place { subscription: None, ..place.clone() };
        if place.subscription.is_some() {
            return self.sure.contains(place) || self.sure.contains(&anywhere);
        }
        self.sure.range(anywhere..).next().is_some_and(|next| next.may_be(place))
    }

    fn add(&mut self, place: Place) {
        if place.is_sure() {
            self.sure.insert(place);
        } else if self.unsure.len() <= MOST && !self.unsure.contains(&place) {
            self.unsure.push(place);
        }
    }
}

/// For each call, whether what it puts may not be there in the end: a later one may put another in its place or take it
/// away, or it puts nothing.
pub(super) fn gone(calls: &[Call]) -> Vec<bool> {
    let mut later = Later::default();
    let mut gone: Vec<bool> = Vec::with_capacity(calls.len());
    for call in calls.iter().rev() {
        let put = Place::of_put(call);
        let fails = put.is_none() && matches!(call, Call::Rest { .. });
        gone.push(fails || put.as_ref().is_some_and(|place| later.meets(place)));
        let place = match call {
            Call::Undo(place) => Some(place.clone()),
            _ => put,
        };
        place.into_iter().for_each(|place| later.add(place));
    }
    gone.reverse();
    gone
}
