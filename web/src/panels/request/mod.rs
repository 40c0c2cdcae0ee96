//! Request access: which ports of which machines are to be opened, for whom, and until when.
mod ask;
mod connect;
mod nearest;
mod outcome;
mod port;
mod replaced;
mod send;
mod verdict;

use std::net::IpAddr;
use std::sync::Arc;

use jitgate_core::access::action;
use jitgate_core::ledger::ResourceId;
use jitgate_logic::draft::{FORM, Faults};
use jitgate_logic::object;
use leptos::prelude::*;

use super::allowed::{Need, Rights};
use super::code::{AsCode, Coded};
use super::configure::machines_words;
use super::foot::{FIRST_BUTTON, Foot};
use super::frame::{Leaving, PanelFrame};
use super::impact::{Aim, ImpactView, Question};
use super::notes::Elsewhere;
use crate::api::{Machine, Policy};
use crate::browser::{self, focus_first};
use crate::dom::view;
use crate::state::{Fleet, Session};
use crate::ui::{TextControl, focus_content};
use ask::{Ask, Body, asks, bodies};
use nearest::{Nearest, NearestOffer};
use outcome::{Outcome, is_done};
use port::MachinePorts;
use send::{Sent, Submissions};
use verdict::Verdict;

/// A request as it is made.
#[derive(Clone, Copy)]
pub struct Form {
    pub asks: RwSignal<Vec<Ask>>,
    pub justification: RwSignal<String>,
    pub bodies: Memo<Vec<Body>>,
    pub verdict: Memo<Verdict>,
    /// The user's own address; empty where it is not known.
    pub address: Signal<String>,
    pub submissions: Submissions,
}

impl Form {
    fn new(first: Vec<Ask>, policies: Arc<Vec<Arc<Policy>>>, submissions: Submissions) -> Self {
        let session = expect_context::<Session>();
        let fleet = expect_context::<Fleet>();
        let (asks, justification) = (RwSignal::new(first), RwSignal::new(String::new()));
        let bodies = Memo::new(move |_| asks.with(|asks| justification.with(|why| bodies(asks, why))));
        let address = Signal::derive(move || {
            session.user.with(|user| user.as_ref().map(|user| user.address.clone()).unwrap_or_default())
        });
        let verdict = Memo::new(move |_| {
            let caller: Option<IpAddr> = address.with(|address| address.parse().ok());
            // The policies as they are now, or as they were when the panel opened.
            let known = fleet.policies.get();
            let policies = if known.is_empty() { &policies } else { &known };
            bodies.with(|bodies| Verdict::of(bodies, policies, browser::now(), caller))
        });
        Self { asks, justification, bodies, verdict, address, submissions }
    }

    /// One row's part of the form.
    fn row<T: Default>(self, key: u32, of: impl FnOnce(&Ask) -> T) -> T {
        self.asks.with(|asks| asks.iter().find(|ask| ask.key == key).map(of).unwrap_or_default())
    }

    fn change(self, key: u32, change: impl FnOnce(&mut Ask)) {
        self.asks.update(|asks| {
            if let Some(ask) = asks.iter_mut().find(|ask| ask.key == key) {
                change(ask);
            }
        });
    }

    fn take(self, nearest: &[Nearest]) {
        let address = self.address.get_untracked();
        self.asks.update(|asks| nearest.iter().for_each(|nearest| nearest.take(asks, &address)));
    }
}

#[component]
pub fn RequestPanel(machines: Vec<Arc<Machine>>) -> impl IntoView {
    let fleet = expect_context::<Fleet>();
    let policies = fleet.policies.get_untracked();
    let session = expect_context::<Session>();
    // The server goes by the address that a request comes from, which may be another one since the sign-in, or since
    // the network was lost.
    Effect::new(move |_| {
        if fleet.live.get() {
            session.reintroduce();
        }
    });
    let known =
        session.user.with_untracked(|user| user.as_ref().is_some_and(|user| !user.address.is_empty()));
    let first = asks(&machines, &policies, known);
    let needs = needs(&first);
    let opened = StoredValue::new(first.clone());
    let submissions = Submissions::new();
    let form = Form::new(first, policies, submissions);
    let done = Memo::new(move |_| submissions.list.with(|list| is_done(list)));
    let dirty = move || {
        let changed = opened.with_value(|opened| form.asks.with(|asks| asks != opened));
        !done.get() && (changed || !form.justification.with(String::is_empty))
    };
    let leaving = Leaving::new(dirty, submissions.busy);
    Effect::new(move |_| {
        if done.get() {
            focus_first(FIRST_BUTTON);
        }
    });
    // What came of it stands above the form, which may be scrolled.
    Effect::new(move |before: Option<bool>| {
        let busy = submissions.busy.get();
        if before == Some(true) && !busy {
            browser::scroll_to_top(".side-panel-body");
        }
        busy
    });
    let count = machines.len();
    let members = StoredValue::new(machines);
    let foot = view! { <RequestFoot form submissions leaving needs done /> };
    let body = move || {
        if done.get() {
            return view! { <Outcome submissions /> }.into_any();
        }
        view! {
            <Outcome submissions />
            {members.with_value(|machines| machines.iter().map(|machine| {
                view! { <MachinePorts form machine=Arc::clone(machine) /> }
            }).collect::<Vec<_>>())}
            <JustificationField form />
            <Elsewhere faults=Signal::derive(move || form.verdict.with(|verdict| verdict.faults.clone())) />
            <Offer form submissions />
            <ImpactView
                questions=questions(form)
                idle=Signal::stored("What the request opens appears here, once it would be granted.".to_owned())
            />
            <AsCode code=coded(form) />
        }
        .into_any()
    };
    let lead = format!("Open ports of {} for a while", machines_words(count));
    view! {
        <PanelFrame title="Request access" lead leaving foot=foot.into_any()>{body}</PanelFrame>
    }
}

#[component]
fn JustificationField(form: Form) -> impl IntoView {
    view! {
        <TextControl
            label="Justification"
            hint=Signal::stored("Why access is needed; it is kept in the activity log".to_owned())
            value=form.justification
            on_input=Callback::new(move |text| form.justification.set(text))
            notes=said(form, FORM, "justification")
        />
    }
}

/// The core's nearest request, or the server's where that has refused what the core had not.
#[component]
fn Offer(form: Form, submissions: Submissions) -> impl IntoView {
    let take = Callback::new(move |nearest: Vec<Nearest>| {
        form.take(&nearest);
        submissions.list.update(|list| list.retain(|one| !matches!(one.sent, Sent::Refused(..))));
        focus_first(FIRST_BUTTON);
    });
    let offered = Memo::new(move |_| {
        let own = form.verdict.with(|verdict| verdict.nearest.clone());
        if !own.is_empty() {
            return own;
        }
        let of_server = |one: &send::Submission| match &one.sent {
            Sent::Refused(_, nearest) => nearest.clone(),
            _ => None,
        };
        submissions.list.with(|list| list.iter().filter_map(of_server).collect())
    });
    move || {
        let nearest = offered.get();
        (!nearest.is_empty()).then(|| view! { <NearestOffer nearest on_take=take /> })
    }
}

#[component]
fn RequestFoot(
    form: Form,
    submissions: Submissions,
    leaving: Leaving,
    needs: Vec<Need>,
    done: Memo<bool>,
) -> impl IntoView {
    let rights = Rights::of(needs);
    let reason = Signal::derive(move || {
        let errors = form.verdict.with(|verdict| verdict.faults.errors());
        match (rights.sentence(), form.bodies.with(Vec::is_empty), errors) {
            (sentence, ..) if !sentence.is_empty() => sentence,
            (_, true, _) => "Choose the ports to open.".to_owned(),
            (_, _, 1) => "This would be refused: there is 1 reason against it.".to_owned(),
            (_, _, errors) if errors > 0 => {
                format!("This would be refused: there are {errors} reasons against it.")
            }
            _ => String::new(),
        }
    });
    let again = Memo::new(move |_| {
        submissions.list.with(|list| list.iter().any(|one| matches!(one.sent, Sent::Unknown(_))))
    });
    let label =
        Signal::derive(move || if again.get() { "Try again (safe)" } else { "Open ports" }.to_owned());
    let send = Callback::new(move |()| submissions.send(form.bodies.get_untracked()));
    let more = move || {
        submissions.list.set(Vec::new());
        // The button is gone.
        focus_content();
    };
    move || {
        if done.get() {
            return view! {
                <button type="button" class="button button-primary" on:click=move |_| leaving.close()>"Close"</button>
                <button type="button" class="button" on:click=move |_| more()>"Request more"</button>
            }
            .into_any();
        }
        view! { <Foot leaving rights reason label busy=submissions.busy.into() on_press=send /> }.into_any()
    }
}

fn needs(asks: &[Ask]) -> Vec<Need> {
    let mut policies: Vec<&ResourceId> = Vec::new();
    for policy in asks.iter().filter_map(|ask| ask.policy.as_ref()) {
        if !policies.contains(&policy) {
            policies.push(policy);
        }
    }
    let need = |policy: &ResourceId| Need {
        action: action::JIT_INITIATE,
        scope: policy.text().to_owned(),
        words: format!(
            "request access by the policy {} in {}",
            policy.name(),
            policy.resource_group().unwrap_or_default()
        ),
    };
    policies.into_iter().map(need).collect()
}

fn questions(form: Form) -> Signal<Vec<Question>> {
    Signal::from(Memo::new(move |_| {
        if !form.verdict.with(|verdict| verdict.granted) {
            return Vec::new();
        }
        let question = |body: &Body| Question {
            policy: body.policy.clone(),
            body: object(&[("request", body.text.clone())]),
            mine: body.machines.clone(),
            others: Vec::new(),
            aim: Aim::Open,
        };
        form.bodies.with(|bodies| bodies.iter().map(question).collect())
    }))
}

fn coded(form: Form) -> Signal<Vec<Coded>> {
    let fleet = expect_context::<Fleet>();
    Signal::derive(move || {
        let one = |body: &Body| {
            let policy = untrack(|| fleet.policy(&body.policy));
            let against = policy.map(|policy| policy.json.to_string()).unwrap_or_default();
            Coded::request(body.policy.clone(), body.text.clone(), against)
        };
        form.bodies.with(|bodies| bodies.iter().map(one).collect())
    })
}

/// What is said of a port's field.
fn said(form: Form, key: u32, field: &'static str) -> crate::ui::Notes {
    Signal::derive(move || {
        form.verdict.with(|verdict: &Verdict| {
            let faults: &Faults = &verdict.faults;
            super::notes::notes(faults.at(key, field).iter())
        })
    })
}
