//! Settings: where the data lives, the theme, who is signed in and what they may do.
mod anew;
mod data;
mod files;
mod fill;
mod lost;
mod rights;
mod start;
mod unopened;
mod you;

use leptos::prelude::*;

use crate::dom::view;
use crate::parts::ConnectionLost;
use crate::route::Page;
use crate::state::{Session, Theme};
use crate::ui::{PageHeading, unique};
use data::{BrowserData, Keepers};
use rights::Rights;
pub use start::Start;
use you::You;

#[component]
pub fn SettingsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let open = move || session.api.with(Option::is_some).then(|| view! { <Rights /> });
    view! {
        <div class="page settings">
            <PageHeading title=Page::Settings.title() />
            <ConnectionLost />
            <Section title="Data">
                <Keepers />
                <BrowserData />
            </Section>
            <Section title="Theme"><ThemeChoice /></Section>
            <Section title="You"><You /></Section>
            <Section title="What you may do">{open}</Section>
        </div>
    }
    .into_any()
}

/// A part of the page.
#[component]
fn Section(title: &'static str, children: Children) -> impl IntoView {
    let heading = unique("section");
    view! {
        <section class="settings-section" aria-labelledby=heading.clone()>
            <h2 class="settings-title" id=heading>{title}</h2>
            {children()}
        </section>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let theme = expect_context::<Theme>();
    let name = unique("theme");
    let choice = |(own, label, _): &(&'static str, &'static str, _)| {
        let own = *own;
        view! {
            <label class="settings-choice">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || theme.choice().get() == own
                    on:change=move |_| theme.choose(own)
                />
                <span>{*label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="settings-choices">
            <legend class="visually-hidden">"Theme of the portal"</legend>
            {Theme::CHOICES.iter().map(choice).collect_view()}
        </fieldset>
    }
}
