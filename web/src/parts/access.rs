//! Open access, and what can be done with it: extend it, close it.
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::DurationText;
use jitgate_logic::draft::time_words;
use jitgate_logic::{Touched, named_in, quoted};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Failure, Machine, Open, Policy, PortRule};
use crate::browser;
use crate::state::{Fleet, Session};
use crate::ui::{Toast, focus_heading};

/// A port that is open on a machine for somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub policy: ResourceId,
    pub machine: ResourceId,
    /// The machine's.
    pub name: String,
    pub port: u16,
    pub sources: Vec<String>,
    pub end: Option<Timestamp>,
    /// Empty for an application.
    pub requestor: String,
    pub justification: String,
}

impl Held {
    pub fn of(machine: &Machine, open: &Open) -> Self {
        Self {
            policy: open.policy.clone(),
            machine: named_in(&open.policy, &machine.id),
            name: machine.name.clone(),
            port: open.port,
            sources: open.sources.clone(),
            end: open.end,
            requestor: open.requestor.clone(),
            justification: open.justification.clone(),
        }
    }

    /// `port 22 of web1`
    pub fn what(&self) -> String {
        format!("port {} of {}", self.port, self.name)
    }

    /// The body of the request that opens the same again, for as long as the policy allows.
    fn again(&self, longest: &str) -> String {
        let sources: Vec<String> = self.sources.iter().map(|source| quoted(source)).collect();
        let sources = match sources.as_slice() {
            [one] => format!("\"allowedSourceAddressPrefix\":{one}"),
            all => format!("\"allowedSourceAddressPrefixes\":[{}]", all.join(",")),
        };
        let why = match self.justification.as_str() {
            "" => String::new(),
            why => format!(",\"justification\":{}", quoted(why)),
        };
        format!(
            "{{\"virtualMachines\":[{{\"id\":{},\"ports\":[{{\"number\":{},{sources},\"duration\":{}}}]}}]{why}}}",
            quoted(self.machine.text()),
            self.port,
            quoted(longest)
        )
    }

    /// The body that closes it: the caller's own, or that of who asked for it.
    fn close(&self, own: bool) -> String {
        let whose = match self.requestor.as_str() {
            _ if own => String::new(),
            // Applications are not named: it closes for all, and the question names them.
            "" => ",\"requestor\":\"*\"".to_owned(),
            name => format!(",\"requestor\":{}", quoted(name)),
        };
        format!(
            "{{\"virtualMachines\":[{{\"id\":{},\"ports\":[{{\"number\":{}}}]}}]{whose}}}",
            quoted(self.machine.text()),
            self.port
        )
    }
}

/// A port's rules in a policy.
fn rules<'p>(policy: &'p Policy, held: &Held) -> impl Iterator<Item = &'p PortRule> {
    let port = held.port;
    let machine = policy.rules_of(&held.machine).into_iter();
    machine.flat_map(|own| &own.ports).filter(move |rule| rule.number == port)
}

/// The longest time that a policy allows for the port, as it is written there.
fn longest(policy: &Policy, held: &Held) -> Option<String> {
    let length = |rule: &&PortRule| DurationText::parse(&rule.longest).length();
    rules(policy, held).max_by_key(length).map(|rule| rule.longest.clone())
}

/// Why the last attempt came to nothing: in words; and where that is not known, the policy as it was then.
type Fault = (String, Failure, Option<Arc<Policy>>);

/// What the pages do with open access. One question at a time is asked.
#[derive(Clone, Copy)]
pub struct Access {
    pub closing: RwSignal<Option<Held>>,
    pub busy: RwSignal<bool>,
    fault: RwSignal<Option<Fault>>,
    fleet: Fleet,
    session: Session,
    toast: Toast,
}

impl Access {
    /// For the calling page.
    pub fn new() -> Self {
        Self {
            closing: RwSignal::new(None),
            busy: RwSignal::new(false),
            fault: RwSignal::new(None),
            fleet: expect_context::<Fleet>(),
            session: expect_context::<Session>(),
            toast: expect_context::<Toast>(),
        }
    }

    /// True where the signed-in user has asked for it.
    pub fn is_own(self, requestor: &str) -> bool {
        self.session.user.with(|user| {
            user.as_ref().is_some_and(|user| {
                !requestor.is_empty() && (user.name.eq_ignore_ascii_case(requestor) || user.id == requestor)
            })
        })
    }

    /// Asks for the same again; the newer request takes the older one's place.
    pub fn extend(self, held: Held) {
        let Some(api) = self.session.api.get_untracked() else { return };
        let policy = untrack(|| self.fleet.policy(&held.policy));
        let Some(longest) = policy.and_then(|policy| longest(&policy, &held)) else {
            return self
                .toast
                .say("Its policy cannot be read any more, or has no such port: ask for access anew");
        };
        self.begin();
        spawn_local(async move {
            let done = api.initiate(&held.policy, &held.again(&longest), &browser::guid()).await;
            let said = format!("Extended: {} is open for {} from now", held.what(), time_words(&longest));
            self.end(&held, done.map(drop), said, "extended");
        });
    }

    /// Closes it before its end.
    pub fn close(self, held: Held) {
        let Some(api) = self.session.api.get_untracked() else { return };
        self.begin();
        spawn_local(async move {
            let own = untrack(|| self.is_own(&held.requestor));
            let done = api.revoke(&held.policy, &held.close(own)).await;
            let said = format!("Closed: {}", held.what());
            // Its own question: meanwhile another one may be asked.
            let is_asked = |closing: &Option<Held>| closing.as_ref() == Some(&held);
            if self.closing.try_with_untracked(is_asked) == Some(true) {
                self.closing.set(None);
                // Once the question is gone: the button that asked it goes, too.
                request_animation_frame(focus_heading);
            }
            self.end(&held, done, said, "closed");
        });
    }

    fn begin(self) {
        self.busy.set(true);
        self.fault.set(None);
    }

    fn end(self, held: &Held, done: Result<(), Failure>, said: String, word: &str) {
        // What came of it is told wherever the user is by now.
        let is_left = self.busy.try_set(false).is_some();
        if done.as_ref().err().is_none_or(Failure::may_be_done) {
            self.fleet.renew(Touched::policy(held.policy.clone(), [held.machine.clone()]));
        }
        match done {
            Ok(()) => {
                self.fault.try_set(None);
                self.toast.say(said);
            }
            Err(failure) => {
                let what = if failure.may_be_done() {
                    format!("It is not known whether {} was {word}.", held.what())
                } else {
                    format!("This could not be {word}: {}.", held.what())
                };
                if is_left {
                    self.toast.report(format!("{what} {failure}"));
                } else {
                    let policy = untrack(|| self.fleet.policy(&held.policy));
                    let policy = policy.filter(|_| failure.may_be_done());
                    self.fault.set(Some((what, failure, policy)));
                }
            }
        }
    }

    /// Why the last attempt came to nothing; where it is not known, until the policy as it is now tells.
    pub fn fault(self) -> Option<(String, Failure)> {
        let (what, failure, then) = self.fault.get()?;
        // Its ETag does not count: only a policy that is asked for alone has one.
        let is_told = then
            .is_some_and(|then| self.fleet.policy(&then.id).is_none_or(|now| now.requests != then.requests));
        (!is_told).then_some((what, failure))
    }

    /// Who else loses access with it, and from where: all that the call closes.
    pub fn losers(self, held: &Held) -> Vec<(String, Vec<String>)> {
        let machine: Option<Arc<Machine>> = self.fleet.machine(&held.machine);
        let open = machine.iter().flat_map(|machine| &machine.open);
        let same = |open: &&Open| {
            open.policy == held.policy
                && open.port == held.port
                && (held.requestor.is_empty() || open.requestor == held.requestor)
        };
        let mut all: Vec<_> =
            open.filter(same).map(|open| (open.requestor.clone(), open.sources.clone())).collect();
        if all.is_empty() {
            all.push((held.requestor.clone(), held.sources.clone()));
        }
        all.dedup();
        all
    }
}
