//! Grants on their way out: what an event says of them.

use alloc::vec::Vec;

use super::{Closing, GrantView, StatusReason};

impl Closing {
    /// Of an open grant.
    pub(super) fn of(view: &GrantView, reason: StatusReason) -> Self {
        let (request, grant) = (view.request, view.grant);
        let requestor = match request.requestor.requestor() {
            "" => &*request.requestor.id,
            name => name,
        };
        Self {
            request: request.seq,
            machine: (*grant.machine).clone(),
            number: grant.number,
            policy: (*request.policy).clone(),
            protocols: grant.protocols,
            prefixes: grant.prefixes.clone(),
            start: request.start,
            end: grant.end.clone(),
            requestor: requestor.into(),
            reason,
        }
    }

    /// Of each of these.
    pub(super) fn each<'s>(views: impl Iterator<Item = GrantView<'s>>, reason: StatusReason) -> Vec<Self> {
        views.map(|view| Self::of(&view, reason)).collect()
    }
}
