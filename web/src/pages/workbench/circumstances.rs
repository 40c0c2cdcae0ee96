//! What a decision depends on beside the documents: the time and where the caller comes from.
use leptos::prelude::*;

use crate::dom::view;
use crate::state::{Caller, Workbench};
use crate::ui::Field;

#[component]
pub fn Circumstances() -> impl IntoView {
    let workbench = expect_context::<Workbench>();
    let time_fault = Signal::derive(move || {
        let wrong = workbench.present.get().is_none();
        if wrong {
            "Not a time with its zone, such as 2026-01-15T12:00:00Z".to_owned()
        } else {
            String::new()
        }
    });
    let caller_fault = Signal::derive(move || {
        let wrong = workbench.caller.get() == Caller::Wrong;
        if wrong { "Not an IP address, such as 10.20.4.7".to_owned() } else { String::new() }
    });
    view! {
        <div class="circumstances">
            <Field
                label="Now (UTC)"
                hint="As 2026-01-15T12:00:00Z; empty for the present"
                value=workbench.now
                fault=time_fault
                placeholder="this computer's clock"
            />
            <Field
                label="Caller's IP address"
                hint="The source where a request names none"
                value=workbench.from
                fault=caller_fault
                placeholder="not known"
            />
        </div>
    }
}
