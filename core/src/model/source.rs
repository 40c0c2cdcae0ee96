//! The sources of a port rule or a requested port: the singular and the plural member together.

use alloc::vec::Vec;
use core::slice;

use ipnet::Ipv4Net;

use super::{Field, SourceText};
use crate::blocks::aggregate;
use crate::json::NodeId;

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

impl SourceList {
    /// True for a list that is not there or empty.
    pub fn says_nothing(&self) -> bool {
        match self {
            Self::None => true,
            Self::Given(list, _) => list.is_empty(),
            Self::Wrong(_) | Self::Unknown(_) => false,
        }
    }
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
        Given { single: Some(&self.single), list: list.iter() }
    }

    /// True when the service sees no source at all.
    pub fn is_none(&self) -> bool {
        self.single.is_none() && matches!(self.list, SourceList::None) && self.list_in_single.is_none()
    }

    /// True when no source is given, or an empty list alone.
    pub fn says_nothing(&self) -> bool {
        (self.single.is_none() || self.list_in_single.is_some()) && self.list.says_nothing()
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

    /// True when the sources that are certain are all of IPv4, alone or together.
    pub fn is_everybody(&self) -> bool {
        let size = |(net, _): (Ipv4Net, NodeId)| {
            1_u64.checked_shl(32_u32.saturating_sub(net.prefix_len().into())).unwrap_or(u64::MAX)
        };
        // Blocks that are too few to be everybody need no closer look.
        if self.nets().map(size).fold(0, u64::saturating_add) < 1 << 32 {
            return false;
        }
        let nets: Vec<Ipv4Net> = self.nets().map(|(net, _)| net).collect();
        aggregate(&nets) == [Ipv4Net::default()]
    }

    /// The blocks of all sources that are certain, in order of writing; `*` is `0.0.0.0/0`.
    pub fn nets(&self) -> impl Iterator<Item = (Ipv4Net, NodeId)> + '_ {
        self.given().filter_map(|(text, node)| Some((text.net()?, node)))
    }
}

/// See [`Sources::given`]. Chained iterators are made anew for each way to walk them, and only quick where inlined.
struct Given<'s> {
    single: Option<&'s Field<SourceText>>,
    list: slice::Iter<'s, Source>,
}

impl Iterator for Given<'_> {
    type Item = (SourceText, NodeId);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let field = match self.single.take() {
                Some(single) => single,
                None => &self.list.next()?.text,
            };
            if let Some((text, node)) = field.given() {
                return Some((*text, node));
            }
        }
    }
}
