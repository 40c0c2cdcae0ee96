//! The question before other documents take the place of those that the user has changed.
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::Confirm;

pub fn replace_question(
    title: String,
    action: &'static str,
    opens: impl Fn() + Copy + 'static,
    leaves: impl Fn() + Copy + 'static,
) -> AnyView {
    view! {
        <Confirm title action busy=Signal::stored(false) on_confirm=opens on_leave=leaves>
            <p>"It takes the place of the policy, the request and the network on the workbench. What you have changed there is lost. To keep it, stay and copy the link; where no link can hold it, copy the texts."</p>
        </Confirm>
    }
    .into_any()
}
