//! What reading found that no model can hold.

use crate::json::{Encoding, NodeId, NodeKind, Slip};

/// Something found while reading; the rules of family 1 give it words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The text is no JSON here.
    Slip(Slip),
    /// The bytes are not UTF-8, or too many.
    Encoding(Encoding),
    /// There is no value at all.
    Empty,
    /// The text is another language altogether.
    Foreign(Language),
    /// Valid JSON, but nothing that holds a policy or a request.
    UnknownKind {
        /// The top-level value.
        node: NodeId,
        /// The `type` of the resource it is, where it says so.
        resource: Option<NodeId>,
        /// It was told to be of a network, and is not.
        network: bool,
    },
    /// A name stands twice in one object; the last one counts.
    DuplicateName {
        /// The earlier name.
        first: NodeId,
        /// The later name.
        second: NodeId,
    },
    /// A name that the object does not have.
    UnknownName {
        /// The object.
        node: NodeId,
        /// The name.
        key: NodeId,
        /// The object, in words: `port rule`.
        object: &'static str,
    },
    /// A name that is surely or likely meant for another; its value was read as the other's, unless
    /// the other is there too.
    MisspeltName {
        /// The name.
        key: NodeId,
        /// The object, in words.
        object: &'static str,
        /// The name that is meant.
        right: &'static str,
        /// True for another case or a known alias; false for a guess by likeness.
        sure: bool,
        /// Where the member that is meant stands in the same object beside it.
        beside: Option<NodeId>,
    },
    /// A required member is not there, or `null`.
    Missing {
        /// The object.
        node: NodeId,
        /// The object, in words.
        object: &'static str,
        /// The member.
        name: &'static str,
        /// Its value, where it is `null`.
        null: Option<NodeId>,
    },
    /// A value of another type than its member wants.
    WrongType {
        /// The value.
        node: NodeId,
        /// Its member.
        name: &'static str,
        /// The type that is due.
        expected: Expected,
        /// The type it has.
        found: NodeKind,
    },
    /// A part of a document stands for the whole.
    Bare {
        /// The top-level value.
        node: NodeId,
        /// Which part.
        form: BareForm,
        /// Of a request; else of a policy.
        request: bool,
    },
    /// A value that is still to be filled in.
    Placeholder(NodeId),
    /// A value that is computed elsewhere.
    Expression(NodeId),
    /// A template holds a policy or a request and never deploys it, because of this value.
    NotDeployed(NodeId),
    /// `nextLink`: there are more pages.
    NextLink(NodeId),
    /// Something about a script itself.
    #[cfg(feature = "script")]
    Script(crate::script::Note),
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// The parts of documents that people hand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BareForm {
    /// `{"virtualMachines": […]}` of a policy, without `properties`.
    Properties,
    /// An array of machines.
    Machines,
    /// One machine.
    Machine,
    /// An array of port rules.
    Ports,
    /// One port rule.
    Port,
}

/// Languages that policies are written in beside JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// PowerShell
    PowerShell,
    /// Bicep
    Bicep,
    /// Terraform
    Terraform,
    /// A shell script or command line
    Shell,
    /// Requests of HTTP, as in an `.http` file
    Http,
    /// XML or HTML
    Xml,
    /// YAML
    Yaml,
    /// A program: Python, TypeScript, C#, …
    Program,
    /// What the Azure CLI prints in place of an answer
    CliError,
}
