//! Which resource an object is: by its `type`, else by its `id`, else by its members.

use alloc::borrow::Cow;

use crate::json::{NodeId, NodeKind, Tape};
use crate::part::AnyCase;

/// What an object is to a reader of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Machine,
    ClassicMachine,
    Nic,
    Nsg,
    /// A rule as a resource of its own.
    Rule,
    /// One of Azure's default rules as a resource of its own.
    DefaultRule,
    Vnet,
    Subnet,
    Peering,
    PublicIp,
    Asg,
    RouteTable,
    Route,
    Firewall,
    Instance,
    Interface,
    SecurityGroup,
    ServiceTags,
    Deployment,
    /// A resource of no concern.
    Other,
}

/// Resource types in small letters, with what they are.
const TYPES: [(&str, Found); 16] = [
    ("microsoft.compute/virtualmachines", Found::Machine),
    ("microsoft.classiccompute/virtualmachines", Found::ClassicMachine),
    ("microsoft.network/networkinterfaces", Found::Nic),
    ("microsoft.network/networksecuritygroups", Found::Nsg),
    ("microsoft.network/networksecuritygroups/securityrules", Found::Rule),
    ("microsoft.network/networksecuritygroups/defaultsecurityrules", Found::DefaultRule),
    ("microsoft.network/virtualnetworks", Found::Vnet),
    ("microsoft.network/virtualnetworks/subnets", Found::Subnet),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", Found::Peering),
    ("microsoft.network/publicipaddresses", Found::PublicIp),
    ("microsoft.network/applicationsecuritygroups", Found::Asg),
    ("microsoft.network/routetables", Found::RouteTable),
    ("microsoft.network/routetables/routes", Found::Route),
    ("microsoft.network/azurefirewalls", Found::Firewall),
    ("microsoft.network/servicetags", Found::ServiceTags),
    ("microsoft.resources/deployments", Found::Deployment),
];

/// What an object is, by these members of it or of its `properties`: all must be there.
const MEMBERS: [(&[&str], Found); 17] = [
    (&["InstanceId", "InstanceType"], Found::Instance),
    (&["InstanceId", "PrivateIpAddress"], Found::Instance),
    (&["NetworkInterfaceId", "Groups"], Found::Interface),
    (&["GroupId", "IpPermissions"], Found::SecurityGroup),
    (&["values", "changeNumber"], Found::ServiceTags),
    (&["securityRules"], Found::Nsg),
    (&["defaultSecurityRules"], Found::Nsg),
    (&["addressSpace"], Found::Vnet),
    (&["natRuleCollections"], Found::Firewall),
    (&["networkRuleCollections"], Found::Firewall),
    (&["networkProfile", "storageProfile"], Found::Machine),
    (&["ipConfigurations", "enableIPForwarding"], Found::Nic),
    (&["ipConfigurations", "virtualMachine"], Found::Nic),
    (&["ipConfigurations", "networkSecurityGroup"], Found::Nic),
    (&["publicIPAllocationMethod"], Found::PublicIp),
    (&["routes", "disableBgpRoutePropagation"], Found::RouteTable),
    (&["addressPrefix", "networkSecurityGroup"], Found::Subnet),
];

/// What this object is; none for a mere container. `parent` is the type of the resource around it, in
/// whose `resources` it stands.
pub(super) fn kind(tape: &Tape, node: NodeId, parent: Option<&str>) -> Option<Found> {
    if tape.kind(node) != NodeKind::Object {
        return None;
    }
    if let Some(of) = resource_type(tape, node, parent) {
        return Some(by_type(&of).unwrap_or(Found::Other));
    }
    MEMBERS.iter().find(|(names, _)| names.iter().all(|name| has(tape, node, name))).map(|&(_, found)| found)
}

/// The type of a resource: as it is told, or as its id tells it.
pub(super) fn resource_type<'t>(tape: &Tape<'t>, node: NodeId, parent: Option<&str>) -> Option<Cow<'t, str>> {
    let told = member(tape, node, "type").and_then(|id| tape.string(id));
    // Types of other things, such as of a route's next hop or of a variable, have no slash.
    if let Some(told) = told {
        if told.contains('/') {
            return Some(told);
        }
        // A child resource may leave out the type of the one around it.
        if let Some(parent) = parent {
            return Some(Cow::Owned(alloc::format!("{parent}/{told}")));
        }
    }
    let id = member(tape, node, "id").and_then(|id| tape.string(id))?;
    type_of_id(&id).map(Cow::Owned)
}

/// `Microsoft.Network/virtualNetworks/subnets` of `…/providers/Microsoft.Network/virtualNetworks/v/subnets/s`.
pub(super) fn type_of_id(id: &str) -> Option<alloc::string::String> {
    const PROVIDERS: &str = "/providers/";
    let at = id
        .as_bytes()
        .windows(PROVIDERS.len())
        .rposition(|part| part.eq_ignore_ascii_case(PROVIDERS.as_bytes()))?;
    let mut parts = id.get(at..)?.get(PROVIDERS.len()..)?.split('/');
    let mut of = alloc::string::String::from(parts.next()?);
    while let (Some(kind), Some(_name)) = (parts.next(), parts.next()) {
        of.push('/');
        of.push_str(kind);
    }
    of.contains('/').then_some(of)
}

fn by_type(of: &str) -> Option<Found> {
    TYPES.iter().find(|(name, _)| of.same_in_any_case(name)).map(|&(_, found)| found)
}

/// The value of that member of the object itself, in whatever case.
#[inline(never)]
pub(super) fn member(tape: &Tape, node: NodeId, name: &str) -> Option<NodeId> {
    let is = |key: NodeId| tape.string(key).is_some_and(|key| key.same_in_any_case(name));
    tape.members(node).find(|member| is(member.key)).map(|member| member.value)
}

#[inline(never)]
fn has(tape: &Tape, node: NodeId, name: &str) -> bool {
    member(tape, node, name).or_else(|| member(tape, member(tape, node, "properties")?, name)).is_some()
}

/// Members of containers in which resources stand: what exports, calls and templates wrap around them.
pub(super) const CONTAINERS: [&str; 9] = [
    "value",
    "data",
    "items",
    "resources",
    "Reservations",
    "Instances",
    "NetworkInterfaces",
    "SecurityGroups",
    "template",
];

/// Members that say that there are more than this page has, of Resource Manager, of Resource Graph, of `OData` and of EC2.
pub(super) const NEXT_PAGE: [&str; 6] =
    ["nextLink", "$skipToken", "skip_token", "skipToken", "@odata.nextLink", "NextToken"];

/// Members that say so by being true: Resource Graph has no token for what it cannot page.
pub(super) const TRUNCATED: [&str; 2] = ["resultTruncated", "result_truncated"];

/// True when a network's resource is in this document, where exports, calls and templates have them.
pub fn is_network(tape: &Tape, node: NodeId) -> bool {
    match tape.kind(node) {
        NodeKind::Array => tape.elements(node).any(|element| is_network(tape, element.value)),
        NodeKind::Object => match kind(tape, node, None) {
            Some(Found::Deployment) => member(tape, node, "properties")
                .and_then(|inner| member(tape, inner, "template"))
                .is_some_and(|template| is_network(tape, template)),
            Some(Found::Other) => false,
            Some(_) => true,
            None => tape.members(node).any(|member| {
                let name = tape.string(member.key).unwrap_or_default();
                CONTAINERS.iter().any(|container| name.same_in_any_case(container))
                    && (is_network(tape, member.value)
                        // Templates may name their resources. These are looked at, not into: otherwise each
                        // level would double the work.
                        || tape.members(member.value).any(|named| {
                            kind(tape, named.value, None).is_some_and(|found| found != Found::Other)
                        }))
            }),
        },
        _ => false,
    }
}
