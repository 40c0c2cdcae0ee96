//! Code that is loaded when it is first wanted: the build makes a module of its own of all that only such code needs.
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use crate::dom::view;
use crate::parts::Late;
use crate::ui::{Busy, Notice, Tone};

/// The application as the owner of what must outlive the page that first needs it.
#[derive(Clone)]
pub struct Root(Owner);

impl Root {
    pub fn provide() {
        if let Some(owner) = Owner::current() {
            provide_context(Self(owner));
        }
    }

    /// Whatever is made here lives as long as the application.
    pub fn with<T>(&self, make: impl FnOnce() -> T) -> T {
        self.0.with(make)
    }
}

/// Draws something, once its code is there.
pub type Draw<T> = fn(T) -> AnyView;

/// Code that is under way.
pub type Loading<T> = Pin<Box<dyn Future<Output = Result<Draw<T>, Unloaded>>>>;

/// The code could not be had: no network, or the server has another version of the portal by now.
#[derive(Clone, Copy, Debug)]
pub struct Unloaded;

impl From<SplitLoaderError> for Unloaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// What the loaded code draws; until then, or where it cannot be had, `absent` draws why.
pub fn later<T: Clone + Send + 'static>(
    load: fn() -> Loading<T>,
    with: T,
    absent: fn(&T, AnyView) -> AnyView,
) -> impl IntoView {
    let draw = RwSignal::new(None);
    let attempt = move || {
        draw.set(None);
        let mut turn = GIVEN_UP.get();
        let mut loading = load();
        // Code that is there already draws at once.
        match loading.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(loaded) => draw.set(Some(loaded)),
            Poll::Pending => spawn_local(async move {
                let mut loaded = loading.await;
                // Who tried another part again gave up this one, too.
                while loaded.is_err() && GIVEN_UP.get() != turn {
                    turn = GIVEN_UP.get();
                    loaded = load().await;
                }
                // None is left to set where the page has been left meanwhile.
                let _gone = draw.try_set(Some(loaded));
            }),
        }
    };
    attempt();
    let again = Callback::new(|()| give_up());
    move || match draw.get() {
        Some(Ok(draw)) => draw(with.clone()),
        Some(Err(Unloaded)) => absent(&with, failed(attempt)),
        None => absent(&with, view! { <Busy words="Loading…" /><Late on_again=again /> }.into_any()),
    }
}

thread_local! {
    /// So many times all that was under way was given up.
    static GIVEN_UP: Cell<u32> = const { Cell::new(0) };
}

/// Ends the loading of all parts that are under way, as if they could not be had (`web/parts.js`).
pub fn give_up() {
    GIVEN_UP.set(GIVEN_UP.get().wrapping_add(1));
    if let Ok(event) = web_sys::Event::new("parts-given-up") {
        // Fails only for an event that is under way already.
        let _told = window().dispatch_event(&event);
    }
}

/// What stands in place of what could not be loaded, and a button to try once more.
pub fn failed(attempt: impl Fn() + Send + 'static) -> AnyView {
    view! {
        <Notice tone=Tone::Error>
            <p>"This part of the portal could not be loaded. If trying again does not help, reload the page: the portal may have been renewed."</p>
            <p><button type="button" class="button" on:click=move |_| attempt()>"Try again"</button></p>
        </Notice>
    }
    .into_any()
}
