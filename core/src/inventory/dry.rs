//! What a policy opens and closes on the network, with the requests that are open and one that might be made: carried out
//! on a copy of the state, and nothing is stored.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Present;
use super::present::{fleet, granted};
use crate::decide::{self, Decision, decide};
use crate::json::{NodeId, NodeKind, Source, scan};
use crate::ledger::{
    Answer, Command, Context, Expects, Knows, Policy, PutPolicy, Refusal, Request, ResourceId, State,
    check_size,
};
use crate::preview::{Fleet, LiveGrant, Options, Origin, Proposal, preview_among};
use crate::wire;
use crate::wire::ledger::policy_rules;

/// What a preview is asked of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// The body of a PUT whose policy is looked at in place of the one that is stored.
    pub policy: Option<Vec<u8>>,
    /// The policy is deleted.
    pub deleted: bool,
    /// Other stored policies that change with it: the body of a PUT, or none where one is deleted.
    pub also: Vec<(ResourceId, Option<Vec<u8>>)>,
    /// The body of an `initiate` call; empty for none.
    pub request: Vec<u8>,
}

/// The members of a body that is no request's.
const OWN: [&str; 4] = ["policy", "delete", "also", "request"];

/// A policy that is proposed has so many ports at most: to look at them takes a millisecond each, or several.
const MOST_PORTS: usize = 5000;

impl DryRun {
    /// Reads a body: that of an `initiate` call, nothing, or
    /// `{"policy"?, "delete"?: true, "also"?: [{"id", "policy": {…}|null}…], "request"?}`.
    pub fn read(body: &[u8]) -> Self {
        let source = Source::decode(body);
        let (tape, _) = scan(&source.text);
        let member = |of: NodeId, name: &str| {
            let mut members = tape.members(of);
            let found = members.find(|member| tape.string(member.key).is_some_and(|key| key == name));
            found.map(|member| member.value)
        };
        let text = |of: NodeId, name: &str| {
            let value = member(of, name)?;
            (tape.kind(value) != NodeKind::Null).then(|| tape.raw(value).as_bytes().to_vec())
        };
        let is_own = |root: &NodeId| OWN.iter().any(|name| member(*root, name).is_some());
        let Some(root) = tape.root().filter(is_own) else {
            return Self { request: body.trim_ascii().to_vec(), ..Self::default() };
        };
        let one = |node: NodeId| {
            let id = member(node, "id").and_then(|id| tape.string(id)).unwrap_or_default();
            (ResourceId::new(&id), text(node, "policy"))
        };
        let also = member(root, "also").into_iter().flat_map(|also| tape.elements(also));
        Self {
            policy: text(root, "policy"),
            deleted: member(root, "delete").is_some_and(|flag| tape.raw(flag) == "true"),
            also: also.map(|element| one(element.value)).collect(),
            request: text(root, "request").unwrap_or_default(),
        }
    }

    /// Puts the other policies, or deletes them.
    ///
    /// # Errors
    /// One of them is not there, or would be refused.
    fn put_others(&self, state: &mut State, context: &Context) -> Result<(), Refusal> {
        for (id, body) in &self.also {
            if state.policy(id).is_none() {
                return Err(Refusal::policy_not_found(id).about("/also"));
            }
            match body {
                Some(body) => put(state, id, body, context)?,
                None => delete(state, id, context)?,
            }
        }
        Ok(())
    }

    /// Puts the policy that is proposed, if one is, and gives the one that is looked at.
    ///
    /// # Errors
    /// The one that is proposed would be refused; none is proposed, and none is stored. Or the request is too large to be
    /// judged.
    fn put(&self, state: &mut State, id: &ResourceId, context: &Context) -> Result<Policy, Refusal> {
        check_size(&self.request)?;
        if let Some(body) = &self.policy {
            put(state, id, body, context)?;
        }
        let policy = state.policy(id).ok_or_else(|| Refusal::policy_not_found(id))?;
        let policy = Policy::clone(policy);
        if self.deleted {
            delete(state, id, context)?;
            return Ok(Policy { machines: Vec::new(), ..policy });
        }
        Ok(policy)
    }

    /// The answer to the request, by the whole policy, as it is held against an `initiate` call; and where it is granted it
    /// is made, which gives its number.
    fn ask(&self, state: &mut State, policy: &Policy, context: &Context) -> (Option<Decision>, Option<u64>) {
        if self.request.is_empty() {
            return (None, None);
        }
        let caller_address = context.actor.address;
        let asked = decide::Context { now: context.now, caller_address };
        let decision = decide(policy_rules(policy, |_| true).as_bytes(), &self.request, &asked);
        let id = ResourceId::clone(&policy.id);
        let initiate =
            Command::Initiate { policy: id, body: self.request.clone(), expects: Expects::Anything };
        let made = || match state.execute(&initiate, context).outcome {
            Ok(Answer::Initiated { request, .. }) => Some(request),
            _ => None,
        };
        let made = decision.is_granted().then(made).flatten();
        (Some(decision), made)
    }
}

/// Puts a policy that is proposed.
fn put(state: &mut State, id: &ResourceId, body: &[u8], context: &Context) -> Result<(), Refusal> {
    let put = PutPolicy {
        policy: id.clone(),
        body: body.to_vec(),
        expects: Expects::Anything,
        // Who asks what would be is shown it, so that no machine goes without a word.
        knows: Knows { last_shown: Some(u64::MAX), ..Knows::at(u64::MAX) },
    };
    state.execute(&Command::PutPolicy(put), context).outcome?;
    let machines = state.policy(id).into_iter().flat_map(|policy| policy.machines.iter());
    let ports = machines.map(|machine| machine.rules.ports.len()).fold(0, usize::saturating_add);
    if ports > MOST_PORTS {
        let message = format!("The policy has {ports} ports; at {MOST_PORTS} one can look at most.");
        return Err(Refusal::bad_request("InvalidPolicyInput", message).about("/policy"));
    }
    Ok(())
}

fn delete(state: &mut State, policy: &ResourceId, context: &Context) -> Result<(), Refusal> {
    let delete = Command::DeletePolicy { policy: policy.clone(), expects: Expects::Anything };
    state.execute(&delete, context).outcome.map(drop)
}

impl Present {
    /// What a policy does among all others, with a PUT and a request carried out on a copy of the state: what is open then
    /// is what the ledger has, and the rules are those that NSGs would show. As `jitgate preview --format json` prints it
    /// for the network, all policies and that request, but for reports on the network's files and on other policies, and
    /// machines that are not in this one; with what a policy that is proposed, and those that change with it, let in that
    /// the stored ones keep out. The state before is that without these policies. Of machines that the reader does not see, by the ids that policies have
    /// for them or else their own, nothing is told but the answer to a request for them.
    ///
    /// # Errors
    /// There is no such policy; or the one that is proposed, or the request, cannot be judged.
    pub fn dry_run(
        &self,
        state: &State,
        (id, asked): (&ResourceId, &DryRun),
        context: &Context,
        options: &Options,
        sees: &dyn Fn(&str) -> bool,
    ) -> Result<String, Refusal> {
        let mut ahead = state.clone();
        let now = ahead.present(options.now);
        // A call that is made again does nothing: this one is another.
        let context = Context { now, client_request_id: None, ..context.clone() };
        asked.put_others(&mut ahead, &context)?;
        let changed = (!asked.also.is_empty()).then(|| {
            let stored = self.fleet();
            fleet(Some(stored), stored.given(), &ahead)
        });
        let policy = asked.put(&mut ahead, id, &context)?;
        let hidden = policy_rules(&policy, |id| !sees(id.text()));
        let mut told = policy.clone();
        told.machines.retain(|machine| sees(machine.rules.id.text()));
        let told = not_in_force(&wire::ledger::policy(&ahead, &told, now));
        let (decision, made) = asked.ask(&mut ahead, &policy, &context);

        let origin = |request: &Request| match (made == Some(request.seq), request.policy == policy.id) {
            (true, _) => Origin::Request(0),
            (_, is_own) => Origin::History(usize::from(!is_own)),
        };
        let grants = |fleet: &Fleet| -> Vec<LiveGrant> {
            let mut granted = granted(fleet, &ahead, now);
            granted.iter_mut().for_each(|(grant, request)| grant.origin = origin(request));
            granted.into_iter().map(|(grant, _)| grant).collect()
        };
        let also: Vec<&str> = asked.also.iter().map(|(id, _)| id.text()).collect();
        let proposal = Proposal {
            id: policy.id.text(),
            told: told.as_bytes(),
            hidden: hidden.as_bytes(),
            stored: (asked.policy.is_some() || asked.deleted || changed.is_some()).then(|| self.fleet()),
            also: &also,
            request: decision.map(|decision| (asked.request.as_slice(), decision)),
            grants: &grants,
        };
        let options = Options { now, ..*options };
        let named = |machine| sees(self.fleet().named(machine));
        let mut preview =
            preview_among(changed.as_ref().unwrap_or_else(|| self.fleet()), proposal, &options, &named);
        if asked.deleted {
            // That it has no machines is no fault of it.
            preview.reports.clear();
        }
        // The rest of the network is nothing that the policy changes.
        preview.machines.retain(|machine| !machine.policies.is_empty());
        let machines = &preview.machines;
        for interval in &mut preview.timeline {
            interval.opened.retain(|(id, ..)| machines.iter().any(|machine| machine.id == *id));
        }
        Ok(wire::preview(&preview))
    }
}

/// The policy without the word that the service has carried it out, every other byte in its place. What was imported has
/// the rules of whoever exported it, and that ours are not among them is no finding.
fn not_in_force(policy: &str) -> String {
    const WORD: &str = ",\"provisioningState\":\"Succeeded\"";
    policy.replace(WORD, &" ".repeat(WORD.len()))
}
