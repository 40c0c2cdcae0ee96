//! What is known of a rule without running it.

use crate::diagnostic::Severity;

/// A rule's data sheet. Its number is in the table (`table.rs`).
#[derive(Debug)]
pub struct Meta {
    /// Kebab-case, as in `JIT201 port-out-of-range`.
    pub name: &'static str,
    /// What it has, unless the case at hand says otherwise.
    pub severity: Severity,
    /// One line for the catalogue.
    pub summary: &'static str,
    /// True when it can offer a fix.
    pub fixable: bool,
    /// True where the evidence is divided whether the service refuses: the error does not keep
    /// `decide` from judging a policy.
    pub contested: bool,
    /// The rule's page, Markdown: what, why, wrong, right, source. Empty without the feature `pages`.
    pub page: &'static str,
}

/// A page's text; nothing where the feature `pages` is off, so that a small build leaves it out.
pub const fn page(text: &'static str) -> &'static str {
    if cfg!(feature = "pages") { text } else { "" }
}

/// The families of rules, by the first digit of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `JIT1xx`
    Document,
    /// `JIT2xx`
    Ports,
    /// `JIT3xx`
    Sources,
    /// `JIT4xx`
    Time,
    /// `JIT5xx`
    Machines,
    /// `JIT6xx`
    Requests,
    /// `JIT7xx`
    Network,
}

impl Family {
    /// All, in the order of their digits.
    pub const ALL: [Self; 7] = [
        Self::Document,
        Self::Ports,
        Self::Sources,
        Self::Time,
        Self::Machines,
        Self::Requests,
        Self::Network,
    ];

    /// The word on the wire, which is also the name of its folder.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Ports => "ports",
            Self::Sources => "sources",
            Self::Time => "time",
            Self::Machines => "machines",
            Self::Requests => "requests",
            Self::Network => "network",
        }
    }

    /// The heading of its part of the catalogue.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Ports => "Ports",
            Self::Sources => "Sources",
            Self::Time => "Time",
            Self::Machines => "Machines and names",
            Self::Requests => "Requests",
            Self::Network => "Network and exposure",
        }
    }
}
