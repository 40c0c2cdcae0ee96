//! What a document is.

/// The kinds of document that are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One policy, with or without its read-only members.
    Policy,
    /// Several: `{"value": […]}` or a bare array.
    PolicyList,
    /// The body of an `initiate` call (or the portal's batch of them).
    Request,
    /// A request as the service stores and returns it.
    StoredRequest,
    /// An ARM template, a playbook or any other document with policies or requests inside.
    Template,
    /// Resources of a network: machines, NICs, NSGs, virtual networks, firewalls, EC2 instances and groups.
    Network,
    /// None of these.
    #[default]
    Unknown,
}

impl Kind {
    /// All that a caller may name.
    pub const ALL: [Self; 6] =
        [Self::Policy, Self::PolicyList, Self::Request, Self::StoredRequest, Self::Template, Self::Network];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::PolicyList => "policyList",
            Self::Request => "request",
            Self::StoredRequest => "storedRequest",
            Self::Template => "template",
            Self::Network => "network",
            Self::Unknown => "unknown",
        }
    }

    /// What a document is that holds this beside what it holds already. Several policies are a list; policies and requests,
    /// what a template holds.
    pub(crate) const fn with(self, all: Option<Self>) -> Self {
        match (all, self) {
            (None, kind) => kind,
            (Some(Self::Policy | Self::PolicyList), Self::Policy | Self::PolicyList) => Self::PolicyList,
            (Some(Self::Request), Self::Request) => Self::Request,
            _ => Self::Template,
        }
    }

    /// The kind of that word, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
