//! What names in a path can be.

use alloc::format;

use super::super::bad;
use super::Route;
use crate::ledger::Refusal;
use crate::model::PolicyId;
use crate::rules::machines::name_too_long::fits;

/// Twice as long as Azure's longest.
const LONGEST_LOCATION: usize = 50;

impl Route {
    /// The name of a resource group has a pattern and a length.
    pub(super) fn check_group(&self) -> Result<(), Refusal> {
        let group = match self {
            Self::ResourceGroup(_, group) => Some(group.as_str()),
            Self::Policy(policy) | Self::PolicyAction(policy, _) => policy.resource_group(),
            Self::Policies(place, _)
            | Self::Inventory(_, place, _)
            | Self::Parts(_, place, ..)
            | Self::Resources(place)
            | Self::InstanceView(place, _)
            | Self::Exposure(place, _) => place.resource_group.as_deref(),
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

    /// No policy of a longer name has a machine, and no region has a longer one.
    pub(super) fn check_policy(&self) -> Result<(), Refusal> {
        let (Self::Policy(policy) | Self::PolicyAction(policy, _)) = self else { return Ok(()) };
        if !fits(policy.name(), "x") {
            let message = format!(
                "The policy name '{}' is invalid. It has at most 56 characters together with a machine's name.",
                policy.name()
            );
            return Err(bad("InvalidResourceName", message, "jitNetworkAccessPolicyName"));
        }
        let location = PolicyId::parse(policy.text()).map_or("", |parts| parts.location);
        if location.chars().count() > LONGEST_LOCATION {
            let message = format!(
                "The location '{location}' is invalid. It has at most {LONGEST_LOCATION} characters."
            );
            return Err(bad("InvalidLocation", message, "ascLocation"));
        }
        Ok(())
    }
}
