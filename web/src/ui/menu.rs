//! A button with a list that opens below it: the browser's own popover, with its Escape and its light dismissal.
use leptos::html::Div;
use leptos::prelude::*;

use super::{Glyph, Icon, unique};
use crate::dom::view;

/// The children are the list's items: each is to be an `<li>` with a button. A click on one closes the list.
#[component]
pub fn Menu(label: &'static str, glyph: Glyph, children: Children) -> impl IntoView {
    let id = unique("menu");
    let list = NodeRef::<Div>::new();
    let close = move |_| {
        if let Some(list) = list.get_untracked() {
            // Fails when it is closed already.
            let _closed = list.hide_popover();
        }
    };
    view! {
        <button type="button" class="button" popovertarget=id.clone()>
            <Icon glyph />
            <span>{label}</span>
            <span class="menu-chevron"><Icon glyph=Glyph::Chevron /></span>
        </button>
        <div class="menu" id=id popover="auto" node_ref=list on:click=close>
            <ul class="menu-list">{children()}</ul>
        </div>
    }
}
