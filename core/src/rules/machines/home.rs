//! Where a policy is at home: what its machines are expected to share with it.

use crate::json::NodeId;
use crate::model::Policy;

/// A subscription and a resource group, and who says so.
pub(super) struct Home<'a> {
    pub subscription: &'a str,
    pub resource_group: &'a str,
    /// Where it stands.
    pub node: NodeId,
    /// What stands there.
    pub whose: &'static str,
}

impl<'a> Home<'a> {
    /// By the policy's own id, else by its first machine's.
    pub fn of(policy: &'a Policy) -> Option<Self> {
        if let (Some(id), Some(node)) = (policy.policy_id(), policy.id.node()) {
            let (subscription, resource_group) = (id.subscription, id.resource_group);
            return Some(Self { subscription, resource_group, node, whose: "the policy" });
        }
        policy.machines.iter().find_map(|machine| {
            let (id, node) = machine.id.given()?;
            let id = id.machine()?;
            let (subscription, resource_group) = (id.subscription(), id.resource_group());
            Some(Self { subscription, resource_group, node, whose: "the first machine" })
        })
    }
}
