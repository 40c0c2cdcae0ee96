//! The door: pages that show data ask who the user is first.
use leptos::prelude::*;

use crate::api::Keeper;
use crate::dom::view;
use crate::later::give_up;
use crate::pages::{Coming, StartPage};
use crate::parts::Late;
use crate::route::Page;
use crate::state::Session;
use crate::ui::{Busy, Field, Notice, PageHeading, Tone, focus_content, is_focus_lost};

/// A page's children once somebody is signed in. They stay when a sign-in ends, so that nothing typed is lost.
#[component]
pub fn SignedIn(page: Page, children: ChildrenFn) -> impl IntoView {
    let session = expect_context::<Session>();
    let known = Memo::new(move |_| session.user.with(Option::is_some));
    let ended = Memo::new(move |_| known.get() && session.api.with(Option::is_none));
    let returning = session.returning();
    move || {
        if session.keeper.get() == Keeper::Browser && !known.get() {
            view! { <Opening page=page.clone() /> }.into_any()
        } else if session.beginning.get() {
            view! { <StartPage /> }.into_any()
        } else if known.get() {
            view! {
                {move || ended.get().then(|| view! { <SignIn again=true /> })}
                {children()}
            }
            .into_any()
        } else if returning.get() {
            view! { <Coming page=page.clone()><Busy words="Signing in…" /></Coming> }.into_any()
        } else {
            view! { <SignIn again=false /> }.into_any()
        }
    }
}

/// While this browser's data are opened, and where they cannot be.
#[component]
fn Opening(page: Page) -> impl IntoView {
    let session = expect_context::<Session>();
    move || {
        match session.fault.get() {
        fault if fault.is_empty() => {
            let again = Callback::new(move |()| {
                give_up();
                session.choose(Keeper::Browser);
            });
            view! {
                <Coming page=page.clone()>
                    <Busy words="Opening the data in this browser…" />
                    <Late on_again=again />
                </Coming>
            }
            .into_any()
        }
        fault => view! {
            <div class="page settings">
                <PageHeading title="The data in this browser cannot be opened" />
                <Notice tone=Tone::Error>
                    <p>{fault}</p>
                    <p>
                        <button type="button" class="link" on:click=move |_| session.choose(Keeper::Browser)>"Try again"</button>
                        " or see the "<a class="link" href="/settings">"Settings"</a>
                        " for what else can be done. The workbench and the rules need no data, and work."
                    </p>
                </Notice>
            </div>
        }
        .into_any(),
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
    on_cleanup(|| {
        // Whoever signs in by it loses the focus with it.
        request_animation_frame(|| {
            if is_focus_lost() {
                focus_content();
            }
        });
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = token.with_untracked(|token| token.trim().to_owned());
        if !text.is_empty() {
            session.sign_in(text);
        }
    };
    let retry = move || {
        session.retry();
        // The button goes with what it stood beside.
        focus_content();
    };
    let again_button = move || {
        view! { <button type="button" class="link" on:click=move |_| retry()>"Try again"</button> }
    };
    let fault = move || {
        Some(session.fault.get()).filter(|fault| !fault.is_empty()).map(|fault| {
            let retry = session.can_retry().then(|| view! { <p>{again_button()}</p> });
            view! { <Notice tone=Tone::Error><p>{fault.clone()}</p>{retry}</Notice> }
        })
    };
    let waiting = move || match (session.waiting.get(), session.late.get()) {
        (true, false) => Some(view! { <Busy words="Signing in…" /> }.into_any()),
        (true, true) => Some(
            view! {
                <Notice tone=Tone::Warning>
                    <p>"The server has not answered yet. "{again_button()}</p>
                </Notice>
            }
            .into_any(),
        ),
        _ => None,
    };
    view! {
        <div class="sign-in" class:page=move || !again>
            {(!again).then(|| view! { <PageHeading title="Sign in" /> })}
            {fault}
            {waiting}
            <form class="sign-in-form" on:submit=submit>
                <Field
                    label="Access token"
                    hint="The server prints a link with its owner's token at its first start; the program makes others: jitgate token create."
                    value=token
                    fault=String::new()
                    placeholder="jgt_…"
                />
                <button type="submit" class="button button-primary">"Sign in"</button>
            </form>
        </div>
    }
}
