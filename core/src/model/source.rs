//! Source addresses as they are written: `*`, IPv4 addresses and CIDR blocks, and everything people put
//! in their place.

use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use super::Field;
use crate::json::NodeId;

/// A source as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceText {
    /// `*`
    Any,
    /// An address (a /32) or a block without host bits.
    Net(Ipv4Net),
    /// A block whose address has bits set behind the prefix: `10.0.0.5/24`.
    HostBits(Ipv4Net),
    /// Anything else.
    Odd(OddSource),
}

/// What stands where a source is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddSource {
    /// An IPv6 address or block.
    Ipv6,
    /// An IPv4 source with white space around it.
    Padded(Ipv4Net),
    /// An IPv4 source with zeros in front: `010.0.0.1`, which some read as octal.
    LeadingZeros,
    /// `10.0.0.0/255.255.255.0`
    Mask(Ipv4Net),
    /// `10.0.0.1-10.0.0.9`, first to last.
    Range(Ipv4Addr, Ipv4Addr),
    /// Several in one string.
    List,
    /// A word: `Internet`, `VirtualNetwork`, `AzureCloud.WestEurope`.
    ServiceTag,
    /// Another word for everybody: `any`, `all`, `0`.
    AnyWord,
    /// Nothing.
    Empty,
    /// A prefix length over 32.
    PrefixLength,
    /// None of these.
    Other,
}

impl SourceText {
    /// Reads a source.
    pub fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Any;
        }
        match net(text) {
            Some(net) if net.trunc() == net => Self::Net(net),
            Some(net) => Self::HostBits(net),
            None => Self::Odd(odd(text)),
        }
    }

    /// The addresses that are meant, where that is certain; `*` is all of IPv4.
    #[inline]
    pub fn net(self) -> Option<Ipv4Net> {
        match self {
            Self::Any => Some(Ipv4Net::default()),
            Self::Net(net) | Self::HostBits(net) => Some(net.trunc()),
            Self::Odd(_) => None,
        }
    }
}

/// An address or a block, exactly as the service takes them.
fn net(text: &str) -> Option<Ipv4Net> {
    match text.split_once('/') {
        None => Some(Ipv4Net::from(text.parse::<Ipv4Addr>().ok()?)),
        Some((address, len)) => {
            // `u8` alone would take `+8` and `08`.
            let plain = len == "0" || !len.starts_with(['0', '+']);
            let len = len.parse().ok().filter(|_| plain)?;
            Ipv4Net::new(address.parse().ok()?, len).ok()
        }
    }
}

#[cold]
fn odd(text: &str) -> OddSource {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return OddSource::Empty;
    }
    if trimmed.len() != text.len() {
        return net(trimmed).map_or_else(|| odd(trimmed), OddSource::Padded);
    }
    if ["any", "all", "0", "everyone", "anywhere"].iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return OddSource::AnyWord;
    }
    if text.parse::<Ipv6Addr>().is_ok() || text.parse::<Ipv6Net>().is_ok() {
        return OddSource::Ipv6;
    }
    if let Some((first, last)) = text.split_once('-')
        && let (Ok(first), Ok(last)) = (first.trim().parse(), last.trim().parse())
        && first <= last
    {
        return OddSource::Range(first, last);
    }
    if text.contains([',', ';', ' ', '\t', '\n']) {
        return OddSource::List;
    }
    if let Some((address, mask)) = text.split_once('/') {
        if let (Ok(address), Ok(mask)) = (address.parse(), mask.parse()) {
            return Ipv4Net::with_netmask(address, mask).map_or(OddSource::Other, OddSource::Mask);
        }
        let digits = !mask.is_empty() && mask.bytes().all(|byte| byte.is_ascii_digit());
        if address.parse::<Ipv4Addr>().is_ok() && digits && !mask.starts_with('0') {
            return OddSource::PrefixLength;
        }
    }
    let digits = |octet: &str| !octet.is_empty() && octet.bytes().all(|byte| byte.is_ascii_digit());
    let octets = text.split(['.', '/']).filter(|octet| digits(octet)).count();
    if octets == text.split(['.', '/']).count() && matches!(octets, 4 | 5) {
        return if text.split(['.', '/']).any(|octet| octet.len() > 1 && octet.starts_with('0')) {
            OddSource::LeadingZeros
        } else {
            OddSource::Other
        };
    }
    let word = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_');
    if text.starts_with(|char: char| char.is_ascii_alphabetic()) && text.chars().all(word) {
        OddSource::ServiceTag
    } else {
        OddSource::Other
    }
}

/// One element of a list of sources.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The source; never absent.
    pub text: Field<SourceText>,
}

/// The plural member.
#[derive(Clone, Debug, Default)]
pub enum SourceList {
    /// Not there, or `null`, which counts as not there.
    #[default]
    None,
    /// Not an array; reported when it was read.
    Wrong(NodeId),
    /// An expression: not known here.
    Unknown(NodeId),
    /// The elements, in order, and the array.
    Given(Vec<Source>, NodeId),
}

/// `allowedSourceAddressPrefix` and `allowedSourceAddressPrefixes` together.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The singular member.
    pub single: Field<SourceText>,
    /// The plural member.
    pub list: SourceList,
    /// An array in the singular member, whose elements are then in `list`: what PowerShell's
    /// `@("*")` becomes outside PowerShell.
    pub list_in_single: Option<NodeId>,
}

impl Sources {
    /// Every source given, in the order singular, plural.
    pub fn given(&self) -> impl Iterator<Item = (SourceText, NodeId)> + '_ {
        let list = match &self.list {
            SourceList::Given(list, _) => list.as_slice(),
            _ => &[],
        };
        let fields = core::iter::once(&self.single).chain(list.iter().map(|source| &source.text));
        fields.filter_map(|field| field.given().map(|(text, node)| (*text, node)))
    }

    /// True when the service sees no source at all.
    pub fn is_none(&self) -> bool {
        self.single.is_none() && matches!(self.list, SourceList::None) && self.list_in_single.is_none()
    }

    /// True when every source is known, so that their union is what is meant.
    pub fn is_certain(&self) -> bool {
        let known = |field: &Field<SourceText>| field.get().is_some_and(|text| text.net().is_some());
        let list = match &self.list {
            SourceList::None => true,
            SourceList::Wrong(_) | SourceList::Unknown(_) => false,
            SourceList::Given(list, _) => list.iter().all(|source| known(&source.text)),
        };
        list && (self.single.is_none() || known(&self.single))
    }

    /// The blocks of all sources that are certain, in order of writing; `*` is `0.0.0.0/0`.
    pub fn nets(&self) -> impl Iterator<Item = (Ipv4Net, NodeId)> + '_ {
        self.given().filter_map(|(text, node)| Some((text.net()?, node)))
    }
}
