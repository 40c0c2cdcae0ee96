//! EC2 security groups, in the words of `describe-security-groups`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use super::rule;
use crate::network::{Engine, Index, Peer, Permission, PortRange, Ref, RuleProtocol, SecurityGroup, Value};

/// `{"GroupId", "GroupName", "IpPermissions": [{"IpProtocol", "FromPort"?, "ToPort"?, "IpRanges": [{"CidrIp"}],
/// "Ipv6Ranges": [{"CidrIpv6"}], "UserIdGroupPairs": [{"GroupId"}], "PrefixListIds": [{"PrefixListId"}]}]}`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecurityGroupJson<'a> {
    group_id: &'a str,
    group_name: &'a str,
    /// None where it has some, and none of them is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_permissions: Option<Vec<PermissionJson<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PermissionJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_protocol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_port: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_port: Option<i32>,
    ip_ranges: Vec<Range>,
    ipv6_ranges: Vec<Range6>,
    user_id_group_pairs: Vec<Pair<'a>>,
    prefix_list_ids: Vec<List<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Range {
    cidr_ip: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Range6 {
    cidr_ipv6: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Pair<'a> {
    group_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct List<'a> {
    prefix_list_id: &'a str,
}

impl<'a> SecurityGroupJson<'a> {
    pub(super) fn new(engine: &'a Engine, at: usize) -> Option<Self> {
        let groups = &engine.network().security_groups;
        let group = groups.get(at)?;
        let permissions = engine.permissions(Index::new(at));
        let known = |one: &Permission| *one != Permission::unknown(one.place);
        // Of one that is not known among others its place is left, lest they be taken for all.
        let told = permissions.is_empty() || permissions.iter().any(known);
        Some(Self {
            group_id: &group.id,
            group_name: &group.name,
            ip_permissions: told.then(|| permissions.iter().map(|one| permission_of(one, groups)).collect()),
        })
    }
}

fn permission_of<'a>(of: &'a Permission, groups: &'a [SecurityGroup]) -> PermissionJson<'a> {
    let (from_port, to_port) = ports(of);
    let mut json = PermissionJson {
        ip_protocol: protocol(&of.protocol),
        from_port,
        to_port,
        ip_ranges: Vec::new(),
        ipv6_ranges: Vec::new(),
        user_id_group_pairs: Vec::new(),
        prefix_list_ids: Vec::new(),
    };
    for peer in &of.peers {
        match peer {
            // EC2 writes every block with its mask.
            Peer::Net(net) if net.addr().is_ipv4() => json.ip_ranges.push(Range { cidr_ip: net.to_string() }),
            Peer::Net(net) => json.ipv6_ranges.push(Range6 { cidr_ipv6: net.to_string() }),
            Peer::Group(Ref::Given(group)) => {
                json.user_id_group_pairs.extend(groups.get(group.get()).map(|of| Pair { group_id: &of.id }));
            }
            Peer::Group(Ref::Missing(missing)) => {
                json.user_id_group_pairs.push(Pair { group_id: &missing.id });
            }
            Peer::Group(Ref::None) => {}
            Peer::PrefixList(id) => json.prefix_list_ids.push(List { prefix_list_id: id }),
            Peer::Unknown(text) if text.is_empty() => {}
            Peer::Unknown(text) => json.ip_ranges.push(Range { cidr_ip: text.clone() }),
        }
    }
    json
}

fn protocol(protocol: &Value<RuleProtocol>) -> Option<String> {
    Some(match protocol {
        Value::Known(RuleProtocol::Any) => "-1".to_string(),
        Value::Known(RuleProtocol::Number(1)) => "icmp".to_string(),
        Value::Known(RuleProtocol::Number(58)) => "icmpv6".to_string(),
        Value::Known(_) => rule::protocol(protocol, false)?.to_ascii_lowercase(),
        Value::Unknown(text) => return (!text.is_empty()).then(|| text.clone()),
    })
}

/// TCP and UDP have ports, ICMP a type, of which all is -1; other protocols neither.
fn ports(of: &Permission) -> (Option<i32>, Option<i32>) {
    match (&of.protocol, &of.ports) {
        (Value::Known(RuleProtocol::Number(1 | 58)), Value::Known(_)) => (Some(-1), Some(-1)),
        (Value::Known(RuleProtocol::Number(1 | 58)), Value::Unknown(text)) => {
            // As the reader writes what it cannot judge: `ICMP type 3 code 4`.
            let numbers = text.strip_prefix("ICMP type ").unwrap_or_default();
            let (kind, code) = numbers.split_once(" code ").unwrap_or((numbers, "-1"));
            (kind.parse().ok(), code.parse().ok())
        }
        (Value::Known(RuleProtocol::Number(6 | 17)), Value::Known(range)) if *range != PortRange::ALL => {
            (Some(range.first().into()), Some(range.last().into()))
        }
        (Value::Known(RuleProtocol::Number(6 | 17)), Value::Known(_)) => (Some(0), Some(65_535)),
        _ => (None, None),
    }
}
