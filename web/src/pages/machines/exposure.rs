//! Exposure: what can reach the machine now, and why.
use leptos::prelude::*;

use super::grants::{closed, grants};
use super::machine::Known;
use super::residual::exposed;
use super::words;
use crate::dom::view;
use crate::parts::{Access, AccessFault, CloseQuestion, EndsSoon, Held, OPEN_LIST};
use crate::state::{Fleet, Panel, Panels};
use crate::ui::{Notice, Tone};

pub fn section(machine: Known) -> AnyView {
    let (fleet, access, panels) = (expect_context::<Fleet>(), Access::new(), expect_context::<Panels>());
    let ends = Signal::derive(move || {
        machine.with(|machine| {
            let open =
                machine.iter().flat_map(|machine| machine.open.iter().map(|open| Held::of(machine, open)));
            open.filter_map(|held| Some((format!("Port {}", held.port), held.end?))).collect::<Vec<_>>()
        })
    });
    let request = move |_| {
        if let Some(machine) = machine.get_untracked() {
            panels.show(Panel::Request(vec![machine]));
        }
    };
    let is_configured =
        Memo::new(move |_| machine.with(|it| it.as_ref().is_some_and(|it| !it.policies.is_empty())));
    view! {
        <section aria-labelledby="section-title">
            <h2 class="section-title" id="section-title">"Exposure"</h2>
            {move || machine.get().map(|machine| view! { <p class="exposure-line">{words::exposure(&machine)}</p> })}
            {move || machine.get().and_then(|machine| words::unknown(&machine).map(unknown))}
            <AccessFault access />
            <EndsSoon ends />
            <h3 class="section-part" id=OPEN_LIST tabindex="-1">"Open by request"</h3>
            {move || machine.get().map(|machine| grants(&machine, access, fleet))}
            {move || is_configured.get().then(|| view! {
                <button type="button" class="button" on:click=request>"Request access"</button>
            })}
            {move || machine.get().and_then(|machine| closed(&machine, fleet))}
            {move || machine.get().map(|machine| view! {
                <h3 class="section-part">"Reached in spite of just-in-time access"</h3>
                {exposed(&machine, &machine.residual, true)}
                <h3 class="section-part">"Management ports that no policy protects"</h3>
                {exposed(&machine, &machine.unprotected, false)}
            })}
            <CloseQuestion access />
        </section>
    }
    .into_any()
}

fn unknown(why: &str) -> AnyView {
    let why = why.to_owned();
    view! {
        <Notice tone=Tone::Warning>
            <p>"The network around this machine is not known well enough to say what else reaches it: "{why}"."</p>
        </Notice>
    }
    .into_any()
}
