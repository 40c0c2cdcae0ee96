//! Which operation a path names: those that the portal asks for.

use jitgate_core::ledger::{Refusal, ResourceId};
use jitgate_core::wire::inventory::ArmKind;

use crate::reply::bad;
use crate::target::Target;

/// A subscription, or a resource group of it. As written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub subscription: String,
    pub group: Option<String>,
}

/// What is done with a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Initiate,
    Revoke,
    Decide,
    Preview,
}

/// An operation, but for its method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Me,
    Subscriptions,
    Subscription(String),
    ResourceGroups(String),
    ResourceGroup(String, String),
    /// Of a place, perhaps of one region.
    Policies(Place, Option<String>),
    Policy(ResourceId),
    PolicyAction(ResourceId, Action),
    /// All of a place, or one machine by its id.
    Exposure(Place, Option<String>),
    Inventory(ArmKind, Place, Option<String>),
    /// At a scope.
    Permissions(String),
    /// Of a subscription.
    Activity(String),
    /// The ledger itself.
    Records,
}

impl Place {
    pub fn id(&self) -> String {
        match &self.group {
            Some(group) => format!("/subscriptions/{}/resourceGroups/{group}", self.subscription),
            None => format!("/subscriptions/{}", self.subscription),
        }
    }
}

impl Route {
    pub fn parse(target: &Target) -> Result<Self, Refusal> {
        let lower: Vec<&str> = target.lower.iter().map(String::as_str).collect();
        let at = |index: usize| target.written.get(index).cloned().unwrap_or_default();
        let route = match lower.as_slice() {
            ["me"] => Some(Self::Me),
            ["records"] => Some(Self::Records),
            ["subscriptions"] => Some(Self::Subscriptions),
            ["subscriptions", subscription, rest @ ..] if !subscription.is_empty() => {
                let route = Self::below(at(1), rest, target);
                if route.is_some() {
                    check_subscription(&at(1))?;
                }
                route
            }
            _ => None,
        };
        let route = route.ok_or_else(|| {
            let message = format!("There is nothing at the path '{}'.", target.path);
            Refusal::new(404, "InvalidResourceType", message)
        })?;
        route.check_group()?;
        Ok(route)
    }

    fn below(subscription: String, rest: &[&str], target: &Target) -> Option<Self> {
        let at = |index: usize| target.written.get(index).cloned().unwrap_or_default();
        Some(match rest {
            [] => Self::Subscription(subscription),
            ["resourcegroups"] => Self::ResourceGroups(subscription),
            ["resourcegroups", name] if !name.is_empty() => Self::ResourceGroup(subscription, at(3)),
            [.., "providers", "microsoft.authorization", "permissions"] => {
                let count = target.written.len().checked_sub(3)?;
                Self::Permissions(format!("/{}", target.written.get(..count)?.join("/")))
            }
            ["providers", rest @ ..] => {
                let place = Place { subscription, group: None };
                provider(place, rest, target.written.get(3..)?)?
            }
            ["resourcegroups", name, "providers", rest @ ..] if !name.is_empty() => {
                let place = Place { subscription, group: Some(at(3)) };
                provider(place, rest, target.written.get(5..)?)?
            }
            _ => return None,
        })
    }

    /// The methods that it has.
    pub fn methods(&self) -> &'static [&'static str] {
        match self {
            Self::Policy(_) => &["GET", "PUT", "DELETE"],
            Self::PolicyAction(..) => &["POST"],
            _ => &["GET"],
        }
    }

    /// None where no `api-version` is asked for; true where it must be one of those of policies.
    pub fn versioned(&self) -> Option<bool> {
        match self {
            Self::Records => None,
            Self::Policies(..) | Self::Policy(_) | Self::PolicyAction(..) | Self::Exposure(..) => Some(true),
            _ => Some(false),
        }
    }

    /// The name of a resource group has a pattern and a length.
    fn check_group(&self) -> Result<(), Refusal> {
        let group = match self {
            Self::ResourceGroup(_, group) => Some(group.as_str()),
            Self::Policy(policy) | Self::PolicyAction(policy, _) => policy.resource_group(),
            Self::Policies(place, _) | Self::Inventory(_, place, _) | Self::Exposure(place, _) => {
                place.group.as_deref()
            }
            _ => None,
        };
        let fits = |char: char| char.is_alphanumeric() || "-_.()".contains(char);
        match group {
            Some(group) if group.chars().count() > 90 || !group.chars().all(fits) => {
                let message = format!(
                    "The provided resource group name '{group}' is invalid. It has 1 to 90 letters, digits, '-', '_', \
                     '.', '(' and ')'."
                );
                Err(bad("InvalidResourceGroup", message, "resourceGroupName"))
            }
            _ => Ok(()),
        }
    }
}

/// The part of a path behind `/providers/`.
fn provider(place: Place, lower: &[&str], written: &[String]) -> Option<Route> {
    if lower.iter().any(|segment| segment.is_empty()) {
        return None;
    }
    let at = |index: usize| written.get(index).cloned().unwrap_or_default();
    match (lower, &place.group) {
        (["microsoft.security", rest @ ..], _) => security(place, rest, written),
        (["microsoft.insights", "eventtypes", "management", "values"], None) => {
            Some(Route::Activity(place.subscription))
        }
        (["microsoft.compute" | "microsoft.network", _], _) => {
            Some(Route::Inventory(kind(lower)?, place, None))
        }
        (["microsoft.compute" | "microsoft.network", _, _], Some(_)) => {
            Some(Route::Inventory(kind(lower)?, place, Some(at(2))))
        }
        (
            ["microsoft.compute", "virtualmachines", _, "providers", "microsoft.security", "jitexposure"],
            Some(_),
        ) => {
            let id = format!("{}/providers/Microsoft.Compute/virtualMachines/{}", place.id(), at(2));
            Some(Route::Exposure(place, Some(id)))
        }
        _ => None,
    }
}

fn kind(lower: &[&str]) -> Option<ArmKind> {
    let [provider, kind, ..] = lower else { return None };
    ArmKind::from_type(&format!("{provider}/{kind}"))
}

fn security(place: Place, rest: &[&str], written: &[String]) -> Option<Route> {
    let at = |index: usize| written.get(index).cloned().unwrap_or_default();
    let policy = || {
        place.group.as_ref()?;
        let text = format!(
            "{}/providers/Microsoft.Security/locations/{}/jitNetworkAccessPolicies/{}",
            place.id(),
            at(2),
            at(4)
        );
        Some(ResourceId::new(&text))
    };
    match rest {
        ["jitnetworkaccesspolicies"] => Some(Route::Policies(place, None)),
        ["jitexposure"] => Some(Route::Exposure(place, None)),
        ["locations", _, "jitnetworkaccesspolicies"] => Some(Route::Policies(place, Some(at(2)))),
        ["locations", _, "jitnetworkaccesspolicies", _] => Some(Route::Policy(policy()?)),
        ["locations", _, "jitnetworkaccesspolicies", _, action] => {
            let action = match *action {
                "initiate" => Action::Initiate,
                "revoke" => Action::Revoke,
                "decide" => Action::Decide,
                "preview" => Action::Preview,
                _ => return None,
            };
            Some(Route::PolicyAction(policy()?, action))
        }
        _ => None,
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
