//! The part of a path behind `/providers/`: which resources of which provider.

use super::path::Path;
use super::route::{Action, Place, PolicyPath, ResourceKind, RoleKind, Route};

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

/// `{scope}/providers/Microsoft.Authorization/…`: of a whole path, since the scope may be anything, also nothing.
pub fn authorization(path: &Path) -> Option<Route> {
    let lower: Vec<&str> = path.lower.iter().map(String::as_str).collect();
    let behind = |count: usize| path.written.get(..path.written.len().checked_sub(count)?);
    let scope = |segments: &[String]| format!("/{}", segments.join("/"));
    let kind = |word: &str| match word {
        "roledefinitions" => Some(RoleKind::Definitions),
        "roleassignments" => Some(RoleKind::Assignments),
        _ => None,
    };
    match lower.as_slice() {
        // At the root there is no permission that is the caller's own: jitgate has no management groups.
        [_, .., "providers", "microsoft.authorization", "permissions"] => {
            Some(Route::Permissions(scope(behind(3)?)))
        }
        [.., "providers", "microsoft.authorization", word] => {
            Some(Route::Roles(kind(word)?, scope(behind(3)?), None))
        }
        [.., "providers", "microsoft.authorization", word, name] if !name.is_empty() => {
            Some(Route::Roles(kind(word)?, scope(behind(4)?), path.written.last().cloned()))
        }
        _ => None,
    }
}

/// A region's name as in ids. Of a name as people see it, `East US`, that is `eastus`.
pub fn location(written: &str) -> String {
    let spaced = written.contains(char::is_whitespace);
    let letters = |written: &str| written.split_whitespace().collect::<String>().to_ascii_lowercase();
    if spaced { letters(written) } else { written.to_owned() }
}

fn security(place: Place, rest: &[&str], written: &[String]) -> Option<Route> {
    let at = |index: usize| written.get(index).cloned().unwrap_or_default();
    if rest.first() == Some(&"locations") && location(&at(2)).is_empty() {
        return None;
    }
    let policy = |place: Place| {
        let Place { subscription, resource_group } = place;
        let location = location(&at(2));
        Some(PolicyPath { subscription, resource_group: resource_group?, location, name: at(4) })
    };
    match rest {
        ["jitnetworkaccesspolicies"] => Some(Route::Policies(place, None)),
        ["jitexposure"] => Some(Route::Exposure(place, None)),
        ["locations", _, "jitnetworkaccesspolicies"] => Some(Route::Policies(place, Some(location(&at(2))))),
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
        ("microsoft.network", "applicationsecuritygroups") => ResourceKind::ApplicationSecurityGroups,
        ("microsoft.network", "routetables") => ResourceKind::RouteTables,
        _ => return None,
    })
}
