//! The door: pages that show data ask who the user is first.
use leptos::prelude::*;

use crate::dom::view;
use crate::state::Session;
use crate::ui::{Field, Notice, PageHeading, Tone};

/// Its children once somebody is signed in. They stay when a sign-in ends, so that nothing typed is lost.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    let session = expect_context::<Session>();
    let known = Memo::new(move |_| session.user.with(Option::is_some));
    let ended = Memo::new(move |_| known.get() && session.api.with(Option::is_none));
    move || {
        if known.get() {
            view! {
                {move || ended.get().then(|| view! { <SignIn again=true /> })}
                {children()}
            }
            .into_any()
        } else {
            view! { <SignIn again=false /> }.into_any()
        }
    }
}

/// Asks for a token.
#[component]
pub fn SignIn(
    /// Over a page that is there already.
    again: bool,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let token = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = token.with_untracked(|token| token.trim().to_owned());
        if !text.is_empty() {
            session.sign_in(text);
        }
    };
    let fault = move || {
        Some(session.fault.get()).filter(|fault| !fault.is_empty()).map(|fault| {
            view! { <Notice tone=Tone::Error><p>{fault.clone()}</p></Notice> }
        })
    };
    view! {
        <div class="sign-in" class:page=move || !again>
            {(!again).then(|| view! { <PageHeading title="Sign in" /> })}
            {fault}
            <form class="sign-in-form" on:submit=submit>
                <Field
                    label="Access token"
                    hint="The server prints a link with its owner's token at its first start; others are made with `jitgate token create`."
                    value=token
                    fault=String::new()
                    placeholder="jgt_…"
                />
                <button type="submit" class="button button-primary">"Sign in"</button>
            </form>
        </div>
    }
}
