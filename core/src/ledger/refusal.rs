//! Why a command is not carried out, in the words and codes of the service.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Attempt, ResourceId};
use crate::decide::{Nearest, Reason, Subject};
use crate::diagnostic::{Diagnostic, Path, Range, Severity};
use crate::rules::Code;

/// A command that is not carried out: the error of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// `error.code`
    pub code: &'static str,
    /// `error.message`
    pub message: Cow<'static, str>,
    /// `error.target`: a JSON pointer into the body, or the id of what it is about.
    pub target: Option<String>,
    /// Everything that is wrong, for `error.details`.
    pub reasons: Vec<Reason>,
    /// The request that would have been granted.
    pub nearest: Option<Box<Nearest>>,
}

/// What the service says of a request with neither an end nor a duration, or both.
pub const ONE_END: &str = "Only one of fields 'EndTimeUtc' and 'Duration' can be set.";

/// What the service says of a request with a source of IPv6.
pub const IPV6: &str = "The provided access request contains a source IP address in IPv6 format, which is unsupported by Just-In-Time Network Access.";

impl Refusal {
    /// An error without anything further.
    pub fn new(status: u16, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self { status, code, message, target: None, reasons: Vec::new(), nearest: None }
    }

    /// 400: the caller's fault.
    pub fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, code, message)
    }

    /// With what it is about.
    pub fn about(self, target: impl Into<String>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// With the one thing that is wrong with the body, and its place.
    pub fn at(self, code: Code, path: Path, message: String) -> Self {
        let diagnostic = Diagnostic {
            code,
            severity: Severity::Error,
            message,
            help: String::new(),
            path,
            range: Range::default(),
            fix: None,
            related: Vec::new(),
        };
        let target = Some(diagnostic.path.pointer());
        Self { target, reasons: alloc::vec![Reason { document: Subject::Request, diagnostic }], ..self }
    }

    /// 404: there is no such policy to ask for access by.
    pub fn policy_not_found(policy: &ResourceId) -> Self {
        let message = format!("The policy '{}' was not found.", policy.text());
        Self { target: Some(policy.text().into()), ..Self::new(404, "PolicyNotFound", message) }
    }

    /// 404: Azure Resource Manager's answer to a GET of what is not there.
    pub fn resource_not_found(id: &ResourceId) -> Self {
        let (name, group) = (id.name(), id.resource_group().unwrap_or_default());
        let message = format!(
            "The Resource 'Microsoft.Security/locations/jitNetworkAccessPolicies/{name}' under resource group '{group}' was not found."
        );
        Self { target: Some(id.text().into()), ..Self::new(404, "ResourceNotFound", message) }
    }

    /// 412: what the caller expects is not so.
    pub fn precondition_failed(policy: &ResourceId) -> Self {
        let message = format!(
            "The policy '{}' is not the one that the request's If-Match or If-None-Match header expects: get it again.",
            policy.text()
        );
        Self { target: Some(policy.text().into()), ..Self::new(412, "PreconditionFailed", message) }
    }

    /// What the log keeps of it.
    pub fn attempt(&self, operation: &str, scope: &str) -> Attempt {
        let (status, code, message) = (self.status, self.code.into(), self.message.clone().into_owned());
        Attempt { operation: operation.into(), scope: scope.into(), status, code, message }.bounded()
    }
}
