//! Subscriptions, resource groups, providers, tenants and permissions: as much of them as clients ask for.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::{Caller, Place, Query, Route};
use crate::access::{Scope, action};
use crate::inventory::View;
use crate::ledger::filter::{self, Operator, wrong};
use crate::ledger::{Principal, Refusal, Scope as Within, State};
use crate::wire;

/// The one tenant: this ledger. A GUID, since clients take nothing else.
pub const TENANT: &str = "6a697467-6174-4500-8000-000000000001";

/// Azure's name of a provider, the types that it serves here, and their versions.
pub(crate) type Provider = (&'static str, &'static [&'static str], &'static [&'static str]);

/// What each provider serves here, in the order of their names.
const PROVIDERS: [Provider; 6] = [
    (
        "Microsoft.Authorization",
        &["permissions", "roleDefinitions", "roleAssignments"],
        &["2022-04-01", "2015-07-01"],
    ),
    (
        "Microsoft.Compute",
        &["virtualMachines", "locations", "locations/virtualMachines"],
        &["2024-07-01", "2023-03-01"],
    ),
    ("Microsoft.Insights", &["eventtypes", "eventcategories"], &["2015-04-01"]),
    (
        "Microsoft.Network",
        &[
            "networkInterfaces",
            "networkSecurityGroups",
            "publicIPAddresses",
            "virtualNetworks",
            "azureFirewalls",
            "applicationSecurityGroups",
            "routeTables",
            "networkInterfaces/ipConfigurations",
            "networkSecurityGroups/securityRules",
            "networkSecurityGroups/defaultSecurityRules",
            "virtualNetworks/subnets",
            "virtualNetworks/virtualNetworkPeerings",
            "routeTables/routes",
        ],
        &["2024-05-01", "2023-09-01"],
    ),
    (
        "Microsoft.Resources",
        &["subscriptions", "resourceGroups", "resources", "tenants", "subscriptions/locations"],
        &["2022-12-01", "2021-04-01"],
    ),
    (
        "Microsoft.Security",
        // By the version of `locations` `az` reads what is below it.
        &["locations", "locations/jitNetworkAccessPolicies", "jitNetworkAccessPolicies"],
        &["2020-01-01", "2015-06-01-preview"],
    ),
];

/// So many segments of a policy's key are its subscription, its resource group, its location.
const SUBSCRIPTION: usize = 2;
const GROUP: usize = 4;
const LOCATION: usize = 8;

/// A question about places or roles, and what its answer hangs on.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The ledger.
    pub state: &'a State,
    /// What was imported, where it is known.
    pub view: Option<&'a View>,
    /// Who asks.
    pub caller: &'a Caller,
    /// The query of the call.
    pub query: &'a Query,
    /// How many items a page has.
    pub page: usize,
    /// `https://host` and the path of the call: what the link to the next page begins with.
    pub address: [&'a str; 2],
}

/// Who the caller is, and the address from which a request without a source would be.
pub fn me(user: &Principal, address: Option<IpAddr>) -> String {
    wire::places::me(user, address)
}

/// The one tenant.
pub fn tenants() -> String {
    wire::places::tenants(TENANT)
}

impl Asked<'_> {
    /// The answer as JSON; none where the route is about something else.
    ///
    /// # Errors
    /// There is no such thing, or the caller may not know of it.
    pub fn answer(&self, route: &Route) -> Option<Result<String, Refusal>> {
        Some(match route {
            Route::Subscriptions => self.subscriptions(),
            Route::Subscription(id) => self.find(id).map(|id| wire::places::subscription(&id, TENANT)),
            Route::Locations(id) => self.find(id).and_then(|id| {
                let shown = |name: &String| wire::places::location(&id, name);
                self.listed(&self.regions(&id), |name| name, shown)
            }),
            Route::SecurityLocations(id, name) => {
                self.find(id).and_then(|id| self.security_locations(&id, name.as_deref()))
            }
            Route::ResourceGroups(id) => self.find(id).and_then(|id| self.resource_groups(&id)),
            Route::ResourceGroup(id, name) => self.find(id).and_then(|id| self.resource_group(&id, name)),
            Route::Providers(id) => self.provided(id.as_deref()).and_then(|(place, regions)| {
                let shown = |of: &Provider| shown(&place, of, &regions);
                self.listed(&PROVIDERS, |(name, ..)| name, shown)
            }),
            Route::Provider(id, name) => {
                self.provided(id.as_deref()).and_then(|(place, regions)| provider(&place, name, &regions))
            }
            Route::Register(id, name) => {
                self.provided(Some(id)).and_then(|(place, regions)| provider(&place, name, &regions))
            }
            Route::Categories => self.query.unfiltered().map(|()| wire::activity::categories()),
            Route::Permissions(scope) => self.permissions(scope),
            Route::Roles(kind, scope, name) => self.roles(*kind, scope, name.as_deref()),
            _ => return None,
        })
    }

    /// The subscriptions that anything is known of and the caller has a role in, as first spelt, by their ids in small
    /// letters.
    fn known(&self) -> BTreeMap<String, String> {
        let mut known = BTreeMap::new();
        let mut add = |id: &str| {
            known.entry(id.to_ascii_lowercase()).or_insert_with(|| id.to_owned());
        };
        self.state.first_policies("", SUBSCRIPTION).for_each(|policy| add(policy.parts().subscription));
        self.view.iter().flat_map(|view| view.subscriptions()).for_each(&mut add);
        self.assigned().for_each(|scope| scope.subscription().into_iter().for_each(&mut add));
        // A place stays where something once was.
        self.state.first_deleted("", SUBSCRIPTION).filter_map(Scope::new).for_each(|scope| {
            scope.subscription().into_iter().for_each(&mut add);
        });
        known.retain(|id, _| {
            Scope::new(&format!("/subscriptions/{id}")).is_some_and(|scope| self.caller.knows(&scope))
        });
        known
    }

    fn subscriptions(&self) -> Result<String, Refusal> {
        let known: Vec<String> = self.known().into_values().collect();
        self.listed(&known, |id| id, |id| wire::places::subscription(id, TENANT))
    }

    /// A subscription that the caller has a role in; the answer is the same for one that is not there.
    fn find(&self, id: &str) -> Result<String, Refusal> {
        self.known().remove(&id.to_ascii_lowercase()).ok_or_else(|| no_subscription(id))
    }

    /// Whether there is a place that the caller may know of: asked where a list of it has nothing to show. Where nothing
    /// was imported nobody can tell which places there are, and the first policy may be put into any.
    ///
    /// # Errors
    /// 404, the same for a place that is not there and for one that the caller may not know of.
    pub fn find_place(&self, place: &Place) -> Result<(), Refusal> {
        let any = self.view.is_none_or(|view| view.subscriptions().next().is_none());
        if any && Scope::new(&place.id()).is_some_and(|scope| self.caller.knows(&scope)) {
            return Ok(());
        }
        let subscription = Place { subscription: place.subscription.clone(), resource_group: None };
        match &place.resource_group {
            _ if !self.is_there(&subscription) => Err(no_subscription(&place.subscription)),
            Some(name) if !self.is_there(place) => Err(no_resource_group(name)),
            _ => Ok(()),
        }
    }

    /// 404 for what is not in a place: where there is no such place, for that.
    pub fn missing(&self, place: &Place, refusal: Refusal) -> Refusal {
        self.find_place(place).err().unwrap_or(refusal)
    }

    /// True for a place that [`Self::known`] or [`Self::groups`] would show, without a look at all there is.
    fn is_there(&self, place: &Place) -> bool {
        let Place { subscription, resource_group } = place;
        let Some(scope) = Scope::new(&place.id()).filter(|scope| self.caller.knows(scope)) else {
            return false;
        };
        let within = Within { subscription, resource_group: resource_group.as_deref(), location: None };
        let imported = || match resource_group {
            None => self
                .view
                .iter()
                .flat_map(|view| view.subscriptions())
                .any(|id| id.eq_ignore_ascii_case(subscription)),
            Some(group) => self
                .view
                .iter()
                .flat_map(|view| view.resource_groups(subscription))
                .any(|(name, _)| name.eq_ignore_ascii_case(group)),
        };
        self.state.policies(&within, None).next().is_some()
            || imported()
            || self.assigned().any(|at| scope.contains(&at))
            || self.state.first_deleted(&within.prefix(), SUBSCRIPTION).next().is_some()
    }

    /// Where the caller and others have roles.
    fn assigned(&self) -> impl Iterator<Item = Scope> {
        let own = self.caller.roles.iter().map(|(_, scope)| scope.clone());
        own.chain(self.state.role_assignments().filter_map(|role| Scope::new(&role.scope)))
    }

    /// The place that a provider is shown in, and the regions there: a subscription, or the tenant, of which nobody has to
    /// know anything.
    fn provided(&self, subscription: Option<&str>) -> Result<(String, Vec<String>), Refusal> {
        let Some(id) = subscription else { return Ok((String::new(), Vec::new())) };
        let id = self.find(id)?;
        let regions = self.regions(&id);
        Ok((format!("/subscriptions/{id}"), regions))
    }

    /// The regions of its policies and resource groups, as far as the caller may know of them.
    fn regions(&self, subscription: &str) -> Vec<String> {
        let groups = self.groups(subscription);
        let prefix = in_subscription(subscription);
        let all = self.state.first_policies(&prefix, LOCATION).map(|policy| policy.parts());
        let own = all.filter(|parts| groups.contains_key(&parts.resource_group.to_ascii_lowercase()));
        let own = own.map(|parts| parts.location);
        let all = own.chain(groups.values().map(|(_, location)| location.as_str()));
        let names = all.map(|name| super::provider::location(name).to_ascii_lowercase());
        let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
        names.into_iter().collect()
    }

    /// Where policies can be: what older clients ask for the region that they then name.
    fn security_locations(&self, subscription: &str, name: Option<&str>) -> Result<String, Refusal> {
        let (names, shown) =
            (self.regions(subscription), |name: &String| wire::places::security_location(subscription, name));
        let Some(name) = name else { return self.listed(&names, |name| name, shown) };
        let found = names.iter().find(|own| own.eq_ignore_ascii_case(name)).map(shown);
        found.ok_or_else(|| {
            let message = format!("The location '{name}' could not be found.");
            Refusal::new(404, "LocationNotFound", message)
        })
    }

    /// The resource groups that policies, the inventory or roles are in, by name in small letters: name and region.
    fn groups(&self, subscription: &str) -> BTreeMap<String, (String, String)> {
        let mut groups = BTreeMap::new();
        let mut add = |name: &str, location: &str| {
            let group = groups.entry(name.to_ascii_lowercase());
            group.or_insert_with(|| (name.to_owned(), location.to_owned()));
        };
        let imported = self.view.iter().flat_map(|view| view.resource_groups(subscription));
        imported.for_each(|(name, location)| add(name, location));
        let prefix = in_subscription(subscription);
        let own = self.state.first_policies(&prefix, GROUP).map(|policy| policy.parts());
        own.for_each(|parts| add(parts.resource_group, parts.location));
        let is_own =
            |scope: &Scope| scope.subscription().is_some_and(|id| id.eq_ignore_ascii_case(subscription));
        // A group stays when its last policy is deleted, and one where somebody has a role may be empty yet.
        let gone = self.state.first_deleted(&prefix, GROUP);
        for scope in gone.filter_map(Scope::new).chain(self.assigned()).filter(is_own) {
            // Behind `/subscriptions/…/resourcegroups/…/providers/microsoft.security`.
            let mut rest = scope.as_str().split('/').skip(7);
            let location = rest.next().filter(|word| *word == "locations").and_then(|_| rest.next());
            scope.resource_group().into_iter().for_each(|name| add(name, location.unwrap_or_default()));
        }
        groups.retain(|name, _| {
            let scope = Scope::new(&format!("/subscriptions/{subscription}/resourceGroups/{name}"));
            scope.is_some_and(|scope| self.caller.knows(&scope))
        });
        groups
    }

    fn resource_groups(&self, subscription: &str) -> Result<String, Refusal> {
        let mut groups = self.groups(subscription);
        // No group has a tag that is known here; groups can be asked for by nothing else.
        let tagged = is_of_tags(self.query.filter())?;
        groups.retain(|_, _| !tagged);
        let groups: Vec<(String, String)> = groups.into_values().collect();
        let shown = |(name, at): &(String, String)| wire::places::resource_group(subscription, name, at);
        self.paged(&groups, |(name, _)| name, shown)
    }

    fn resource_group(&self, subscription: &str, name: &str) -> Result<String, Refusal> {
        match self.groups(subscription).get(&name.to_ascii_lowercase()) {
            Some((name, location)) => Ok(wire::places::resource_group(subscription, name, location)),
            None => Err(no_resource_group(name)),
        }
    }

    /// What the caller may do at a scope: whoever has no role there gets an empty list.
    fn permissions(&self, scope: &str) -> Result<String, Refusal> {
        self.query.unfiltered()?;
        let at = Scope::new(scope).ok_or_else(|| self.caller.forbidden(action::PERMISSIONS_READ, scope))?;
        Ok(wire::permissions(&self.caller.permissions(&at)))
    }
}

/// What the keys of a subscription's policies begin with.
fn in_subscription(subscription: &str) -> String {
    Within { subscription, resource_group: None, location: None }.prefix()
}

fn no_subscription(id: &str) -> Refusal {
    Refusal::new(404, "SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
}

fn no_resource_group(name: &str) -> Refusal {
    Refusal::new(404, "ResourceGroupNotFound", format!("Resource group '{name}' could not be found."))
}

/// True where groups with a tag are asked for; nothing else can be.
fn is_of_tags(filter: Option<&str>) -> Result<bool, Refusal> {
    let conditions = filter.map(filter::parse).transpose()?.unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    for one in &conditions {
        names.push(if one.operator == Operator::Equal { one.name.as_str() } else { "" });
    }
    names.sort_unstable();
    match names.as_slice() {
        [] => Ok(false),
        ["tagname"] | ["tagname", "tagvalue"] => Ok(true),
        _ => Err(wrong("'tagname' and 'tagvalue' can be asked for here.")),
    }
}

/// One of them, each of which is registered; also the answer to whoever registers it.
fn provider(place: &str, name: &str, regions: &[String]) -> Result<String, Refusal> {
    let found = PROVIDERS.iter().find(|(own, ..)| own.eq_ignore_ascii_case(name));
    found.map(|provider| shown(place, provider, regions)).ok_or_else(|| no_provider(name))
}

/// What is in a region has regions.
fn shown(place: &str, provider: &Provider, regions: &[String]) -> String {
    let regional = matches!(provider.0, "Microsoft.Compute" | "Microsoft.Network" | "Microsoft.Security");
    wire::places::provider(place, provider, if regional { regions } else { &[] })
}

/// 404 where the address names a provider of Azure's that is not here.
pub(super) fn check_provider(name: &str) -> Result<(), Refusal> {
    let is_here = PROVIDERS.iter().any(|(own, ..)| own.eq_ignore_ascii_case(name));
    if is_here { Ok(()) } else { Err(no_provider(name)) }
}

fn no_provider(name: &str) -> Refusal {
    let here: Vec<&str> = PROVIDERS.iter().map(|(own, ..)| *own).collect();
    let message = format!("The resource namespace '{name}' is invalid: here there are {}.", here.join(", "));
    Refusal::new(404, "InvalidResourceNamespace", message)
}
