//! The part of a path behind `/providers/`: which resources of which provider.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::path::Path;
use super::route::{Action, Place, RoleKind, Route};
use crate::ledger::ResourceId;
use crate::wire::inventory::{ArmKind, ArmPart};

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
            [kind] => Some(Route::Inventory(arm_kind(provider, kind)?, place, None)),
            [kind, _] if place.resource_group.is_some() => {
                Some(Route::Inventory(arm_kind(provider, kind)?, place, Some(at(2))))
            }
            ["locations", _, "virtualmachines"]
                if *provider == "microsoft.compute"
                    && place.resource_group.is_none()
                    && !location(&at(2)).is_empty() =>
            {
                Some(Route::Region(place, location(&at(2))))
            }
            ["virtualmachines", _, "instanceview"]
                if *provider == "microsoft.compute" && place.resource_group.is_some() =>
            {
                Some(Route::InstanceView(place, at(2)))
            }
            [kind, _, word] | [kind, _, word, _] if place.resource_group.is_some() => {
                let part = ArmPart::from_word(arm_kind(provider, kind)?, word)?;
                Some(Route::Parts(part, place, at(2), written.get(4).cloned()))
            }
            ["virtualmachines", _, "providers", "microsoft.security", "jitexposure"]
                if *provider == "microsoft.compute" && place.resource_group.is_some() =>
            {
                let machine = format!("{}/providers/Microsoft.Compute/virtualMachines/{}", place.id(), at(2));
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
    if matches!(rest, ["locations", _, ..]) && location(&at(2)).is_empty() {
        return None;
    }
    let policy = |place: Place| {
        place.resource_group.as_ref()?;
        // In Azure's own spelling of everything but the parts.
        let (place, location, name) = (place.id(), location(&at(2)), at(4));
        Some(ResourceId::new(&format!(
            "{place}/providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}"
        )))
    };
    match rest {
        ["locations"] | ["locations", _] if place.resource_group.is_none() => {
            let name = written.get(2).map(|name| location(name));
            Some(Route::SecurityLocations(place.subscription, name))
        }
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

fn arm_kind(provider: &str, kind: &str) -> Option<ArmKind> {
    ArmKind::from_type(&format!("{provider}/{kind}"))
}
