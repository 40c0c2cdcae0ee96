//! The texts of the rules' pages, loaded when the first of them is wanted.
use std::sync::Arc;

use jitgate_core::rules::Code;
use jitgate_logic::Pages;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::dom::view;
use crate::later::{Root, failed};
use crate::ui::Busy;

/// The file of all texts.
const FILE: &str = "jitgate-pages";

/// All texts, as far as they are there.
#[derive(Clone, Copy)]
pub struct Texts(RwSignal<State>);

#[derive(Clone)]
enum State {
    Coming,
    Here(Arc<Pages>),
    Absent,
}

impl Texts {
    /// Those of the application, which stay.
    pub fn wanted() -> Self {
        use_context().unwrap_or_else(|| {
            expect_context::<Root>().with(|| {
                let texts = Self(RwSignal::new(State::Coming));
                provide_context(texts);
                texts.load();
                texts
            })
        })
    }

    fn load(self) {
        self.0.set(State::Coming);
        spawn_local(async move {
            let text = browser::own_file(FILE).await;
            self.0.set(text.map_or(State::Absent, |text| State::Here(Arc::new(Pages::read(&text)))));
        });
    }

    /// The text of a rule's page, once it is there.
    pub fn of(self, code: Code) -> Option<Arc<str>> {
        self.0.with(|state| match state {
            State::Here(pages) => pages.of(code).cloned(),
            State::Coming | State::Absent => None,
        })
    }

    /// In place of texts that are not there: that they come, or that they could not be had.
    pub fn missing(self) -> Option<AnyView> {
        match self.0.get() {
            State::Coming => Some(view! { <Busy words="Loading…" /> }.into_any()),
            State::Absent => Some(failed(move || self.load())),
            State::Here(_) => None,
        }
    }
}
