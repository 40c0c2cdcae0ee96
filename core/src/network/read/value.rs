//! Single values: texts, references, addresses, ports, protocols, priorities.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::kind::member;
use super::{Oddity, Reader};
use crate::json::{NodeId, NodeKind, Number};
use crate::network::fact::Lost;
use crate::network::given::{Missing, Ref};
use crate::network::rule::{Access, Address, PortRange, RuleProtocol, Value};
use crate::read::unresolved;

/// What a text is.
pub(super) enum Text<'t> {
    /// It is this.
    Known(Cow<'t, str>),
    /// An expression or a placeholder, as written; nothing more is to be said about it here.
    Unknown(String),
}

impl<'t> Reader<'_, 't> {
    /// A string or a number as text; none for anything else, and for an empty string.
    pub(super) fn text(&mut self, node: NodeId) -> Option<Text<'t>> {
        let text = match self.tape.kind(node) {
            NodeKind::Number => Cow::Borrowed(self.tape.raw(node)),
            _ => self.tape.string(node)?,
        };
        if text.is_empty() {
            return None;
        }
        if unresolved(&text).is_none() {
            return Some(Text::Known(text));
        }
        Some(match self.literal(node, &text) {
            Some(known) => Text::Known(Cow::Owned(known)),
            None => Text::Unknown(text.into_owned()),
        })
    }

    /// A reference of that resource, of which it is known which it is: where its id was lost, that is said here.
    pub(super) fn own_reference<T>(&mut self, node: Option<NodeId>, id: &str) -> Ref<T> {
        let of = self.reference(node);
        if let (Some(node), true) = (node, of.lost_of("")) {
            self.fact(node, Oddity::Lost(Lost::Id));
        }
        of.lost_with(id)
    }

    /// An empty string or `null`, which exports write for what is not there.
    pub(super) fn is_nothing(&self, node: NodeId) -> bool {
        match self.tape.kind(node) {
            NodeKind::Null => true,
            NodeKind::String => self.tape.string(node).is_none_or(|text| text.is_empty()),
            _ => false,
        }
    }

    /// A text for people: as it is written, empty where there is none.
    pub(super) fn words(&self, node: Option<NodeId>) -> String {
        node.and_then(|node| self.tape.string(node)).unwrap_or_default().into_owned()
    }

    /// The elements of a list; a value that stands for its one element, as PowerShell writes it; nothing for
    /// nothing.
    pub(super) fn list(&self, node: Option<NodeId>) -> Vec<NodeId> {
        let Some(node) = node else { return Vec::new() };
        match self.tape.kind(node) {
            NodeKind::Array => self.tape.elements(node).map(|element| element.value).collect(),
            NodeKind::Null => Vec::new(),
            _ => alloc::vec![node],
        }
    }

    /// What a single value or the elements of a list are. A value that is nothing is none, but an element is one, also where it
    /// was lost on the way, and then unknown.
    pub(super) fn each<T>(
        &mut self,
        node: Option<NodeId>,
        read: fn(&mut Self, NodeId) -> Option<T>,
        unknown: fn(String) -> T,
    ) -> Vec<T> {
        let is_list = node.is_some_and(|node| self.tape.kind(node) == NodeKind::Array);
        let mut all = Vec::new();
        for node in self.list(node) {
            let lost = || is_list.then(|| unknown(String::new()));
            all.extend(read(self, node).or_else(lost));
        }
        all
    }

    /// A reference: the id, or an object with it, whose id may have been lost on the way. Nothing is linked yet, so it is
    /// missing until then.
    pub(super) fn reference<T>(&mut self, node: Option<NodeId>) -> Ref<T> {
        let Some(node) = node else { return Ref::None };
        let (id, is_object) = match self.tape.kind(node) {
            NodeKind::String => (Some(node), false),
            NodeKind::Object => (member(self.tape, node, "id"), true),
            _ => return Ref::None,
        };
        let name = id.and_then(|id| Some((id, self.name(id)?)));
        match name {
            Some((id, name)) if !name.is_empty() => self.missing(id, name.trim_end_matches('/').into()),
            _ if is_object => self.missing(node, String::new()),
            _ => Ref::None,
        }
    }

    /// The reference that is an element of a list: one is there, also where its id was lost on the way.
    pub(super) fn element<T>(&mut self, node: NodeId) -> Ref<T> {
        match self.reference(Some(node)) {
            Ref::None => self.missing(node, String::new()),
            of => of,
        }
    }

    pub(super) fn references<T>(&mut self, node: Option<NodeId>) -> Vec<Ref<T>> {
        match node.map(|node| self.tape.kind(node)) {
            Some(NodeKind::Array) => self.list(node).into_iter().map(|node| self.element(node)).collect(),
            // One by itself, or nothing, as PowerShell writes them.
            Some(NodeKind::Object) if node.is_none_or(|node| self.tape.node(node).count == 0) => Vec::new(),
            _ => Some(self.reference(node)).into_iter().filter(|of| !matches!(of, Ref::None)).collect(),
        }
    }

    pub(super) fn missing<T>(&self, node: NodeId, id: String) -> Ref<T> {
        Ref::Missing(Missing { id, place: self.place(node) })
    }

    /// An address of a machine; what is none is said.
    pub(super) fn ip(&mut self, node: Option<NodeId>) -> Option<IpAddr> {
        let node = node?;
        let Some(Text::Known(text)) = self.text(node) else { return None };
        let ip = text.parse().ok();
        if ip.is_none() {
            self.fact(node, Oddity::BadAddress);
        }
        ip
    }

    /// CIDR blocks; what is none is said and left out.
    pub(super) fn nets(&mut self, nodes: Vec<NodeId>) -> Vec<IpNet> {
        nodes.into_iter().filter_map(|node| self.net(node)).collect()
    }

    /// The CIDR blocks of a list that can be read, of a subnet or a virtual network, and whether there are others.
    pub(super) fn prefix_list(&mut self, nodes: Vec<NodeId>) -> (Vec<IpNet>, bool) {
        let count = nodes.len();
        for &node in &nodes {
            // Of a text that is none it is said where it is read.
            let is_text = matches!(self.tape.kind(node), NodeKind::String | NodeKind::Number);
            if !is_text || self.is_nothing(node) {
                self.fact(node, Oddity::Lost(Lost::Prefix));
            }
        }
        let nets = self.nets(nodes);
        let lost = nets.len() < count;
        (nets, lost)
    }

    pub(super) fn net(&mut self, node: NodeId) -> Option<IpNet> {
        let Some(Text::Known(text)) = self.text(node) else { return None };
        let Some(net) = parse_net(&text) else {
            self.fact(node, Oddity::BadPrefix);
            return None;
        };
        Some(self.whole(node, net))
    }

    /// The block without the bits behind its mask, which are said.
    pub(super) fn whole(&mut self, node: NodeId, net: IpNet) -> IpNet {
        let whole = net.trunc();
        if whole != net {
            self.fact(node, Oddity::HostBits(whole));
        }
        whole
    }

    /// An address prefix of a rule.
    pub(super) fn address(&mut self, node: NodeId) -> Option<Address> {
        let text = match self.text(node) {
            Some(Text::Known(text)) => text,
            Some(Text::Unknown(text)) => return Some(Address::Unknown(text)),
            None if self.is_nothing(node) => return None,
            None => Cow::Borrowed(self.tape.raw(node)),
        };
        if text == "*" || text.eq_ignore_ascii_case("any") {
            return Some(Address::Any);
        }
        if let Some(net) = parse_net(&text) {
            return Some(Address::Net(self.whole(node, net)));
        }
        if let Some((first, last)) = text.split_once('-')
            && let (Ok(first), Ok(last)) = (first.trim().parse::<IpAddr>(), last.trim().parse::<IpAddr>())
            && first.is_ipv4() == last.is_ipv4()
            && first <= last
        {
            return Some(Address::Range(first, last));
        }
        let tag = text.starts_with(|char: char| char.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if tag {
            self.draft.tag(&text, super::Place { file: self.file, node });
            return Some(Address::Tag(text.into_owned()));
        }
        self.fact(node, Oddity::BadPrefix);
        Some(Address::Unknown(text.into_owned()))
    }

    /// A port or a range of ports.
    pub(super) fn ports(&mut self, node: NodeId) -> Option<Value<PortRange>> {
        let text = match self.text(node) {
            Some(Text::Known(text)) => text,
            Some(Text::Unknown(text)) => return Some(Value::Unknown(text)),
            None if self.is_nothing(node) => return None,
            None => Cow::Borrowed(self.tape.raw(node)),
        };
        if text == "*" {
            return Some(Value::Known(PortRange::ALL));
        }
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        let range = match (port(first), port(last)) {
            (Some(first), Some(last)) => PortRange::new(first, last).ok_or(Oddity::PortsBackwards),
            _ => Err(Oddity::BadPort),
        };
        Some(match range {
            Ok(range) => Value::Known(range),
            Err(oddity) => {
                self.fact(node, oddity);
                Value::Unknown(text.into_owned())
            }
        })
    }

    /// One port.
    pub(super) fn port(&mut self, node: NodeId) -> Value<u16> {
        match self.ports(node) {
            Some(Value::Known(range)) if range.first() == range.last() => Value::Known(range.first()),
            Some(Value::Unknown(text)) => Value::Unknown(text),
            _ => {
                self.fact(node, Oddity::BadPort);
                Value::Unknown(self.tape.raw(node).into())
            }
        }
    }

    /// A protocol of a rule, by the names that the service knows.
    pub(super) fn protocol(&mut self, node: NodeId) -> Value<RuleProtocol> {
        const NAMES: [(&str, RuleProtocol); 7] = [
            ("*", RuleProtocol::Any),
            ("Any", RuleProtocol::Any),
            ("Tcp", RuleProtocol::Number(6)),
            ("Udp", RuleProtocol::Number(17)),
            ("Icmp", RuleProtocol::Number(1)),
            ("Esp", RuleProtocol::Number(50)),
            ("Ah", RuleProtocol::Number(51)),
        ];
        self.word(node, &NAMES, Oddity::BadProtocol)
    }

    pub(super) fn access(&mut self, node: NodeId) -> Value<Access> {
        self.word(node, &[("Allow", Access::Allow), ("Deny", Access::Deny)], Oddity::BadAccess)
    }

    /// One of a few words, in whatever case; another is said, and unknown.
    pub(super) fn word<T: Copy>(&mut self, node: NodeId, words: &[(&str, T)], oddity: Oddity) -> Value<T> {
        let text = match self.text(node) {
            Some(Text::Known(text)) => text,
            Some(Text::Unknown(text)) => return Value::Unknown(text),
            None => Cow::Borrowed(""),
        };
        if let Some(&(_, value)) = words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)) {
            return Value::Known(value);
        }
        self.fact(node, oddity);
        Value::Unknown(text.into_owned())
    }

    /// A priority: none where it cannot be told, or is none that the service takes, as no rule that exists has.
    pub(super) fn priority(&mut self, node: NodeId, allowed: core::ops::RangeInclusive<u32>) -> Option<u32> {
        let Some(text) = self.text(node) else {
            self.fact(node, Oddity::BadPriority { absent: false });
            return None;
        };
        let Text::Known(text) = text else { return None };
        let number = match Number::parse(&text) {
            Number::Integer(number) | Number::Spelt(number) => u32::try_from(number).ok(),
            Number::Other => None,
        };
        let number = number.filter(|number| allowed.contains(number));
        if number.is_none() {
            self.fact(node, Oddity::BadPriority { absent: false });
        }
        number
    }

    /// True for `true` in whatever spelling.
    pub(super) fn is_true(&self, node: Option<NodeId>) -> bool {
        node.is_some_and(|node| match self.tape.kind(node) {
            NodeKind::True => true,
            NodeKind::String => self.tape.string(node).is_some_and(|text| text.eq_ignore_ascii_case("true")),
            _ => false,
        })
    }
}

/// A port's digits, without signs or white space.
fn port(text: &str) -> Option<u16> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// An address or a block.
fn parse_net(text: &str) -> Option<IpNet> {
    match text.parse() {
        Ok(net) => Some(net),
        Err(_) => text.parse::<IpAddr>().ok().map(IpNet::from),
    }
}

/// The primary ones first, else in the order in which they stand.
pub(super) fn primary_first<T>(items: Vec<(bool, T)>) -> Vec<T> {
    let (primary, others): (Vec<_>, Vec<_>) = items.into_iter().partition(|&(primary, _)| primary);
    primary.into_iter().chain(others).map(|(_, item)| item).collect()
}
