//! A page's heading: it names the document, and takes the focus when the user comes from another page.
use leptos::html::H1;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::dom::view;

/// Whether the user has moved between pages: the first page leaves the focus where the browser puts it.
#[derive(Clone, Copy)]
pub struct Navigated(StoredValue<bool>);

impl Navigated {
    pub fn provide() {
        provide_context(Self(StoredValue::new(false)));
    }
}

/// Names the browser's tab.
pub fn title(of: &str) {
    document().set_title(&format!("{of} · jitgate"));
}

/// Brings the focus to the page's heading, where what had it is taken away.
pub fn focus_heading() {
    let heading = document().query_selector("h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Fails only for elements that are gone.
        let _lost = heading.focus();
    }
}

#[component]
pub fn PageHeading(
    #[prop(into)] title: String,
    /// What stands in the heading, where it is not just the title.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    self::title(&title);
    let navigated = expect_context::<Navigated>();
    heading.on_load(move |heading| {
        if navigated.0.get_value() {
            // Fails only for elements that are gone.
            let _lost = heading.focus();
        }
        navigated.0.set_value(true);
    });
    let content = children.map_or_else(|| title.into_any(), |children| children().into_any());
    view! { <h1 class="page-title" tabindex="-1" node_ref=heading>{content}</h1> }
}
