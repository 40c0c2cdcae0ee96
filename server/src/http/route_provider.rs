//! The part of a path behind `/providers/`: which resources of which provider.

use super::route::{Action, Place, PolicyPath, ResourceKind, Route};

/// The route of the segments, given in lower case and as written; none where none is like them.
pub fn parse(place: Place, lower: &[&str], written: &[String]) -> Option<Route> {
    if lower.iter().any(|segment| segment.is_empty()) {
        return None;
    }
    let (provider, rest) = lower.split_first()?;
    let at = |index: usize| written.get(index).cloned().unwrap_or_default();
    match *provider {
        "microsoft.security" => security(place, rest, written),
        "microsoft.insights" => match (rest, place.resource_group) {
            (["eventtypes", "management", "values"], None) => Some(Route::Activity(place.subscription)),
            _ => None,
        },
        "microsoft.compute" | "microsoft.network" => match rest {
            [kind] => Some(Route::Inventory(resource_kind(provider, kind)?, place, None)),
            [kind, _] if place.resource_group.is_some() => {
                Some(Route::Inventory(resource_kind(provider, kind)?, place, Some(at(2))))
            }
            ["virtualmachines", _, "providers", "microsoft.security", "jitexposure"]
                if *provider == "microsoft.compute" && place.resource_group.is_some() =>
            {
                let machine = format!(
                    "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/{}",
                    place.subscription,
                    place.resource_group.as_deref().unwrap_or_default(),
                    at(2)
                );
                Some(Route::Exposure(place, Some(machine)))
            }
            _ => None,
        },
        _ => None,
    }
}

fn security(place: Place, rest: &[&str], written: &[String]) -> Option<Route> {
    let at = |index: usize| written.get(index).cloned().unwrap_or_default();
    let policy = |place: Place| {
        let Place { subscription, resource_group } = place;
        Some(PolicyPath { subscription, resource_group: resource_group?, location: at(2), name: at(4) })
    };
    match rest {
        ["jitnetworkaccesspolicies"] => Some(Route::Policies(place, None)),
        ["jitexposure"] => Some(Route::Exposure(place, None)),
        ["locations", _, "jitnetworkaccesspolicies"] => Some(Route::Policies(place, Some(at(2)))),
        ["locations", _, "jitnetworkaccesspolicies", _] => Some(Route::Policy(policy(place)?)),
        ["locations", _, "jitnetworkaccesspolicies", _, action] => {
            let action = match *action {
                "initiate" => Action::Initiate,
                "revoke" => Action::Revoke,
                "decide" => Action::Decide,
                "preview" => Action::Preview,
                _ => return None,
            };
            Some(Route::PolicyAction(policy(place)?, action))
        }
        _ => None,
    }
}

fn resource_kind(provider: &str, kind: &str) -> Option<ResourceKind> {
    Some(match (provider, kind) {
        ("microsoft.compute", "virtualmachines") => ResourceKind::VirtualMachines,
        ("microsoft.network", "networkinterfaces") => ResourceKind::NetworkInterfaces,
        ("microsoft.network", "networksecuritygroups") => ResourceKind::NetworkSecurityGroups,
        ("microsoft.network", "publicipaddresses") => ResourceKind::PublicIpAddresses,
        ("microsoft.network", "virtualnetworks") => ResourceKind::VirtualNetworks,
        ("microsoft.network", "azurefirewalls") => ResourceKind::AzureFirewalls,
        _ => return None,
    })
}
