//! Subscriptions, resource groups, providers, tenants and permissions: as much of them as clients ask for.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::resources::Filter;
use super::{Caller, Query, Route};
use crate::access::{Scope, action};
use crate::inventory::View;
use crate::ledger::{Principal, Refusal, State};
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
    ("Microsoft.Insights", &["eventtypes"], &["2015-04-01"]),
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
                self.paged(&self.regions(&id), |name| name, shown)
            }),
            Route::SecurityLocations(id, name) => {
                self.find(id).and_then(|id| self.security_locations(&id, name.as_deref()))
            }
            Route::ResourceGroups(id) => self.find(id).and_then(|id| self.resource_groups(&id)),
            Route::ResourceGroup(id, name) => self.find(id).and_then(|id| self.resource_group(&id, name)),
            Route::Providers(id) => self.find(id).and_then(|id| {
                let shown = |provider: &Provider| wire::places::provider(&id, provider);
                self.paged(&PROVIDERS, |(name, ..)| name, shown)
            }),
            Route::Provider(id, name) | Route::Register(id, name) => {
                self.find(id).and_then(|id| provider(&id, name))
            }
            Route::Resources(place) => self.find(&place.subscription).and_then(|id| {
                // Who may know of no such group is told that there is none.
                let group = place.resource_group.as_deref();
                group.map_or(Ok(()), |name| self.resource_group(&id, name).map(drop))?;
                self.resources(place)
            }),
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
        self.state.all_policies().for_each(|policy| add(policy.parts().subscription));
        self.view.iter().flat_map(|view| view.subscriptions()).for_each(&mut add);
        self.caller.roles.iter().filter_map(|(_, scope)| scope.subscription()).for_each(&mut add);
        let assigned = self.state.role_assignments().filter_map(|role| Scope::new(&role.scope));
        assigned.for_each(|scope| scope.subscription().into_iter().for_each(&mut add));
        known.retain(|id, _| {
            Scope::new(&format!("/subscriptions/{id}")).is_some_and(|scope| self.caller.knows(&scope))
        });
        known
    }

    fn subscriptions(&self) -> Result<String, Refusal> {
        let known: Vec<String> = self.known().into_values().collect();
        self.paged(&known, |id| id, |id| wire::places::subscription(id, TENANT))
    }

    /// A subscription that the caller has a role in; the answer is the same for one that is not there.
    fn find(&self, id: &str) -> Result<String, Refusal> {
        self.known().remove(&id.to_ascii_lowercase()).ok_or_else(|| {
            Refusal::new(404, "SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
        })
    }

    /// The regions of its policies and resource groups, as far as the caller may know of them.
    fn regions(&self, subscription: &str) -> Vec<String> {
        let groups = self.groups(subscription);
        let all = self.state.all_policies().map(|policy| policy.parts());
        let own = all.filter(|parts| {
            parts.subscription.eq_ignore_ascii_case(subscription)
                && groups.contains_key(&parts.resource_group.to_ascii_lowercase())
        });
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
        let Some(name) = name else { return self.paged(&names, |name| name, shown) };
        let found = names.iter().find(|own| own.eq_ignore_ascii_case(name)).map(shown);
        found.ok_or_else(|| {
            let message = format!("The location '{name}' could not be found.");
            Refusal::new(404, "LocationNotFound", message)
        })
    }

    /// The resource groups that policies or the inventory are in, by name in small letters: name and region.
    fn groups(&self, subscription: &str) -> BTreeMap<String, (String, String)> {
        let mut groups = BTreeMap::new();
        let mut add = |name: &str, location: &str| {
            let group = groups.entry(name.to_ascii_lowercase());
            group.or_insert_with(|| (name.to_owned(), location.to_owned()));
        };
        let imported = self.view.iter().flat_map(|view| view.resource_groups(subscription));
        imported.for_each(|(name, location)| add(name, location));
        let parts = self.state.all_policies().map(|policy| policy.parts());
        let own = parts.filter(|parts| parts.subscription.eq_ignore_ascii_case(subscription));
        own.for_each(|parts| add(parts.resource_group, parts.location));
        groups.retain(|name, _| {
            let scope = Scope::new(&format!("/subscriptions/{subscription}/resourceGroups/{name}"));
            scope.is_some_and(|scope| self.caller.knows(&scope))
        });
        groups
    }

    fn resource_groups(&self, subscription: &str) -> Result<String, Refusal> {
        let mut groups = self.groups(subscription);
        // No group has a tag that is known here; groups can be asked for by nothing else.
        let tagged = Filter::of(self.query.filter())?.is_of_tags()?;
        groups.retain(|_, _| !tagged);
        let groups: Vec<(String, String)> = groups.into_values().collect();
        let shown = |(name, at): &(String, String)| wire::places::resource_group(subscription, name, at);
        self.paged(&groups, |(name, _)| name, shown)
    }

    fn resource_group(&self, subscription: &str, name: &str) -> Result<String, Refusal> {
        match self.groups(subscription).get(&name.to_ascii_lowercase()) {
            Some((name, location)) => Ok(wire::places::resource_group(subscription, name, location)),
            None => {
                let message = format!("Resource group '{name}' could not be found.");
                Err(Refusal::new(404, "ResourceGroupNotFound", message))
            }
        }
    }

    /// What the caller may do at a scope: whoever has no role there gets an empty list.
    fn permissions(&self, scope: &str) -> Result<String, Refusal> {
        let at = Scope::new(scope).ok_or_else(|| self.caller.forbidden(action::PERMISSIONS_READ, scope))?;
        Ok(wire::permissions(&self.caller.permissions(&at)))
    }
}

/// One of them, each of which is registered; also the answer to whoever registers it.
fn provider(subscription: &str, name: &str) -> Result<String, Refusal> {
    let found = PROVIDERS.iter().find(|(own, ..)| own.eq_ignore_ascii_case(name));
    found.map(|provider| wire::places::provider(subscription, provider)).ok_or_else(|| {
        let message = format!("The resource provider namespace '{name}' could not be found.");
        Refusal::new(404, "InvalidResourceNamespace", message)
    })
}
