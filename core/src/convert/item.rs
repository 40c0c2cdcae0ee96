//! A policy or a request as it is written: where it is, and what is in it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::endpoint::{AZURE, Endpoint};
use super::escape::percent;
use super::place::{GROUP, LOCATION, NAME, SUBSCRIPTION};
use super::value::{Text, Value};

/// A policy or a request.
#[derive(Debug)]
pub struct Item {
    /// Subscription, resource group, location and name of the policy; empty where the language has no use for it.
    pub place: [Text; 4],
    /// What is in it.
    pub content: Content,
    /// The machines, with their ports.
    pub machines: Value,
    /// The cmdlet of PowerShell has a parameter for everything in it.
    pub cmdlet: bool,
}

/// What is in a policy or a request beside machines.
#[derive(Debug)]
pub enum Content {
    /// `kind`
    Policy(Option<Text>),
    /// `justification`
    Request(Option<Text>),
}

impl Item {
    /// True for a request.
    pub fn is_request(&self) -> bool {
        matches!(self.content, Content::Request(_))
    }

    /// A part of its place.
    pub fn part(&self, at: usize) -> &Text {
        static NONE: Text = Text(Vec::new());
        self.place.get(at).unwrap_or(&NONE)
    }

    /// The members of the call's body.
    #[cold]
    #[inline(never)]
    pub fn body(&self) -> Vec<(&'static str, Value)> {
        let mut members = Vec::new();
        let machines = ("virtualMachines", self.machines.clone());
        match &self.content {
            Content::Policy(kind) => {
                members.extend(kind.clone().map(|kind| ("kind", Value::Text(kind))));
                members.push(("properties", Value::Object(alloc::vec![machines])));
            }
            Content::Request(justification) => {
                members.push(machines);
                members.extend(justification.clone().map(|text| ("justification", Value::Text(text))));
            }
        }
        members
    }

    /// The id of the location, the parent of the policy.
    #[cold]
    #[inline(never)]
    pub fn parent_id(&self, change: fn(&str) -> String) -> Text {
        Text::plain("/subscriptions/")
            .and(self.part(SUBSCRIPTION), change)
            .with("/resourceGroups/")
            .and(self.part(GROUP), change)
            .with("/providers/Microsoft.Security/locations/")
            .and(self.part(LOCATION), change)
    }

    /// The policy's id.
    #[cold]
    #[inline(never)]
    pub fn policy_id(&self, change: fn(&str) -> String) -> Text {
        self.parent_id(change).with("/jitNetworkAccessPolicies/").and(self.part(NAME), change)
    }

    /// The call's path, with the query.
    #[cold]
    #[inline(never)]
    pub fn path(&self) -> Text {
        let action = if self.is_request() { "/initiate" } else { "" };
        self.policy_id(percent).with(action).with("?api-version=2020-01-01")
    }

    /// The call's address there; at Azure, where nothing else is told.
    #[cold]
    #[inline(never)]
    pub fn url(&self, endpoint: Option<Endpoint>) -> Text {
        Text::plain(endpoint.map_or(AZURE, Endpoint::as_str)).and(&self.path(), ToString::to_string)
    }

    /// The call's method.
    pub fn method(&self) -> &'static str {
        if self.is_request() { "POST" } else { "PUT" }
    }
}
