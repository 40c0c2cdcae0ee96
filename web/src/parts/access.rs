//! Open access, and what can be done with it: close it; `extension` extends it.
use std::iter::successors;
use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::Protocol;
use jitgate_logic::{Touched, key_of, named_in, quoted};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement};

use crate::api::{Api, Failure, Machine, Open, RequestedPort};
use crate::browser;
use crate::state::{Fleet, Panel, Panels, Session};
use crate::ui::{Teller, Toast, is_focus_lost};

/// A port that is open on a machine for somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub policy: ResourceId,
    pub machine: ResourceId,
    /// The machine's.
    pub name: String,
    pub port: u16,
    /// None where it may be any: requests name none.
    pub protocol: Option<Protocol>,
    pub sources: Vec<String>,
    pub start: Option<Timestamp>,
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
            protocol: Some(open.protocol),
            sources: open.sources.clone(),
            start: open.start,
            end: open.end,
            requestor: open.requestor.clone(),
            justification: open.justification.clone(),
        }
    }

    /// What tells its row from others.
    pub fn key(&self) -> u32 {
        let port = self.port.to_string();
        let protocol = self.protocol.map_or("", Protocol::as_str);
        key_of(&[self.policy.key(), self.machine.key(), &port, &self.requestor, protocol])
    }

    /// `port 22 of web1`
    pub fn what(&self) -> String {
        format!("port {} of {}", self.port, self.name)
    }

    /// The body that closes it for who asked for it. Always by name: the user's own may be a namesake's, which would stay.
    fn close(&self) -> String {
        // Applications are not named: it closes for all, and the question names them.
        let whose = if self.requestor.is_empty() { "*" } else { &self.requestor };
        format!(
            "{{\"virtualMachines\":[{{\"id\":{},\"ports\":[{{\"number\":{}}}]}}],\"requestor\":{}}}",
            quoted(self.machine.text()),
            self.port,
            quoted(whose)
        )
    }
}

/// The number of the row that a button stands in, from 1 on; 0 where it stands in none.
fn place(button: &HtmlElement) -> usize {
    successors(button.closest("tr").ok().flatten(), Element::previous_element_sibling).count()
}

/// What a policy tells of a port; none where the policy itself is not known.
type Told = Option<Vec<RequestedPort>>;

/// Why the last attempt came to nothing: in words; and where that is not known, what the policy told before it.
type Fault = (String, Failure, Option<(Held, Told)>);

/// The id of what stands around, or above, the rows of a page: its focus when the last of them goes.
pub const OPEN_LIST: &str = "open-list";
/// The code of the answer where what was to be closed is open no more.
const GONE: &str = "AccessNotFound";
/// The last button of a row: it asks before it does anything.
const BUTTON: &str = ".row-buttons :last-child";

/// What is kept while something is under way: who is told what comes of it, and what the policy told of the port before,
/// since the news may come before the answer.
pub(super) struct Begun {
    teller: Teller,
    before: Told,
}

/// What the pages do with open access. One question at a time is asked.
#[derive(Clone, Copy)]
pub struct Access {
    pub closing: RwSignal<Option<Held>>,
    pub busy: RwSignal<bool>,
    pub(super) fault: RwSignal<Option<Fault>>,
    /// The button of a row that had the focus last, behind the number of the row.
    focused: StoredValue<Option<(usize, HtmlElement)>, LocalStorage>,
    pub(super) fleet: Fleet,
    session: Session,
    panel: ReadSignal<Option<Panel>>,
    pub(super) toast: Toast,
}

impl Access {
    /// For the calling page.
    pub fn new() -> Self {
        let access = Self {
            closing: RwSignal::new(None),
            busy: RwSignal::new(false),
            fault: RwSignal::new(None),
            focused: StoredValue::new_local(None),
            fleet: expect_context::<Fleet>(),
            session: expect_context::<Session>(),
            panel: expect_context::<Panels>().open(),
            toast: expect_context::<Toast>(),
        };
        Effect::new(move |_| {
            access.fleet.machines.track();
            access.fleet.policies.track();
            access.closing.track();
            // What ends goes by itself.
            access.fleet.now.track();
            request_animation_frame(move || access.find_focus());
        });
        access
    }

    /// A button of a row has the focus.
    pub fn has_focus(self, event: &FocusEvent) {
        let button = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        self.focused.set_value(button.map(|button| (place(&button), button)));
    }

    /// Where the row that had the focus is gone, the one in its place has it: on the button that only asks, since whoever
    /// presses a key right now means the one before.
    fn find_focus(self) {
        let Some(Some((row, button))) = self.focused.try_get_value() else { return };
        let active = document().active_element();
        if active.as_ref().is_some_and(|it| it.is_same_node(Some(&button))) {
            // Others may have come before it, or gone.
            return self.focused.set_value(Some((place(&button), button)));
        }
        if active.is_some_and(|it| matches!(it.closest("dialog"), Ok(Some(_)))) {
            // The focus comes back from the question.
            return;
        }
        self.focused.set_value(None);
        if button.is_connected() || !is_focus_lost() {
            // The user has left it, and is not to be brought back.
            return;
        }
        let rows = [format!("tr:nth-child({row}) {BUTTON}"), format!("tr:last-child {BUTTON}")];
        if !rows.iter().any(|row| browser::focus_now(row)) {
            browser::focus_now(&format!("#{OPEN_LIST}"));
        }
    }

    /// True where the signed-in user has asked for it.
    pub fn is_own(self, requestor: &str) -> bool {
        self.session.is_own(requestor)
    }

    /// None where the sign-in has ended: then it is asked for.
    pub(super) fn api(self) -> Option<Api> {
        let api = self.session.api.get_untracked();
        if api.is_none() {
            self.closing.set(None);
            self.session.ask();
        }
        api
    }

    /// Closes it before its end.
    pub fn close(self, held: Held) {
        let Some(api) = self.api() else { return };
        let begun = self.begin(&held);
        spawn_local(async move {
            let done = api.revoke(&held.policy, &held.close()).await;
            let said = format!("Closed: {}", held.what());
            // Its own question: meanwhile another one may be asked.
            let is_asked = |closing: &Option<Held>| closing.as_ref() == Some(&held);
            if self.closing.try_with_untracked(is_asked) == Some(true) {
                self.closing.set(None);
            }
            self.end(begun, held, done, said, "closed");
        });
    }

    pub(super) fn begin(self, held: &Held) -> Begun {
        self.busy.set(true);
        self.fault.set(None);
        Begun { teller: self.toast.teller(), before: untrack(|| self.told(held)) }
    }

    pub(super) fn end(self, begun: Begun, held: Held, done: Result<(), Failure>, said: String, word: &str) {
        let Begun { teller, before } = begun;
        // What came of it is told wherever the user is by now.
        let is_left = self.busy.try_set(false).is_some() || !teller.is_heard();
        let is_gone = matches!(&done, Err(Failure::Refused(refusal)) if refusal.code == GONE);
        if is_gone || done.as_ref().err().is_none_or(Failure::may_be_done) {
            self.fleet.renew(Touched::policy(held.policy.clone(), [held.machine.clone()]));
        }
        match done {
            Ok(()) => {
                self.fault.try_set(None);
                teller.say(said);
            }
            // Somebody else was quicker; the code alone may be about another of the same name.
            Err(_) if is_gone && untrack(|| self.open(&held)).is_empty() => {
                self.fault.try_set(None);
                teller.say(format!("It had been closed, or had ended, already: {}.", held.what()));
            }
            Err(failure) => {
                let what = if failure.may_be_done() {
                    format!("It is not known whether {} was {word}.", held.what())
                } else {
                    format!("This could not be {word}: {}.", held.what())
                };
                if is_left {
                    teller.report(format!("{what} {failure}"));
                } else {
                    let before = (is_gone || failure.may_be_done()).then_some((held, before));
                    // The notice above the rows may be out of sight; behind a dialog it is not heard.
                    if self.closing.with_untracked(Option::is_some)
                        || self.panel.with_untracked(Option::is_some)
                    {
                        self.toast.say(what.clone());
                    } else {
                        self.toast.show(what.clone());
                    }
                    self.fault.set(Some((what, failure, before)));
                }
            }
        }
    }

    /// Why the last attempt came to nothing; where it is not known, until the policy as it is now tells.
    pub fn fault(self) -> Option<(String, Failure)> {
        let (what, failure, before) = self.fault.get()?;
        // A policy that had not come by then may come as it was.
        let is_told = before.is_some_and(|(held, before)| before.is_some() && self.told(&held) != before);
        (!is_told).then_some((what, failure))
    }

    /// What the policy, as it is known now, tells of the port: all that was asked for.
    fn told(self, held: &Held) -> Told {
        let policy = self.fleet.policy(&held.policy)?;
        let ports = policy.requests.iter().flat_map(|request| &request.ports);
        let own = ports.filter(|port| port.number == held.port && port.machine == held.machine);
        Some(own.cloned().collect())
    }

    /// What the call closes, or opens anew, as it is known now: by whichever protocol.
    fn same(self, held: &Held, is_for: impl Fn(&Open) -> bool) -> Vec<Open> {
        let machine: Option<Arc<Machine>> = self.fleet.machine(&held.machine);
        let open = machine.iter().flat_map(|machine| &machine.open);
        let same = |open: &&Open| open.policy == held.policy && open.port == held.port && is_for(open);
        open.filter(same).cloned().collect()
    }

    /// All that the call closes: who it is open for, and from where.
    fn open(self, held: &Held) -> Vec<(String, Vec<String>)> {
        let all = self.same(held, |open| held.requestor.is_empty() || open.requestor == held.requestor);
        all.into_iter().map(|open| (open.requestor, open.sources)).collect()
    }

    /// By which protocols it is open for who asked for it.
    pub fn protocols(self, held: &Held) -> Vec<Protocol> {
        let own = self.same(held, |open| open.requestor == held.requestor);
        let mut all: Vec<Protocol> = own.iter().map(|open| open.protocol).collect();
        all.dedup();
        all
    }

    /// Who loses access with it, and from where.
    pub fn losers(self, held: &Held) -> Vec<(String, Vec<String>)> {
        let mut all = self.open(held);
        if all.is_empty() {
            all.push((held.requestor.clone(), held.sources.clone()));
        }
        all.dedup();
        all
    }
}
