//! The operations of `Microsoft.Security/locations/jitNetworkAccessPolicies`.

use std::sync::Arc;

use jitgate_core::access::{Scope, action};
use jitgate_core::decide::{self, Context};
use jitgate_core::inventory::MappedPorts;
use jitgate_core::ledger::{
    self, Answer, Attempt, Command, Event, Expects, Grant, Knows, Policy, PutPolicy, Refusal, Request,
    ResourceId, Scope as Within, State,
};
use jitgate_core::preview::is_instance_id;
use jitgate_core::wire;

use crate::reply::{Outcome, Reply, bad};
use crate::route::Place;
use crate::service::Call;

impl Call<'_> {
    /// The policies of a place, a page at a time.
    pub fn policies(&mut self, place: &Place, location: Option<&str>) -> Outcome {
        let after = self.target.after()?;
        let within =
            Within { subscription: &place.subscription, resource_group: place.group.as_deref(), location };
        let state = self.state().clone();
        let mut policies = state.policies(&within, after.as_deref());
        let shown: Vec<_> = policies.by_ref().take(self.target.page()?).collect();
        let more = policies.next().is_some();
        let next = shown.last().filter(|_| more);
        let next = next.map(|last| self.target.next_link(&self.situation.origin, last.id.key()));
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
        let policy = state.policy(id).ok_or_else(|| Refusal::resource_not_found(id))?;
        self.shows(id.key());
        let ports = self.mapped_ports(state, &[policy])?;
        let mapped = |request: &Request, grant: &Grant| ports.of(request, grant);
        let body = wire::ledger::mapped_policy(state, policy, state.present(self.situation.now), &mapped);
        Ok(Reply { etag: Some(format!("\"{}\"", policy.version)), ..Reply::json(body) })
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
        self.linked(id)?;
        let knows = Knows { at_arrival: self.state().seq(), last_shown: self.last_shown(id.key()) };
        let put = PutPolicy { policy: id.clone(), body: self.ask.body.to_vec(), expects, knows };
        let (_, state) = self.send(&Command::PutPolicy(put))?;
        self.show(&state, id)
    }

    /// Resource Manager's linked access check: even who owns everything has no right at what is no scope. Of a body
    /// with errors the ledger speaks.
    fn linked(&mut self, id: &ResourceId) -> Result<(), Refusal> {
        let knows = Knows { at_arrival: u64::MAX, last_shown: None };
        let body = self.ask.body.to_vec();
        let put = PutPolicy { policy: id.clone(), body, expects: Expects::Anything, knows };
        let context = self.situation.context(self.ask.id);
        let handled = ledger::handle(&State::new(), &Command::PutPolicy(put), &context);
        let events = handled.map(|handled| handled.events).unwrap_or_default();
        let mut machines = events.iter().flat_map(|event| match event {
            Event::PolicyPut(put) => put.policy.machines.as_slice(),
            _ => &[],
        });
        let is_scope = |id: &ResourceId| {
            let name = id.text().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            is_instance_id(name) || Scope::new(id.text()).is_some()
        };
        let Some(machine) = machines.find(|machine| !is_scope(&machine.id)) else { return Ok(()) };
        let message = format!(
            "The client '{}' with object id '{}' has permission to perform action '{}' on scope '{}'; however, it does not \
             have permission to perform action '{}' on the linked scope(s) '{}' or the linked scope(s) are invalid.",
            self.situation.user.name,
            self.situation.user.id,
            action::JIT_WRITE,
            id.text(),
            action::MACHINE_WRITE,
            machine.id.text(),
        );
        let refusal = Refusal::new(403, "LinkedAuthorizationFailed", message);
        self.send(&Command::Refused(Attempt {
            operation: action::JIT_WRITE.to_owned(),
            scope: id.text().to_owned(),
            status: refusal.status,
            code: refusal.code.to_owned(),
            message: refusal.message.clone().into_owned(),
        }))?;
        Err(refusal)
    }

    /// 202, and what was granted.
    pub fn initiate(&mut self, id: &ResourceId) -> Outcome {
        let (answer, state) =
            self.send(&Command::Initiate { policy: id.clone(), body: self.ask.body.to_vec() })?;
        let body = wire::ledger::answer(&state, &answer, self.situation.now).unwrap_or_default();
        Ok(Reply { status: 202, ..Reply::json(body) })
    }

    /// 200, and what was closed.
    pub fn revoke(&mut self, id: &ResourceId) -> Outcome {
        let body = self.ask.body.to_vec();
        let (answer, state) = self.send(&Command::Revoke { policy: id.clone(), body, may_write: true })?;
        Ok(Reply::json(wire::ledger::answer(&state, &answer, self.situation.now).unwrap_or_default()))
    }

    /// What `initiate` would come to, with nothing done.
    pub fn decide(&self, id: &ResourceId) -> Outcome {
        let policy = self.state().policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
        let document = wire::ledger::policy_rules(policy, |_| true);
        let now = self.state().present(self.situation.now);
        let context = Context { now, caller_address: self.situation.address };
        Ok(Reply::json(wire::decision(&decide::decide(document.as_bytes(), self.ask.body, &context))))
    }

    /// `If-Match` and `If-None-Match`.
    fn expects(&self) -> Result<Expects, Refusal> {
        match (self.ask.if_match.map(str::trim), self.ask.if_none_match.map(str::trim)) {
            (None, None) => Ok(Expects::Anything),
            (None, Some("*")) => Ok(Expects::Absent),
            (Some("*"), None) => Ok(Expects::Present),
            (Some(tags), None) => {
                // A tag that is none of ours matches nothing.
                let version = |tag: &str| tag.trim().trim_matches('"').parse().ok();
                Ok(Expects::OneOf(tags.split(',').filter_map(version).collect()))
            }
            (_, Some(_)) => {
                let message = "If-None-Match takes '*' alone, and not together with If-Match.";
                Err(bad("InvalidRequestHeader", message, "If-None-Match"))
            }
        }
    }
}
