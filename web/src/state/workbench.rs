//! The workbench: two documents, the present, the caller, and the decision that follows from them.
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::decide::{Context, Decision, Subject};
use jitgate_core::{Timestamp, decide, wire};
use js_sys::{JSON, Reflect};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::preview::{Changes, FileReport, Picture, Sources, changes};
use super::{Document, Network, SAMPLES, Sample, Session, Shared};
use crate::browser;

/// How often the present moves on while the page is shown.
const TICK: Duration = Duration::from_secs(20);

/// Where the caller comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// It is not said.
    Unknown,
    Known(IpAddr),
    /// What is said is no address.
    Wrong,
}

impl Caller {
    fn of(text: &str) -> Self {
        match text.trim() {
            "" => Self::Unknown,
            text => text.parse().map_or(Self::Wrong, Self::Known),
        }
    }

    /// What a decision goes by, if there is one to make.
    pub const fn address(self) -> Option<IpAddr> {
        match self {
            Self::Known(address) => Some(address),
            Self::Unknown | Self::Wrong => None,
        }
    }
}

/// A decision and its JSON.
#[derive(Clone)]
pub struct Outcome {
    pub decision: Arc<Decision>,
    pub json: Arc<str>,
}

impl Outcome {
    /// The body of the nearest request, with two spaces for each level.
    pub fn nearest_body(&self) -> Option<String> {
        let nearest = Reflect::get(&JSON::parse(&self.json).ok()?, &"nearest".into()).ok()?;
        if !nearest.is_object() {
            return None;
        }
        JSON::stringify_with_replacer_and_space(&nearest, &JsValue::NULL, &2.into()).ok().map(Into::into)
    }
}

impl PartialEq for Outcome {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

#[derive(Clone, Copy)]
pub struct Workbench {
    pub policy: Document,
    pub request: Document,
    pub network: Network,
    /// The present as the user wrote it; empty for this computer's clock.
    pub now: RwSignal<String>,
    /// The caller's address as the user wrote it; empty where it is not known.
    pub from: RwSignal<String>,
    /// None where what the user wrote is no time.
    pub present: Memo<Option<Timestamp>>,
    pub caller: Memo<Caller>,
    /// None where there is nothing to decide yet.
    pub outcome: Memo<Option<Outcome>>,
    /// What all of it does to the network.
    pub picture: Picture,
    /// What the changes of the policy since it was opened let people open, or not any more.
    pub changes: Signal<Option<Changes>>,
    clock: RwSignal<Option<Timestamp>>,
    /// True once documents were put here: a later visit of the page finds them again.
    filled: StoredValue<bool>,
    /// True while something of it is in no address: not yet, or because it is too long.
    pub unsaved: StoredValue<bool>,
}

impl Workbench {
    pub fn provide() {
        let (bench, another) = (Self::new(), expect_context::<Session>().another);
        provide_context(bench);
        // Also while another page is shown.
        Effect::new(move |first: Option<()>| {
            another.track();
            if first.is_some() {
                bench.clear();
            }
        });
        let leaves = window_event_listener(ev::beforeunload, move |event| {
            if bench.would_lose() {
                event.prevent_default();
            }
        });
        on_cleanup(move || leaves.remove());
    }

    /// As if nothing had been put here.
    fn clear(self) {
        self.open(Shared::default());
        self.network.unshared.set(false);
        self.filled.set_value(false);
        self.unsaved.set_value(false);
    }

    /// True where closing the page would lose what the user has made.
    pub fn would_lose(self) -> bool {
        self.unsaved.get_value() && self.is_edited()
    }

    fn new() -> Self {
        let clock = RwSignal::new(browser::now());
        let (now, from) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let present = Memo::new(move |_| match now.get().trim() {
            "" => clock.get(),
            text => Timestamp::parse(text),
        });
        let caller = Memo::new(move |_| from.with(|from| Caller::of(from)));
        let policy = Document::new(Subject::Policy, present);
        let request = Document::new(Subject::Request, present);
        let outcome = Memo::new(move |_| {
            let (now, caller) = (present.get()?, caller.get());
            let context = Context { now, caller_address: caller.address() };
            let (policy, request) = (policy.source.get(), request.source.get());
            if caller == Caller::Wrong || policy.is_blank() || request.is_blank() {
                return None;
            }
            let decision = decide(&policy.bytes, &request.bytes, &context);
            Some(Outcome { json: wire::decision(&decision).into(), decision: decision.into() })
        });
        let filled = StoredValue::new(false);
        let network = Network::new();
        let sources =
            Sources { network, policy: policy.source, request: request.source, outcome, present, caller };
        let picture = Picture::new(sources);
        let changes = Signal::derive(move || {
            policy.source.with(|after| policy.opened.with(|before| changes(before, after, None)))
        });
        Self {
            policy,
            request,
            network,
            now,
            from,
            present,
            caller,
            outcome,
            picture,
            changes,
            clock,
            filled,
            unsaved: StoredValue::new(false),
        }
    }

    /// Lets the present move on while the calling component is on the page.
    pub fn run_clock(self) {
        self.clock.set(browser::now());
        browser::every(TICK, move || self.clock.set(browser::now()));
    }

    /// True when no documents were put here yet, by the page or by the user.
    pub fn is_new(self) -> bool {
        !self.filled.get_value() && !self.is_edited()
    }

    /// The sample that the workbench opens with.
    pub fn open_first_sample(self) {
        if let Some(sample) = SAMPLES.first() {
            self.open_sample(sample);
        }
    }

    /// True where the user has made something of what was opened, which another document in its place would lose.
    pub fn is_edited(self) -> bool {
        let is_edited = |document: Document| {
            document.text.with_untracked(|text| {
                !text.trim().is_empty() && document.opened.with_untracked(|opened| *opened.shown != **text)
            })
        };
        is_edited(self.policy) || is_edited(self.request) || self.network.is_edited()
    }

    pub fn open_sample(self, sample: &Sample) {
        self.open(sample.shared());
    }

    /// What is to be said about a file of the network.
    pub fn file_report(self, id: u32) -> Option<FileReport> {
        let index = self.network.files.with(|files| files.iter().position(|file| file.id == id))?;
        self.picture.report(index)
    }

    /// What is on the workbench, to be shared.
    pub fn shared(self) -> Shared {
        Shared {
            policy: self.policy.source.get().text.to_string(),
            request: self.request.source.get().text.to_string(),
            now: self.now.get(),
            from: self.from.get(),
            policy_kind: self.policy.kind.get(),
            request_kind: self.request.kind.get(),
            network: self.network.texts(),
        }
    }

    /// Puts what was shared on the workbench.
    pub fn open(self, shared: Shared) {
        self.filled.set_value(true);
        self.now.set(shared.now);
        self.from.set(shared.from);
        self.network.open(shared.network);
        self.policy.open(shared.policy, shared.policy_kind);
        self.request.open(shared.request, shared.request_kind);
    }
}
