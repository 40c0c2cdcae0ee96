//! Which operation a path names. Literals, and everything that Azure compares so, are matched without regard to case.

mod names;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::bad;
use super::path::Path;
use super::places::check_provider;
use crate::inventory::Within;
use crate::ledger::{Refusal, ResourceId};
use crate::wire::inventory::{ArmKind, ArmPart};

/// A place in the tree of resources: a subscription, or a resource group of it. As written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The subscription's id.
    pub subscription: String,
    /// The resource group's name; none for the whole subscription.
    pub resource_group: Option<String>,
}

impl Place {
    /// That of a policy.
    pub fn of(policy: &ResourceId) -> Self {
        let subscription = policy.subscription().unwrap_or_default().into();
        Self { subscription, resource_group: policy.resource_group().map(Into::into) }
    }

    /// Its id.
    pub fn id(&self) -> String {
        match &self.resource_group {
            Some(group) => format!("/subscriptions/{}/resourceGroups/{group}", self.subscription),
            None => format!("/subscriptions/{}", self.subscription),
        }
    }

    /// Where the resources of the inventory are that are in it.
    pub fn within(&self) -> Within<'_> {
        Within { subscription: &self.subscription, resource_group: self.resource_group.as_deref() }
    }

    /// 404: no resource of this kind and name is in it.
    pub fn not_found(&self, kind: ArmKind, name: &str) -> Refusal {
        let (kind, group) = (kind.resource_type(), self.resource_group.as_deref().unwrap_or_default());
        let message = format!("The Resource '{kind}/{name}' under resource group '{group}' was not found.");
        Refusal::new(404, "ResourceNotFound", message)
    }
}

/// What is done with a policy by `POST …/{policy}/{action}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Opens access.
    Initiate,
    /// Ours: ends access before its time.
    Revoke,
    /// Ours: says what `initiate` would answer.
    Decide,
    /// Ours: says what the policy opens and closes on the network.
    Preview,
}

/// What says who may do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleKind {
    /// `Microsoft.Authorization/roleDefinitions`
    Definitions,
    /// `Microsoft.Authorization/roleAssignments`
    Assignments,
}

/// What is asked of the directory, in the words of Microsoft Graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graph {
    /// Who these ids are.
    ByIds,
    /// The person of that sign-in name.
    Users,
    /// The program of that name or id.
    ServicePrincipals,
}

/// An operation, but for its method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// All subscriptions that the caller has rights in.
    Subscriptions,
    /// One of them.
    Subscription(String),
    /// The regions of a subscription.
    Locations(String),
    /// The same as `Microsoft.Security` has them: all, or one by name.
    SecurityLocations(String, Option<String>),
    /// The tenants.
    Tenants,
    /// Many calls in one.
    Batch,
    /// Ours: who the caller is.
    Me,
    /// The resource groups of a subscription.
    ResourceGroups(String),
    /// One of them.
    ResourceGroup(String, String),
    /// The resource providers, of a subscription or of the tenant.
    Providers(Option<String>),
    /// One of them.
    Provider(Option<String>, String),
    /// Registers one of them: it always is.
    Register(String, String),
    /// The policies of a place, perhaps of one region.
    Policies(Place, Option<String>),
    /// A policy.
    Policy(ResourceId),
    /// Something done with a policy.
    PolicyAction(ResourceId, Action),
    /// What is open now: of a subscription, or of one machine by its id.
    Exposure(Place, Option<String>),
    /// Resources of the inventory: all of a place, or one by name.
    Inventory(ArmKind, Place, Option<String>),
    /// The machines of a region.
    Region(Place, String),
    /// How a machine does, by its name.
    InstanceView(Place, String),
    /// Parts of a resource, which is named: all, or one by name.
    Parts(ArmPart, Place, String, Option<String>),
    /// Resources of all types.
    Resources(Place),
    /// What the caller may do at a scope.
    Permissions(String),
    /// Roles or their assignments at a scope: all, or one by its id.
    Roles(RoleKind, String, Option<String>),
    /// Who did what when.
    Activity(String),
    /// Of what kinds that is.
    Categories,
    /// Whom roles are given to.
    Graph(Graph),
    /// Ours: the stream of changes.
    Events,
    /// Ours: the records of the ledger.
    Records,
    /// What `az cloud register` reads.
    MetadataEndpoints,
    /// Whether the server is well.
    Health,
    /// Numbers for Prometheus.
    Metrics,
    /// What there is, for programs: `openapi.json`.
    OpenApi,
    /// Where tokens come from: `/{tenant}[/v2.0]/.well-known/openid-configuration`.
    OpenIdConfiguration(String),
    /// With what tokens are signed: `/{tenant}/discovery[/v2.0]/keys`
    Keys(String),
    /// `/{tenant}/oauth2[/v2.0]/token`
    Token(String),
}

impl Route {
    /// The route of a path; none where no path of the API is like it.
    ///
    /// # Errors
    /// The subscription's id is no GUID, or the resource group's name, the policy's or its location can be none.
    pub fn parse(path: &Path) -> Result<Option<Self>, Refusal> {
        let lower: Vec<&str> = path.lower.iter().map(String::as_str).collect();
        let at = |index: usize| path.written.get(index).cloned().unwrap_or_default();
        let route = match lower.as_slice() {
            ["subscriptions"] => Self::Subscriptions,
            ["tenants"] => Self::Tenants,
            ["batch"] => Self::Batch,
            ["me"] => Self::Me,
            ["events"] => Self::Events,
            ["records"] => Self::Records,
            ["healthz"] => Self::Health,
            ["metrics"] => Self::Metrics,
            ["openapi.json"] => Self::OpenApi,
            ["v1.0", "directoryobjects", "getbyids"] => Self::Graph(Graph::ByIds),
            ["v1.0", "users"] => Self::Graph(Graph::Users),
            ["v1.0", "serviceprincipals"] => Self::Graph(Graph::ServicePrincipals),
            ["metadata", "endpoints"] => Self::MetadataEndpoints,
            [_, "v2.0", ".well-known", "openid-configuration"]
            | [_, ".well-known", "openid-configuration"] => Self::OpenIdConfiguration(at(0)),
            [_, "discovery", "v2.0", "keys"] | [_, "discovery", "keys"] => Self::Keys(at(0)),
            [_, "oauth2", "v2.0", "token"] | [_, "oauth2", "token"] => Self::Token(at(0)),
            ["providers", "microsoft.authorization", ..] => {
                let Some(route) = super::provider::authorization(path) else { return Ok(None) };
                route
            }
            ["providers"] => Self::Providers(None),
            ["providers", name] if !name.is_empty() => Self::Provider(None, at(1)),
            ["providers", "microsoft.insights", "eventcategories"] => Self::Categories,
            ["providers", name, _, ..] if !name.is_empty() => {
                return check_provider(&at(1)).map(|()| None);
            }
            ["subscriptions", subscription, rest @ ..] => {
                if subscription.is_empty() {
                    return Ok(None);
                }
                let Some(route) = Self::below_subscription(at(1), rest, path) else {
                    let named = match rest {
                        ["providers", name, ..] if !name.is_empty() => Some(3),
                        ["resourcegroups", _, "providers", name, ..] if !name.is_empty() => Some(5),
                        _ => None,
                    };
                    return named.map_or(Ok(()), |index| check_provider(&at(index))).map(|()| None);
                };
                check_subscription(&at(1))?;
                route
            }
            _ => return Ok(None),
        };
        route.check_group()?;
        route.check_policy()?;
        Ok(Some(route))
    }

    fn below_subscription(subscription: String, rest: &[&str], path: &Path) -> Option<Self> {
        let at = |index: usize| path.written.get(index).cloned().unwrap_or_default();
        Some(match rest {
            [] => Self::Subscription(subscription),
            ["locations"] => Self::Locations(subscription),
            ["resources"] => Self::Resources(Place { subscription, resource_group: None }),
            ["resourcegroups", name, "resources"] if !name.is_empty() => {
                Self::Resources(Place { subscription, resource_group: Some(at(3)) })
            }
            ["resourcegroups"] => Self::ResourceGroups(subscription),
            ["resourcegroups", name] if !name.is_empty() => Self::ResourceGroup(subscription, at(3)),
            ["providers"] => Self::Providers(Some(subscription)),
            ["providers", name] if !name.is_empty() => Self::Provider(Some(subscription), at(3)),
            ["providers", name, "register"] if !name.is_empty() => Self::Register(subscription, at(3)),
            [.., "providers", "microsoft.authorization", _]
            | [.., "providers", "microsoft.authorization", _, _] => super::provider::authorization(path)?,
            ["providers", rest @ ..] => {
                let place = Place { subscription, resource_group: None };
                super::provider::parse(place, rest, path.written.get(3..)?)?
            }
            ["resourcegroups", name, "providers", rest @ ..] if !name.is_empty() => {
                let place = Place { subscription, resource_group: Some(at(3)) };
                super::provider::parse(place, rest, path.written.get(5..)?)?
            }
            _ => return None,
        })
    }

    /// The methods it has.
    pub fn methods(&self) -> &'static [&'static str] {
        match self {
            Self::Policy(_) => &["GET", "PUT", "DELETE"],
            Self::PolicyAction(..)
            | Self::Batch
            | Self::Register(..)
            | Self::Token(_)
            | Self::Graph(Graph::ByIds) => &["POST"],
            _ => &["GET"],
        }
    }
}

/// What is told of a route.
impl Route {
    /// Open to everybody: who signs in has no token yet.
    pub fn is_public(&self) -> bool {
        matches!(
            self,
            Self::Health
                | Self::OpenApi
                | Self::MetadataEndpoints
                | Self::OpenIdConfiguration(_)
                | Self::Keys(_)
                | Self::Token(_)
        )
    }

    /// One resource by its name. HEAD asks there whether it exists, and Resource Manager says so with a 204.
    pub fn is_resource(&self) -> bool {
        match self {
            Self::ResourceGroup(..) | Self::Policy(_) => true,
            Self::SecurityLocations(_, name)
            | Self::Inventory(.., name)
            | Self::Parts(.., name)
            | Self::Roles(.., name) => name.is_some(),
            _ => false,
        }
    }

    /// None where no `api-version` is asked for; true where it must be one of those of policies.
    pub fn versioned(&self) -> Option<bool> {
        match self {
            Self::Events | Self::Records | Self::Metrics | Self::Graph(_) => None,
            Self::Policies(..) | Self::Policy(_) | Self::PolicyAction(..) | Self::Exposure(..) => Some(true),
            _ => Some(false),
        }
    }

    /// The operation's name in metrics and logs.
    pub fn name(&self, method: &str) -> &'static str {
        match self {
            Self::Subscriptions | Self::Subscription(_) => "Subscriptions",
            Self::Locations(_) | Self::SecurityLocations(..) => "Locations",
            Self::Tenants => "Tenants",
            Self::Batch => "Batch",
            Self::Me => "Me",
            Self::ResourceGroups(_) | Self::ResourceGroup(..) => "ResourceGroups",
            Self::Providers(_) | Self::Provider(..) | Self::Register(..) => "Providers",
            Self::Policies(..) => "List",
            Self::Policy(_) => match method {
                "PUT" => "CreateOrUpdate",
                "DELETE" => "Delete",
                _ => "Get",
            },
            Self::PolicyAction(_, Action::Initiate) => "Initiate",
            Self::PolicyAction(_, Action::Revoke) => "Revoke",
            Self::PolicyAction(_, Action::Decide) => "Decide",
            Self::PolicyAction(_, Action::Preview) => "Preview",
            Self::Exposure(..) => "Exposure",
            Self::Inventory(..) | Self::Region(..) => "Inventory",
            Self::InstanceView(..) => "InstanceView",
            Self::Parts(..) => "Parts",
            Self::Resources(_) => "Resources",
            Self::Graph(_) => "Graph",
            Self::Permissions(_) => "Permissions",
            Self::Roles(RoleKind::Definitions, ..) => "RoleDefinitions",
            Self::Roles(RoleKind::Assignments, ..) => "RoleAssignments",
            Self::Activity(_) | Self::Categories => "Activity",
            Self::Events => "Events",
            Self::Records => "Records",
            Self::MetadataEndpoints => "MetadataEndpoints",
            Self::Health => "Health",
            Self::Metrics => "Metrics",
            Self::OpenApi => "OpenApi",
            Self::OpenIdConfiguration(_) => "OpenIdConfiguration",
            Self::Keys(_) => "Keys",
            Self::Token(_) => "Token",
        }
    }
}

fn check_subscription(id: &str) -> Result<(), Refusal> {
    let lengths = [8, 4, 4, 4, 12];
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> = id.split('-').collect();
    if parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| part.len() == length && hex(part))
    {
        return Ok(());
    }
    let message = format!("The provided subscription identifier '{id}' is malformed or invalid.");
    Err(bad("InvalidSubscriptionId", message, "subscriptionId"))
}

#[cfg(test)]
mod tests;
