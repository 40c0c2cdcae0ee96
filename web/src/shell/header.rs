//! The bar at the top: the product's name, the theme.
use leptos::prelude::*;

use super::navigation::NAVIGATION;
use crate::dom::view;
use crate::state::{Session, Theme};
use crate::ui::{Glyph, Icon, Segments};

/// The product's mark, which is also the page's icon.
const MARK: &str = include_str!("../../assets/icon.svg");

#[component]
pub fn Header() -> impl IntoView {
    let theme = expect_context::<Theme>();
    let session = expect_context::<Session>();
    let user = move || {
        session.user.get().map(|user| {
            view! {
                <a class="header-user" href="/settings" title="Signed in; see the settings">
                    <Icon glyph=Glyph::Key />
                    <bdi>{user.name}</bdi>
                </a>
            }
        })
    };
    view! {
        <header class="header">
            <button type="button" class="header-menu" popovertarget=NAVIGATION aria-label="Navigation">
                <Icon glyph=Glyph::Menu />
            </button>
            <a class="header-name" href="/">
                <span class="header-mark" aria-hidden="true" inner_html=MARK></span>
                <span class="header-product">"jitgate"</span>
            </a>
            <p class="header-line">"Just-in-time VM access"</p>
            {user}
            <Segments legend="Theme" choices=Theme::CHOICES value=theme.choice() on_choose=move |it| theme.choose(it) />
        </header>
    }
}
