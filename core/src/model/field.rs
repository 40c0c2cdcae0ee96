//! A member of an object, in every state it can be found in.

use crate::json::NodeId;

/// What a member holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// It is not there.
    #[default]
    Absent,
    /// It is `null`, which the service takes as absent.
    Null(NodeId),
    /// Not of the type due, or unreadable; reported when it was read.
    Wrong(NodeId),
    /// An expression or a placeholder: its value is not known here. Reported when it was read.
    Unknown(NodeId),
    /// A value of the right JSON type. Whether it makes sense is the rules' business.
    Given(T, NodeId),
}

impl<T> Field<T> {
    /// The value, if one is given.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Given(value, _) => Some(value),
            _ => None,
        }
    }

    /// The value and its node, if one is given.
    #[inline]
    pub fn given(&self) -> Option<(&T, NodeId)> {
        match self {
            Self::Given(value, node) => Some((value, *node)),
            _ => None,
        }
    }

    /// The node, unless the member is absent.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Absent => None,
            Self::Null(node) | Self::Wrong(node) | Self::Unknown(node) | Self::Given(_, node) => Some(*node),
        }
    }

    /// True when the service sees no value: absent or `null`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Absent | Self::Null(_))
    }

    /// The same field with its value made into another.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null(node) => Field::Null(node),
            Self::Wrong(node) => Field::Wrong(node),
            Self::Unknown(node) => Field::Unknown(node),
            Self::Given(value, node) => Field::Given(convert(value), node),
        }
    }
}
