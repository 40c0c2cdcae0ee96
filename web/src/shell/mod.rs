//! What stands around every page: header, navigation, landmarks.
mod header;
mod navigation;
mod sign_in;

use leptos::html::Main;
use leptos::prelude::*;

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
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            // Fails only for elements that are gone.
            let _lost = main.focus();
        }
    };
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
