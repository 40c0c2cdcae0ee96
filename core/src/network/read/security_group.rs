//! EC2 security groups.

use alloc::string::String;
use alloc::vec::Vec;

use super::Reader;
use super::value::Text;
use crate::json::{NodeId, Number};
use crate::network::fact::{Aspect, Oddity, ResourceKind};
use crate::network::given::SecurityGroup;
use crate::network::rule::{Peer, Permission, PortRange, RuleProtocol, Value};

impl Reader<'_, '_> {
    pub(super) fn security_group(&mut self, node: NodeId) {
        let [id, name, permissions] = self.fields(node, &["GroupId", "GroupName", "IpPermissions"]);
        let id = self.words(id);
        if id.is_empty() {
            self.fact(node, Oddity::NoId(ResourceKind::SecurityGroup));
        }
        let name = self.words(name);
        let ingress = self.list(permissions).into_iter().map(|node| self.permission(node)).collect();
        if permissions.is_none() && !self.bare(&id, ResourceKind::SecurityGroup, node) {
            return;
        }
        let place = self.place(node);
        self.draft.add(SecurityGroup { id, name, ingress, place });
    }

    fn permission(&mut self, node: NodeId) -> Permission {
        let [protocol, from, to, v4, v6, groups, lists] = self.fields(
            node,
            &[
                "IpProtocol",
                "FromPort",
                "ToPort",
                "IpRanges",
                "Ipv6Ranges",
                "UserIdGroupPairs",
                "PrefixListIds",
            ],
        );
        let protocol = match protocol {
            Some(protocol) => self.ip_protocol(protocol),
            None => {
                self.fact(node, Oddity::BadProtocol);
                Value::Unknown(String::new())
            }
        };
        let ports = self.permission_ports(&protocol, from, to);
        let mut peers = Vec::new();
        for (list, name) in [(v4, "CidrIp"), (v6, "CidrIpv6")] {
            for range in self.list(list) {
                let [cidr] = self.fields(range, &[name]);
                let cidr = cidr.unwrap_or(range);
                peers.push(match self.net(cidr) {
                    Some(net) => Peer::Net(net),
                    None => Peer::Unknown(self.words(Some(cidr))),
                });
            }
        }
        for group in self.list(groups) {
            let [id] = self.fields(group, &["GroupId"]);
            peers.push(Peer::Group(self.element(id.unwrap_or(group))));
        }
        for list in self.list(lists) {
            let [id] = self.fields(list, &["PrefixListId"]);
            peers.push(Peer::PrefixList(self.words(id)));
        }
        if peers.is_empty() {
            // No rule that exists is for nobody: whom it is for was lost on the way.
            self.fact(node, Oddity::Empty(Aspect::Sources));
            peers.push(Peer::Unknown(String::new()));
        }
        Permission { protocol, ports, peers, place: self.place(node) }
    }

    /// A protocol by its name or number; `-1` is any.
    fn ip_protocol(&mut self, node: NodeId) -> Value<RuleProtocol> {
        const NAMES: [(&str, RuleProtocol); 6] = [
            ("-1", RuleProtocol::Any),
            ("all", RuleProtocol::Any),
            ("tcp", RuleProtocol::Number(6)),
            ("udp", RuleProtocol::Number(17)),
            ("icmp", RuleProtocol::Number(1)),
            ("icmpv6", RuleProtocol::Number(58)),
        ];
        if let Some(Text::Known(text)) = self.text(node)
            && let Ok(number) = text.parse()
        {
            return Value::Known(RuleProtocol::Number(number));
        }
        self.word(node, &NAMES, Oddity::BadProtocol)
    }

    /// The ports of TCP and UDP. Of ICMP the same members are a type and a code: all of them, or some, and then it
    /// is not known whether a packet is among them.
    fn permission_ports(
        &mut self,
        protocol: &Value<RuleProtocol>,
        from: Option<NodeId>,
        to: Option<NodeId>,
    ) -> Value<PortRange> {
        let number = |node: Option<NodeId>| match self.tape.number(node?) {
            Some(Number::Integer(number) | Number::Spelt(number)) => Some(number),
            _ => None,
        };
        let bounds = (number(from), number(to));
        match protocol {
            Value::Known(RuleProtocol::Number(1 | 58)) => match bounds {
                (Some(-1), _) => Value::Known(PortRange::ALL),
                (Some(kind), None | Some(-1)) => Value::Unknown(alloc::format!("ICMP type {kind}")),
                (Some(kind), Some(code)) => Value::Unknown(alloc::format!("ICMP type {kind} code {code}")),
                // A type that cannot be read is one all the same.
                (None, _) => match from {
                    Some(from) => Value::Unknown(alloc::format!("ICMP type {}", self.tape.raw(from))),
                    None => Value::Known(PortRange::ALL),
                },
            },
            Value::Known(RuleProtocol::Number(6 | 17)) | Value::Unknown(_) => {
                let (Some(from), Some(to)) = (from, to) else { return Value::Known(PortRange::ALL) };
                let port = |number: Option<i64>| number.and_then(|number| u16::try_from(number).ok());
                let oddity = match (port(bounds.0), port(bounds.1)) {
                    (Some(first), Some(last)) => match PortRange::new(first, last) {
                        Some(range) => return Value::Known(range),
                        None => Oddity::PortsBackwards,
                    },
                    _ if bounds == (Some(-1), Some(-1)) => return Value::Known(PortRange::ALL),
                    _ => Oddity::BadPort,
                };
                self.fact(from, oddity);
                Value::Unknown(alloc::format!("{}-{}", self.tape.raw(from), self.tape.raw(to)))
            }
            Value::Known(_) => Value::Known(PortRange::ALL),
        }
    }
}
