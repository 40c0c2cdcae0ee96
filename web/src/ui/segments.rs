//! A row of choices of which one holds: radio buttons that look like one control.
use leptos::prelude::*;

use super::{Glyph, Icon, unique};
use crate::dom::view;

/// One choice: its value, its name, its icon.
pub type Choice<T> = (T, &'static str, Glyph);

#[component]
pub fn Segments<T>(
    legend: &'static str,
    choices: &'static [Choice<T>],
    #[prop(into)] value: Signal<T>,
    on_choose: impl Fn(T) + Copy + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let name = unique("choice");
    let choice = |&(own, label, glyph): &'static Choice<T>| {
        view! {
            <label class="segment" title=label>
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name.clone()
                    prop:checked=move || value.get() == own
                    on:change=move |_| on_choose(own)
                />
                <Icon glyph />
                <span class="visually-hidden">{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments">
            <legend class="visually-hidden">{legend}</legend>
            {choices.iter().map(choice).collect_view()}
        </fieldset>
    }
}
