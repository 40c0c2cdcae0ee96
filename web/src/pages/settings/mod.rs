//! Settings: where the data lives, the theme, the zone of times, who is signed in and what they may do.
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
use crate::parts::{ConnectionLost, is_in_utc, set_in_utc};
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
            <Section title="Times"><TimesChoice /></Section>
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
    let choices = Theme::CHOICES.iter().map(|(own, label, _)| {
        let own = *own;
        (
            *label,
            Signal::derive(move || theme.choice().get() == own),
            Callback::new(move |()| theme.choose(own)),
        )
    });
    choice("Theme of the portal", choices.collect())
}

/// All pages are drawn anew when they are opened: what they show from then on goes by it.
#[component]
fn TimesChoice() -> impl IntoView {
    let choices = [("Times of your zone", false), ("UTC", true)].map(|(label, in_utc)| {
        let chosen = Signal::stored(is_in_utc() == in_utc);
        (label, chosen, Callback::new(move |()| set_in_utc(in_utc)))
    });
    choice("How times are shown", choices.to_vec())
}

/// One of several, each with whether it is chosen.
fn choice(label: &'static str, choices: Vec<(&'static str, Signal<bool>, Callback<()>)>) -> AnyView {
    let name = unique("choice");
    let choice = |(label, chosen, on_choose): (&'static str, Signal<bool>, Callback<()>)| {
        view! {
            <label class="settings-choice">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || chosen.get()
                    on:change=move |_| on_choose.run(())
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="settings-choices">
            <legend class="visually-hidden">{label}</legend>
            {choices.into_iter().map(choice).collect_view()}
        </fieldset>
    }
    .into_any()
}
