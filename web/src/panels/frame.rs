//! What all panels have in common: leaving with unsaved edits is asked about, and whoever is signed out in the middle
//! signs in again without losing them.
use leptos::ev;
use leptos::prelude::*;

use crate::dom::view;
use crate::shell::SignIn;
use crate::state::{Panels, Session};
use crate::ui::{Confirm, SidePanel};

/// Whether and how the panel is left.
#[derive(Clone, Copy)]
pub struct Leaving {
    dirty: Signal<bool>,
    /// What was entered is on its way: leaving does not stop it.
    busy: Signal<bool>,
    asking: RwSignal<bool>,
    panels: Panels,
}

impl Leaving {
    /// `dirty` says whether something would be lost, `busy` whether it is being saved or sent.
    pub fn new(dirty: impl Fn() -> bool + Send + Sync + 'static, busy: impl Into<Signal<bool>>) -> Self {
        let (dirty, busy) = (Signal::derive(dirty), busy.into());
        let reload = window_event_listener(ev::beforeunload, move |event| {
            if dirty.get_untracked() || busy.get_untracked() {
                // The browser asks in its own words.
                event.prevent_default();
            }
        });
        let leaving = Self { dirty, busy, asking: RwSignal::new(false), panels: expect_context::<Panels>() };
        // Whoever goes back leaves the page below, and this with it.
        let back = window_event_listener(ev::popstate, move |_| leaving.leave());
        // Done meanwhile: there is nothing left to ask about. Or it has failed: that is to be seen, and would not be told
        // to whoever says yes to the question as it was.
        Effect::new(move |was_busy: Option<bool>| {
            let is_busy = busy.get();
            if !is_busy && (was_busy == Some(true) || !dirty.get()) {
                leaving.asking.set(false);
            }
            is_busy
        });
        on_cleanup(move || {
            reload.remove();
            back.remove();
        });
        leaving
    }

    /// The user wants to leave.
    pub fn leave(self) {
        if self.dirty.get_untracked() || self.busy.get_untracked() {
            self.asking.set(true);
        } else {
            self.panels.close();
        }
    }

    /// All is done. The user may have left it meanwhile, and opened another one.
    pub fn close(self) {
        if !self.asking.is_disposed() {
            self.panels.close();
        }
    }
}

/// A panel with its form.
#[component]
pub fn PanelFrame(
    #[prop(into)] title: String,
    #[prop(into)] lead: String,
    leaving: Leaving,
    children: Children,
    foot: AnyView,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let signed_out = Memo::new(move |_| session.api.with(Option::is_none));
    let question = move || {
        leaving.asking.get().then(|| {
            let (title, action, words) = if leaving.busy.get() {
                (
                    "Leave this form?",
                    "Leave",
                    "What you have entered is on its way already: leaving does not stop it. A message tells what came of it.",
                )
            } else {
                ("Discard your changes?", "Discard", "What is not saved or sent yet is lost.")
            };
            view! {
                <Confirm
                    title
                    action
                    busy=Signal::stored(false)
                    on_confirm=move || leaving.close()
                    on_leave=move || leaving.asking.set(false)
                >
                    <p>{words}</p>
                </Confirm>
            }
        })
    };
    view! {
        <SidePanel title lead on_leave=move || leaving.leave() foot>
            {move || signed_out.get().then(|| view! { <SignIn again=true /> })}
            // What is typed while it is on its way would be lost.
            <div class="panel-form" inert=move || leaving.busy.get()>{children()}</div>
            {question}
        </SidePanel>
    }
}
