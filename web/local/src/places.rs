//! The user, subscriptions, resource groups and permissions.

use std::collections::BTreeMap;
use std::sync::Arc;

use jitgate_core::access::{Permission, Scope, action, built_in};
use jitgate_core::inventory::Present;
use jitgate_core::ledger::Refusal;
use jitgate_core::wire;

use crate::reply::{Outcome, Reply};
use crate::service::Call;

/// The one tenant.
const TENANT: &str = "6a697467-6174-4500-8000-000000000001";

/// The user's role, at everything.
const ROLE: &str = "Owner";

impl Call<'_> {
    /// Who the user is.
    pub fn me(&self) -> Reply {
        let user = &self.situation.user;
        let address = self.situation.address.map(|address| format!(",\"ipAddress\":\"{address}\""));
        Reply::json(format!(
            "{{\"objectId\":{},\"name\":{},\"kind\":\"{}\"{}}}",
            wire::string(&user.id),
            wire::string(&user.name),
            user.kind.as_str(),
            address.unwrap_or_default()
        ))
    }

    /// All subscriptions that anything is known of, by their ids in lower case, as first spelt.
    fn known(&mut self) -> Result<BTreeMap<String, String>, Refusal> {
        let present = self.present()?;
        let mut known = BTreeMap::new();
        let mut add = |id: &str| {
            known.entry(id.to_ascii_lowercase()).or_insert_with(|| id.to_owned());
        };
        self.state().all_policies().for_each(|policy| add(policy.parts().subscription));
        present.view.subscriptions().for_each(&mut add);
        let scopes = self.state().role_assignments().filter_map(|role| Scope::new(&role.scope));
        scopes.for_each(|scope| scope.subscription().into_iter().for_each(&mut add));
        Ok(known)
    }

    /// All of them.
    pub fn subscriptions(&mut self) -> Outcome {
        let known = self.known()?;
        Ok(Reply::json(wire::page(known.values().map(|id| subscription_json(id)), &[], None)))
    }

    /// One of them.
    pub fn subscription(&mut self, id: &str) -> Outcome {
        Ok(Reply::json(subscription_json(&self.find(id)?)))
    }

    fn find(&mut self, id: &str) -> Result<String, Refusal> {
        self.known()?.remove(&id.to_ascii_lowercase()).ok_or_else(|| {
            Refusal::new(404, "SubscriptionNotFound", format!("The subscription '{id}' could not be found."))
        })
    }

    /// The resource groups of a subscription.
    pub fn resource_groups(&mut self, id: &str) -> Outcome {
        let (id, present) = (self.find(id)?, self.present()?);
        let groups = self.groups(&present, &id);
        let items = groups.values().map(|(name, location)| group_json(&id, name, location));
        Ok(Reply::json(wire::page(items, &[], None)))
    }

    /// One of them.
    pub fn resource_group(&mut self, id: &str, name: &str) -> Outcome {
        let (id, present) = (self.find(id)?, self.present()?);
        match self.groups(&present, &id).get(&name.to_ascii_lowercase()) {
            Some((name, location)) => Ok(Reply::json(group_json(&id, name, location))),
            None => {
                let message = format!("Resource group '{name}' could not be found.");
                Err(Refusal::new(404, "ResourceGroupNotFound", message))
            }
        }
    }

    /// Name and region, by the name in lower case.
    fn groups(&self, present: &Arc<Present>, subscription: &str) -> BTreeMap<String, (String, String)> {
        let mut groups = BTreeMap::new();
        let mut add = |name: &str, location: &str| {
            let group = groups.entry(name.to_ascii_lowercase());
            group.or_insert_with(|| (name.to_owned(), location.to_owned()));
        };
        present.view.resource_groups(subscription).for_each(|(name, location)| add(name, location));
        let parts = self.state().all_policies().map(|policy| policy.parts());
        let own = parts.filter(|parts| parts.subscription.eq_ignore_ascii_case(subscription));
        own.for_each(|parts| add(parts.resource_group, parts.location));
        groups
    }

    /// What the user may do at a scope.
    pub fn permissions(&self, scope: &str) -> Outcome {
        if Scope::new(scope).is_none() {
            let user = &self.situation.user;
            let message = format!(
                "The client '{}' with object id '{}' does not have authorization to perform action '{}' over scope 'The \
                 scope '{scope}' is invalid.' or the scope is invalid. If access was recently granted, please refresh \
                 your credentials.",
                user.name,
                user.id,
                action::PERMISSIONS_READ
            );
            return Err(Refusal::new(403, "AuthorizationFailed", message));
        }
        let role = built_in(ROLE);
        let held: Vec<&Permission> = role.iter().flat_map(|role| &role.permissions).collect();
        Ok(Reply::json(wire::permissions(&held)))
    }
}

fn subscription_json(id: &str) -> String {
    let (path, id) = (wire::string(&format!("/subscriptions/{id}")), wire::string(id));
    format!(
        "{{\"authorizationSource\":\"RoleBased\",\"displayName\":{id},\"id\":{path},\"state\":\"Enabled\",\
         \"subscriptionId\":{id},\"subscriptionPolicies\":{{\"locationPlacementId\":\"Public_2014-09-01\",\
         \"quotaId\":\"PayAsYouGo_2014-09-01\",\"spendingLimit\":\"Off\"}},\"tenantId\":\"{TENANT}\"}}"
    )
}

fn group_json(subscription: &str, name: &str, location: &str) -> String {
    let id = wire::string(&format!("/subscriptions/{subscription}/resourceGroups/{name}"));
    format!(
        "{{\"id\":{id},\"location\":{},\"name\":{},\"properties\":{{\"provisioningState\":\"Succeeded\"}},\
         \"type\":\"Microsoft.Resources/resourceGroups\"}}",
        wire::string(location),
        wire::string(name)
    )
}
