//! Which machines are asked for: by words, by what they have in common, by what is open.
use super::inventory::{Row, os};
use crate::api::Machine;
use crate::browser::lower;
use crate::route::Route;

/// What machines have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Subscription,
    ResourceGroup,
    Region,
    Os,
}

impl Facet {
    pub const ALL: [Self; 4] = [Self::Subscription, Self::ResourceGroup, Self::Region, Self::Os];

    /// In the address.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::ResourceGroup => "group",
            Self::Region => "region",
            Self::Os => "os",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Subscription => "Subscription",
            Self::ResourceGroup => "Resource group",
            Self::Region => "Region",
            Self::Os => "Operating system",
        }
    }

    /// A machine's; empty where it has none.
    pub fn of(self, machine: &Machine) -> &str {
        match self {
            Self::Subscription => &machine.subscription,
            Self::ResourceGroup => &machine.resource_group,
            Self::Region => &machine.location,
            Self::Os => os(machine),
        }
    }
}

/// Machines of a kind that the summary counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Somebody has access now.
    Open,
    /// Something reaches protected ports without any grant.
    Exposed,
    /// Something reaches management ports that no policy protects.
    Unprotected,
}

impl Show {
    pub const ALL: [Self; 3] = [Self::Open, Self::Exposed, Self::Unprotected];

    /// In the address.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Exposed => "exposed",
            Self::Unprotected => "unprotected",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "Open now",
            Self::Exposed => "Exposed in spite of JIT",
            Self::Unprotected => "Reachable and not protected",
        }
    }

    pub const fn takes(self, machine: &Machine) -> bool {
        match self {
            Self::Open => !machine.open.is_empty(),
            Self::Exposed => !machine.residual.is_empty(),
            Self::Unprotected => !machine.unprotected.is_empty(),
        }
    }
}

/// What is asked for; empty members ask for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    pub words: Vec<String>,
    /// Values in small letters, one list for each of [`Facet::ALL`].
    pub facets: [Vec<String>; 4],
    pub show: Option<Show>,
}

impl Narrowing {
    /// As the address has it, but for the words, which the field has first.
    pub fn of(route: Route, text: &str) -> Self {
        let show = route.query("show");
        Self {
            words: lower(text).split_whitespace().map(str::to_owned).collect(),
            facets: Facet::ALL.map(|facet| values(&route.query(facet.key()))),
            show: Show::ALL.into_iter().find(|own| own.key() == show),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.show.is_none() && self.facets.iter().all(Vec::is_empty)
    }

    pub fn takes(&self, row: &Row) -> bool {
        let facets = Facet::ALL.iter().zip(&self.facets);
        let mut facets = facets.filter(|(_, values)| !values.is_empty());
        self.show.is_none_or(|show| show.takes(&row.machine))
            && facets.all(|(facet, values)| {
                let own = facet.of(&row.machine);
                values.iter().any(|value| value.eq_ignore_ascii_case(own))
            })
            && row.has(&self.words)
    }
}

/// Neither names of Azure's nor ids have commas. A lone one stands for machines without any.
fn values(text: &str) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split(',').map(|value| if value == "-" { String::new() } else { lower(value) }).collect()
    }
}

/// The same as text, with that value added, or without it where it is there.
pub fn toggled(text: &str, value: &str) -> String {
    let value = if value.is_empty() { "-" } else { value };
    let old = text.split(',').filter(|old| !old.is_empty());
    let mut all: Vec<&str> = old.clone().filter(|old| !old.eq_ignore_ascii_case(value)).collect();
    if all.len() == old.count() {
        all.push(value);
    }
    all.join(",")
}
