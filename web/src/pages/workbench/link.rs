//! The address and the workbench follow each other: a link opens its documents, a change is written to the address.
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::replace::replace_question;
use crate::browser::{self, Debounce};
use crate::dom::view;
use crate::state::{SAMPLES, Sample, Shared, Workbench};
use crate::ui::{Glyph, Icon};

/// Browsers refuse an address that changes at every key press.
const PAUSE: Duration = Duration::from_millis(500);

/// The address and the workbench, as long as the page is there.
#[derive(Clone, Copy)]
pub struct Link {
    workbench: Workbench,
    damaged: RwSignal<bool>,
    /// A fragment and its documents, which would take the place of what is in no address.
    asked: RwSignal<Option<(String, Shared)>>,
    /// A fragment is being read.
    reading: StoredValue<bool>,
    /// The fragment that was read or written last.
    written: StoredValue<String>,
    /// What the address stands for; none where it cannot hold all of it.
    said: StoredValue<Option<Shared>>,
    pause: Debounce,
}

impl Link {
    /// Follows in both directions while the calling component is there.
    pub fn follow(workbench: Workbench) -> Self {
        // The page opens with the sample without any words in the address.
        let sample = SAMPLES.first().filter(|_| browser::fragment().is_empty());
        let link = Self {
            workbench,
            damaged: RwSignal::new(false),
            asked: RwSignal::new(None),
            reading: StoredValue::new(false),
            written: StoredValue::default(),
            said: StoredValue::new(sample.map(Sample::shared)),
            pause: Debounce::new(),
        };
        link.open();
        let listener = window_event_listener(ev::hashchange, move |_| link.open());
        on_cleanup(move || listener.remove());
        Effect::new(move |_| link.write(workbench.shared()));
        on_cleanup(move || link.pause.cancel());
        link
    }

    fn open(self) {
        let fragment = browser::fragment();
        if fragment.is_empty() {
            if self.workbench.is_new() {
                self.workbench.open_first_sample();
            }
        } else if self.written.with_value(|written| *written != fragment) {
            self.reading.set_value(true);
            spawn_local(async move {
                let shared = Shared::read(&fragment).await;
                self.reading.try_set_value(false);
                // Another link was opened meanwhile, or the page was left.
                if browser::fragment() != fragment {
                    return;
                }
                self.damaged.try_set(shared.is_none());
                let Some(shared) = shared else { return };
                if self.workbench.would_lose() && untrack(|| self.workbench.shared() != shared) {
                    self.asked.try_set(Some((fragment, shared)));
                } else {
                    self.put(fragment, shared);
                }
            });
        }
    }

    /// Puts what a link holds on the workbench.
    fn put(self, fragment: String, shared: Shared) {
        browser::set_fragment(&fragment);
        self.written.try_set_value(fragment);
        self.said.try_set_value(Some(shared.clone()));
        self.workbench.unsaved.set_value(false);
        self.workbench.open(shared);
    }

    /// Writes the documents into the address, unless it stands for them already.
    fn write(self, shared: Shared) {
        let Self { workbench, .. } = self;
        let is_said = workbench.is_new() || self.said.with_value(|said| said.as_ref() == Some(&shared));
        workbench.unsaved.set_value(!is_said);
        if is_said {
            return;
        }
        self.pause.after(PAUSE, move || {
            spawn_local(async move {
                let fragment = shared.fragment().await;
                // The page may be gone, a link be about to open, or the documents may have changed since: a later write is
                // on its way.
                let current =
                    self.reading.try_get_value() == Some(false) && untrack(|| workbench.shared() == shared);
                if current {
                    let is_cut = fragment.as_ref().is_ok_and(|it| it.without_network);
                    let is_whole = fragment.is_ok() && !is_cut;
                    workbench.network.unshared.set(is_cut);
                    workbench.unsaved.set_value(!is_whole);
                    self.said.set_value(is_whole.then_some(shared));
                    let fragment = fragment.unwrap_or_default().text;
                    browser::set_fragment(&fragment);
                    self.written.set_value(fragment);
                }
            });
        });
    }
}

/// Says that the link could not be read, or asks before its documents take the place of others.
#[component]
pub fn LinkState(link: Link) -> impl IntoView {
    let Link { damaged, asked, .. } = link;
    let question = move || {
        asked.with(Option::is_some).then(|| {
            let opens = move || {
                if let Some((fragment, shared)) = asked.try_update(Option::take).flatten() {
                    link.put(fragment, shared);
                }
            };
            let title = "Open the documents of the link?".to_owned();
            replace_question(title, "Open them", opens, move || asked.set(None))
        })
    };
    let message = move || {
        damaged.get().then(|| {
            view! {
                <div class="bar" data-severity="error">
                    <span class="severity-icon" data-severity="error"><Icon glyph=Glyph::Error /></span>
                    <p>
                        "The documents in this link could not be read: what stands behind "<code>"#"</code>
                        " in the address is damaged or cut off. Ask for the link again, or for the files."
                    </p>
                    <button type="button" class="button" on:click=move |_| damaged.set(false)>"Dismiss"</button>
                </div>
            }
        })
    };
    view! { <div role="alert">{message}</div> {question} }
}
