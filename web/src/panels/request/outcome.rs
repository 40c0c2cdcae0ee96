//! What became of a request: what is open now and how to connect, what was refused, and what is not known.
use leptos::prelude::*;

use super::connect::Connections;
use super::send::{SIGNED_OUT, Sent, Submission, Submissions};
use crate::dom::view;
use crate::ui::{Notice, Tone};

/// True when everything that was asked for is granted.
pub fn is_done(list: &[Submission]) -> bool {
    !list.is_empty() && list.iter().all(|one| matches!(one.sent, Sent::Granted(_)))
}

#[component]
pub fn Outcome(submissions: Submissions) -> impl IntoView {
    let one = move |one: Submission| match one.sent {
        Sent::Sending => ().into_any(),
        Sent::Granted(opened) => {
            view! { <Connections opened policy=one.body.policy busy=submissions.busy /> }.into_any()
        }
        Sent::Refused(why, _) => view! { <Notice tone=Tone::Error><p>{why}</p></Notice> }.into_any(),
        Sent::SignedOut => view! { <Notice tone=Tone::Error><p>{SIGNED_OUT}</p></Notice> }.into_any(),
        Sent::Unknown(why) => {
            let words = format!(
                "It is not known whether the ports of policy {} were opened. Trying again is safe: it opens nothing twice. {why}",
                one.body.policy.name()
            );
            view! { <Notice tone=Tone::Warning><p>{words}</p></Notice> }.into_any()
        }
    };
    let head = move || {
        submissions.list.with(|list| is_done(list)).then(|| {
            view! {
                <Notice tone=Tone::Success><p>"Access is granted. It may take up to a minute until the ports can be reached."</p></Notice>
            }
        })
    };
    view! {
        {head}
        {move || submissions.list.get().into_iter().map(one).collect::<Vec<_>>()}
    }
}
