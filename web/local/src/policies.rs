//! The operations of `Microsoft.Security/locations/jitNetworkAccessPolicies`.

use std::sync::Arc;

use jitgate_core::access::action;
use jitgate_core::decide::{self, Context};
use jitgate_core::inventory::MappedPorts;
use jitgate_core::ledger::{
    Answer, Command, Expects, Grant, Knows, Policy, PutPolicy, Refusal, Request, ResourceId, Scope as Within,
    State, check_size,
};
use jitgate_core::rest::{Page, Place};
use jitgate_core::wire;

use crate::reply::{Outcome, Reply};
use crate::service::Call;

impl Call<'_> {
    /// The policies of a place, a page at a time.
    pub fn policies(&mut self, place: &Place, location: Option<&str>) -> Outcome {
        self.query.unfiltered()?;
        let after = self.query.after()?;
        let within = Within {
            subscription: &place.subscription,
            resource_group: place.resource_group.as_deref(),
            location,
        };
        let state = self.state().clone();
        let page = Page::of(state.policies(&within, after.as_deref()), self.page()?);
        let next = page.followed().map(|last| self.next_link(last.id.key()));
        let shown = page.items;
        if shown.is_empty() && after.is_none() {
            let present = self.present()?;
            self.asked(Some(&present.view)).find_place(place)?;
        }
        for policy in &shown {
            self.shows(policy.id.key());
        }
        let now = state.present(self.situation.now);
        let ports = self.mapped_ports(&state, &shown)?;
        let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
        Ok(Reply::json(wire::ledger::mapped_policies(&state, shown, next.as_deref(), now, &mapped)))
    }

    /// GET, PUT, DELETE.
    pub fn policy(&mut self, id: &ResourceId) -> Outcome {
        match self.ask.method {
            "PUT" => self.put(id),
            "DELETE" => {
                let expects = self.expects()?;
                let (answer, _) = self.send(&Command::DeletePolicy { policy: id.clone(), expects })?;
                Ok(Reply { status: if answer == Answer::NotThere { 204 } else { 200 }, ..Reply::default() })
            }
            _ => {
                let state = self.state().clone();
                self.show(&state, id)
            }
        }
    }

    /// A policy as it is in this state, and that the user saw it.
    fn show(&mut self, state: &State, id: &ResourceId) -> Outcome {
        let Some(policy) = state.policy(id) else {
            let (present, missing) = (self.present()?, Refusal::resource_not_found(id));
            return Err(self.asked(Some(&present.view)).missing(&Place::of(id), missing));
        };
        self.shows(id.key());
        let ports = self.mapped_ports(state, &[policy])?;
        let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
        let body = wire::ledger::mapped_policy(state, policy, state.present(self.situation.now), &mapped);
        Ok(Reply { etag: Some(policy.tag.to_string()), ..Reply::json(body) })
    }

    /// The ports of firewalls that lead to the open grants of these policies.
    fn mapped_ports(&mut self, state: &State, policies: &[&Arc<Policy>]) -> Result<MappedPorts, Refusal> {
        if !MappedPorts::may_be(state, policies, state.present(self.situation.now)) {
            return Ok(MappedPorts::default());
        }
        Ok(MappedPorts::new(&*self.present_of(state)?))
    }

    fn put(&mut self, id: &ResourceId) -> Outcome {
        let expects = self.expects()?;
        let context = self.situation.context(self.ask.id);
        if let Some(refusal) = self.caller.linked(id, self.ask.body, &context) {
            self.send(&Command::Refused(refusal.attempt(action::JIT_WRITE, id.text())))?;
            return Err(refusal);
        }
        let knows = Knows { last_shown: self.last_shown(id.key()), ..Knows::at(self.state().seq()) };
        let put = PutPolicy { policy: id.clone(), body: self.ask.body.to_vec(), expects, knows };
        let (_, state) = self.send(&Command::PutPolicy(put))?;
        self.show(&state, id)
    }

    /// 202, and what was granted.
    pub fn initiate(&mut self, id: &ResourceId) -> Outcome {
        let (policy, body, expects) = (id.clone(), self.ask.body.to_vec(), self.expects()?);
        let (answer, state) = self.send(&Command::Initiate { policy, body, expects })?;
        let body = wire::ledger::answer(&state, &answer, self.situation.now).unwrap_or_default();
        Ok(Reply { status: 202, ..Reply::json(body) })
    }

    /// 200, and what was closed.
    pub fn revoke(&mut self, id: &ResourceId) -> Outcome {
        let (policy, body, expects) = (id.clone(), self.ask.body.to_vec(), self.expects()?);
        let (answer, state) = self.send(&Command::Revoke { policy, body, expects, may_write: true })?;
        Ok(Reply::json(wire::ledger::answer(&state, &answer, self.situation.now).unwrap_or_default()))
    }

    /// What `initiate` would come to, with nothing done.
    pub fn decide(&self, id: &ResourceId) -> Outcome {
        let policy = self.state().policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
        check_size(self.ask.body)?;
        let document = wire::ledger::policy_rules(policy, |_| true);
        let now = self.state().present(self.situation.now);
        let context = Context { now, caller_address: self.situation.address };
        Ok(Reply::json(wire::decision(&decide::decide(document.as_bytes(), self.ask.body, &context))))
    }

    /// `If-Match` and `If-None-Match`.
    fn expects(&self) -> Result<Expects, Refusal> {
        Expects::of(self.ask.if_match, self.ask.if_none_match)
    }
}
