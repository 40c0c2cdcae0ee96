//! What the policy and the request do to the network: worked out anew with each change of them.
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::preview::{Diff, Loaded, Mode, Options, Preview, diff, load, preview};
use jitgate_core::{Diagnostic, Kind, wire};
use leptos::prelude::*;

use super::findings::Source;
use super::{Caller, Network, Outcome};
use crate::browser::Debounce;

/// Up to this many bytes of network the answer follows each key press; for more it waits for a pause.
const AT_ONCE: usize = 200_000;
const PAUSE: Duration = Duration::from_millis(400);

/// The network, read once; the same when it is the same one.
#[derive(Clone)]
pub struct Read(Option<Arc<Loaded>>);

impl PartialEq for Read {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// What the preview is about.
#[derive(Clone, PartialEq)]
struct Question {
    network: Read,
    policy: Source,
    /// The request, and whether it is the nearest one in place of a refused one.
    request: Option<(Arc<str>, bool)>,
    options: Asked,
}

/// The options, in a form that can be compared.
#[derive(Clone, Copy, PartialEq)]
struct Asked {
    now: jitgate_core::Timestamp,
    caller_address: Option<std::net::IpAddr>,
    mode: Mode,
}

/// A preview.
#[derive(Clone)]
pub struct Pictured {
    pub preview: Arc<Preview>,
    /// It shows the nearest request that would be granted, as the one made is refused.
    pub nearest: bool,
    /// There is a request in it.
    pub requested: bool,
}

impl Pictured {
    pub fn json(&self) -> String {
        wire::preview(&self.preview)
    }
}

/// What is to be said about one file of the network.
#[derive(Clone, PartialEq)]
pub struct FileReport {
    pub kind: Kind,
    pub diagnostics: Vec<Diagnostic>,
}

/// The preview and what it follows from.
#[derive(Clone, Copy)]
pub struct Picture {
    pub mode: RwSignal<Mode>,
    /// None where there is nothing to show.
    pub shown: RwSignal<Option<Pictured>>,
    read: Memo<Read>,
}

/// The preview's sources on the workbench.
#[derive(Clone, Copy)]
pub struct Sources {
    pub network: Network,
    pub policy: RwSignal<Source>,
    pub request: RwSignal<Source>,
    pub outcome: Memo<Option<Outcome>>,
    pub present: Memo<Option<jitgate_core::Timestamp>>,
    pub caller: Memo<Caller>,
}

impl Picture {
    pub fn new(from: Sources) -> Self {
        let mode = RwSignal::new(Mode::default());
        let read = Memo::new(move |_| {
            from.network.files.with(|files| {
                let bytes: Vec<&[u8]> = files.iter().map(|file| &*file.source.bytes).collect();
                let some = !bytes.is_empty();
                Read(some.then(|| load(&bytes, None).into()))
            })
        });
        let question = Memo::new(move |_| {
            let policy = from.policy.get();
            let network = read.get();
            let caller = from.caller.get();
            if network.0.is_none() || policy.is_blank() || caller == Caller::Wrong {
                return None;
            }
            let caller_address = caller.address();
            let options = Asked { now: from.present.get()?, caller_address, mode: mode.get() };
            let request = from.outcome.with(|outcome| match outcome {
                Some(outcome) if !outcome.decision.is_granted() => {
                    outcome.nearest_body().map(|body| (Arc::from(body), true))
                }
                _ => Some(from.request.get()).filter(|it| !it.is_blank()).map(|it| (it.text, false)),
            });
            Some(Question { network, policy, request, options })
        });
        let (shown, pause) = (RwSignal::new(None), Debounce::new());
        // A pause is not a value that could be derived.
        Effect::new(move |_| {
            let question = question.get();
            let size = from.network.files.with_untracked(|files| {
                files.iter().map(|file| file.source.bytes.len()).fold(0, usize::saturating_add)
            });
            pause.cancel();
            if size <= AT_ONCE || question.is_none() {
                shown.set(question.and_then(answer));
            } else {
                pause.after(PAUSE, move || shown.set(question.and_then(answer)));
            }
        });
        Self { mode, shown, read }
    }

    /// The report on a file, by its place: from the preview, where there is one, as that knows more.
    pub fn report(self, index: usize) -> Option<FileReport> {
        use jitgate_core::preview::{DocumentReport, Role};
        let of = |reports: &[DocumentReport]| {
            let found = reports.iter().find(|it| it.role == Role::Network && it.index == index)?;
            Some(FileReport { kind: found.kind, diagnostics: found.diagnostics.clone() })
        };
        let previewed = self.shown.with(|shown| of(&shown.as_ref()?.preview.reports));
        previewed.or_else(|| self.read.with(|read| of(&read.0.as_ref()?.reports)))
    }
}

fn answer(question: Question) -> Option<Pictured> {
    let network = question.network.0?;
    let Asked { now, caller_address, mode } = question.options;
    let options = Options { mode, caller_address, ..Options::at(now) };
    let requests: Vec<&[u8]> = question.request.iter().map(|(text, _)| text.as_bytes()).collect();
    let preview = preview(&network, &[&question.policy.bytes], &requests, &options);
    Some(Pictured {
        preview: preview.into(),
        nearest: question.request.as_ref().is_some_and(|(_, nearest)| *nearest),
        requested: question.request.is_some(),
    })
}

/// What the changes of a policy make possible and impossible; none where nothing was changed.
#[derive(Clone)]
pub struct Changes(pub Arc<Diff>);

/// Compares a policy with what it was.
pub fn changes(before: &Source, after: &Source, now: Option<jitgate_core::Timestamp>) -> Option<Changes> {
    if before.text == after.text || before.is_blank() {
        return None;
    }
    Some(Changes(diff(&[&before.bytes], &[&after.bytes], &[], now).into()))
}
