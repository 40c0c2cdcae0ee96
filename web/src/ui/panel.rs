//! A panel at the side of the page, over the rest: the browser's own modal dialog, which keeps the focus inside, takes
//! Escape. The focus goes back to where it was.
use std::cell::RefCell;

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Glyph, Icon, Modals, Reports, ToastRegion, is_focus_lost, unique};
use crate::dom::view;

/// What may have the focus first: the way out can wait.
const FIELDS: &str = ".side-panel-body :is(input, select, textarea, button, summary, a[href])";

#[component]
pub fn SidePanel(
    #[prop(into)] title: String,
    /// A line below the title; empty for none.
    #[prop(into, optional)]
    lead: String,
    /// The user wants to leave: by Escape, or by the button. Whoever is asked takes the panel away, or does not.
    on_leave: impl Fn() + Copy + 'static,
    children: Children,
    /// The buttons at the bottom.
    foot: AnyView,
) -> impl IntoView {
    give_back_focus();
    let uppermost = expect_context::<Modals>().enter();
    let heading = unique("panel");
    let own = heading.clone();
    let dialog = NodeRef::<Dialog>::new();
    dialog.on_load(move |dialog| {
        // Fails only for a dialog that is open or gone.
        let _open = dialog.show_modal();
        let first = dialog.query_selector(FIELDS).ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            // Fails only for elements that are gone.
            let _lost = first.focus();
        }
    });
    // On the window: the focus is nowhere when the button that had it is gone, and the browser would close the dialog
    // unasked.
    let key = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            on_leave();
        }
    });
    on_cleanup(move || key.remove());
    view! {
        <dialog class="side-panel" aria-labelledby=own node_ref=dialog>
            <div class="side-panel-head">
                <div class="side-panel-words">
                    <h2 class="side-panel-title" tabindex="-1" id=heading>{title}</h2>
                    {(!lead.is_empty()).then(|| view! { <p class="side-panel-lead">{lead}</p> })}
                </div>
                <button type="button" class="button button-quiet" aria-label="Close" on:click=move |_| on_leave()>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <Reports heard=uppermost />
            <div class="side-panel-body">{children()}</div>
            <div class="side-panel-foot">{foot}</div>
            <ToastRegion heard=uppermost />
        </dialog>
    }
}

thread_local! {
    /// What had the focus before the panel.
    static OPENER: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// When the panel is gone, the focus is where it was before, or, where that is gone as well, on the page's content.
fn give_back_focus() {
    let html = |element: Option<web_sys::Element>| element.and_then(|it| it.dyn_into::<HtmlElement>().ok());
    // A panel in the place of another, as when its code has come, gives back what that one was opened from.
    if let Ok(None) = document().query_selector(".side-panel") {
        OPENER.set(html(document().active_element()));
    }
    on_cleanup(move || {
        // The browser moves the focus when it takes the dialog away.
        request_animation_frame(move || {
            if let Some(opener) = OPENER.with_borrow(Clone::clone) {
                // Fails only for elements that are gone.
                let _lost = opener.focus();
            }
            if let Some(main) = html(document().get_element_by_id("main")).filter(|_| is_focus_lost()) {
                let _lost = main.focus();
            }
        });
    });
}
