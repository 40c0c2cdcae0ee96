//! What stands around every page: header, navigation, landmarks.
mod header;
mod navigation;
mod sign_in;

use leptos::ev;
use leptos::html::Main;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::dom::view;
use crate::state::Panels;
use crate::ui::{Modals, Reports, ToastRegion};
use header::Header;
use navigation::Navigation;
pub use sign_in::{SignIn, SignedIn};

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let main = NodeRef::<Main>::new();
    let panel = expect_context::<Panels>().open();
    let open = Memo::new(move |_| panel.with(Option::is_none));
    let heard = expect_context::<Modals>().is_none();
    // Not the browser's own jump: the fragment holds the documents.
    let skip = move |event: ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            // Fails only for elements that are gone.
            let _lost = main.focus();
        }
    };
    // A key that is held would press whatever button has the focus by then, one that closes what has just been opened; and
    // in a field it would submit a form again and again.
    window_event_listener(ev::keydown, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let acts = |it: Element| matches!(it.tag_name().as_str(), "BUTTON" | "INPUT");
        if event.repeat() && event.key() == "Enter" && target.is_some_and(acts) {
            event.prevent_default();
        }
    });
    view! {
        <a class="skip-link" href="#main" on:click=skip>"Skip to the content"</a>
        <Header />
        <div class="frame">
            <Navigation />
            <main class="main" id="main" tabindex="-1" node_ref=main>
                {move || open.get().then(|| view! { <Reports heard /> })}
                {children()}
            </main>
        </div>
        <ToastRegion heard />
    }
}
