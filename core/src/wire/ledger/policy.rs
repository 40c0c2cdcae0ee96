//! Policies as the service shows them, and as they stand in events.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::request::RequestJson;
use crate::ledger::{
    Grant, MachineRules, Policy, PolicyBody, PortRule, Prefixes, Request, ResourceId, State,
};
use crate::model::{ProtocolText, Timestamp};
use crate::wire::json;

/// The requests of so many days stay in the policy that made them. The service keeps them for more than 17 days
/// (seen in a recording), how long is not known.
pub const SHOWN: Duration = Duration::from_hours(30 * 24);

/// The resource type.
const TYPE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies";

/// The port of the Azure Firewall that leads to where a grant of a request opens, where one does: `mappedPort`.
pub type Mapped<'m> = &'m dyn Fn(&Request, &Grant) -> Option<u16>;

/// A policy as GET and PUT answer it, with its requests of the last 30 days as they stand at `now`.
pub fn policy(state: &State, policy: &Policy, now: Timestamp) -> String {
    mapped_policy(state, policy, now, &|_, _| None)
}

/// The same, with the ports of firewalls.
pub fn mapped_policy(state: &State, policy: &Policy, now: Timestamp, mapped: Mapped) -> String {
    json(&PolicyJson::new(state, policy, now, mapped))
}

/// `{"value": […], "nextLink"?}`
pub fn policies<'s>(
    state: &State,
    policies: impl IntoIterator<Item = &'s Arc<Policy>>,
    next_link: Option<&str>,
    now: Timestamp,
) -> String {
    mapped_policies(state, policies, next_link, now, &|_, _| None)
}

/// The same, with the ports of firewalls.
pub fn mapped_policies<'s>(
    state: &State,
    policies: impl IntoIterator<Item = &'s Arc<Policy>>,
    next_link: Option<&str>,
    now: Timestamp,
    mapped: Mapped,
) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct List<'a> {
        value: Vec<PolicyJson<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_link: Option<&'a str>,
    }
    let value = policies.into_iter().map(|policy| PolicyJson::new(state, policy, now, mapped)).collect();
    json(&List { value, next_link })
}

/// A policy's machines and rules alone, those with an id that is wanted: what requests are held against.
pub fn policy_rules(policy: &Policy, wanted: impl Fn(&ResourceId) -> bool) -> String {
    let machines = policy.machines.iter().map(|machine| &machine.rules);
    let virtual_machines = machines.filter(|rules| wanted(&rules.id)).map(MachineJson::from).collect();
    json(&Rules {
        properties: Properties { virtual_machines, requests: None, provisioning_state: None },
        id: policy.id.text(),
    })
}

#[derive(Serialize)]
struct Rules<'a> {
    properties: Properties<'a>,
    id: &'a str,
}

/// `{"kind"?, "properties", "id", "name", "type", "location"}`, in the service's order.
#[derive(Serialize)]
pub(super) struct PolicyJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    properties: Properties<'a>,
    id: &'a str,
    name: &'a str,
    r#type: &'static str,
    location: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    virtual_machines: Vec<MachineJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Vec<RequestJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provisioning_state: Option<&'static str>,
}

impl<'a> PolicyJson<'a> {
    fn new(state: &'a State, policy: &'a Policy, now: Timestamp, mapped: Mapped) -> Self {
        let parts = policy.parts();
        let recent = state
            .requests_of(&policy.id)
            .take_while(|request| now.since(request.start).is_none_or(|age| age <= SHOWN));
        let mut requests: Vec<_> =
            recent.map(|request| RequestJson::standing(request, now, mapped)).collect();
        requests.reverse();
        Self {
            kind: policy.kind.as_deref(),
            properties: Properties {
                virtual_machines: policy.machines.iter().map(|one| MachineJson::from(&one.rules)).collect(),
                requests: Some(requests),
                provisioning_state: Some("Succeeded"),
            },
            id: policy.id.text(),
            name: parts.name,
            r#type: TYPE,
            location: parts.location,
        }
    }
}

/// A policy in an event.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BodyJson<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    virtual_machines: Vec<MachineJson<'a>>,
}

impl<'a> From<&'a PolicyBody> for BodyJson<'a> {
    fn from(body: &'a PolicyBody) -> Self {
        Self {
            id: body.id.text().into(),
            kind: body.kind.as_deref().map(Cow::Borrowed),
            virtual_machines: body.machines.iter().map(MachineJson::from).collect(),
        }
    }
}

impl BodyJson<'_> {
    pub(super) fn into_body(self) -> Option<PolicyBody> {
        Some(PolicyBody {
            id: ResourceId::new(&self.id),
            kind: self.kind.as_deref().map(Box::from),
            machines: self
                .virtual_machines
                .into_iter()
                .map(MachineJson::into_rules)
                .collect::<Option<_>>()?,
        })
    }
}

/// `{"id", "ports", "publicIpAddress"?}`
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MachineJson<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    ports: Vec<RuleJson<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    public_ip_address: Option<Cow<'a, str>>,
}

impl<'a> From<&'a MachineRules> for MachineJson<'a> {
    fn from(rules: &'a MachineRules) -> Self {
        Self {
            id: rules.id.text().into(),
            ports: rules.ports.iter().map(RuleJson::from).collect(),
            public_ip_address: rules.public_ip_address.as_deref().map(Cow::Borrowed),
        }
    }
}

impl MachineJson<'_> {
    fn into_rules(self) -> Option<MachineRules> {
        Some(MachineRules {
            id: ResourceId::new(&self.id),
            public_ip_address: self.public_ip_address.as_deref().map(Box::from),
            ports: self.ports.into_iter().map(RuleJson::into_rule).collect::<Option<_>>()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleJson<'a> {
    number: u16,
    #[serde(borrow)]
    protocol: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefix: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_source_address_prefixes: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow)]
    max_request_access_duration: Cow<'a, str>,
}

impl<'a> From<&'a PortRule> for RuleJson<'a> {
    fn from(rule: &'a PortRule) -> Self {
        let (single, list) = members(&rule.prefixes);
        Self {
            number: rule.number,
            protocol: rule.protocol.as_str().into(),
            allowed_source_address_prefix: single,
            allowed_source_address_prefixes: list,
            max_request_access_duration: (&*rule.max_duration).into(),
        }
    }
}

impl RuleJson<'_> {
    fn into_rule(self) -> Option<PortRule> {
        let ProtocolText::Exact(protocol) = ProtocolText::parse(&self.protocol) else { return None };
        let single = self.allowed_source_address_prefix.as_deref();
        Some(PortRule {
            number: self.number,
            protocol,
            prefixes: Prefixes::new(single, self.allowed_source_address_prefixes.as_deref()),
            max_duration: (&*self.max_request_access_duration).into(),
        })
    }
}

/// The two members of sources.
pub(super) fn members(prefixes: &Prefixes) -> (Option<Cow<'_, str>>, Option<Vec<Cow<'_, str>>>) {
    let list = prefixes.list().map(|list| list.iter().map(|text| Cow::Borrowed(&**text)).collect());
    (prefixes.single().map(Cow::Owned), list)
}
