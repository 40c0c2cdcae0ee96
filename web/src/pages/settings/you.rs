//! Who is signed in; in the browser's own data, what the user says of himself.
use leptos::prelude::*;

use crate::api::{self, Keeper, User};
use crate::dom::view;
use crate::shell::SignIn;
use crate::state::Session;
use crate::ui::{Busy, Field, Toast};

#[component]
pub fn You() -> impl IntoView {
    let session = expect_context::<Session>();
    let returning = session.returning();
    move || match (session.user.get(), session.keeper.get()) {
        (None, Keeper::Server) if returning.get() => view! { <Busy words="Signing in…" /> }.into_any(),
        (None, Keeper::Server) => view! {
            <p>"Nobody is signed in."</p>
            <SignIn again=true />
        }
        .into_any(),
        (None, Keeper::Browser) => ().into_any(),
        (Some(user), Keeper::Server) => view! {
            {move || session.api.with(Option::is_none).then(|| view! { <SignIn again=true /> })}
            <Facts user />
            <div class="settings-row">
                <button type="button" class="button" on:click=move |_| session.sign_out()>"Sign out"</button>
            </div>
        }
        .into_any(),
        (Some(user), Keeper::Browser) => view! {
            <Facts user />
            <Introduction />
        }
        .into_any(),
    }
}

#[component]
fn Facts(user: User) -> impl IntoView {
    let address = if user.address.is_empty() { "not known".to_owned() } else { user.address };
    view! {
        <dl class="facts">
            <div><dt>"Name"</dt><dd><bdi>{user.name}</bdi></dd></div>
            <div><dt>"Object id"</dt><dd><code>{user.id}</code></dd></div>
            <div><dt>"IP address"</dt><dd>{address}</dd></div>
        </dl>
    }
}

/// The user's name and address, where nobody else can tell them.
#[component]
fn Introduction() -> impl IntoView {
    let session = expect_context::<Session>();
    let toast = expect_context::<Toast>();
    let (name, address) = (RwSignal::new(api::name()), RwSignal::new(api::address()));
    let wrong = Memo::new(move |_| {
        let address = address.with(|address| address.trim().to_owned());
        address.is_empty() || address.parse::<std::net::IpAddr>().is_ok()
    });
    let fault = Signal::derive(move || {
        let words = "This is no IP address, as 203.0.113.7 is.";
        if wrong.get() { String::new() } else { words.to_owned() }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !wrong.get_untracked() {
            return;
        }
        let kept =
            name.with_untracked(|name| address.with_untracked(|address| api::introduce(name, address)));
        session.reintroduce();
        toast.say(if kept { "Saved." } else { "This browser could not keep it." });
    };
    view! {
        <form class="settings-form" on:submit=submit>
            <Field
                label="Your name"
                hint="Stands in requests and in the activity log."
                value=name
                fault=String::new()
                placeholder=api::NAMELESS
            />
            <Field
                label="Your IP address"
                hint="What “My IP” means. A page alone cannot find out the address that your machines see; leave it empty where you do not know it."
                value=address
                fault
                placeholder="203.0.113.7"
            />
            <button type="submit" class="button">"Save"</button>
        </form>
    }
}
