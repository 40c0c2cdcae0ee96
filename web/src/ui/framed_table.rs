//! A table of few rows, all of them in the page.
use leptos::prelude::*;

use crate::dom::{Child, Element, view};

/// The head of the column with the buttons of a row: screen readers have its name, the rest see what it is.
pub const ACTIONS: &str = "Actions";

/// A table with these classes beside its own, and a head for each column. Where it is too wide it moves in its frame, which
/// takes the focus for that.
pub fn framed_table(
    label: impl Into<String>,
    class: &'static str,
    heads: &[&'static str],
    rows: impl Child,
) -> AnyView {
    let mut body = Element::new("tbody", false, &[]);
    rows.put(&mut body);
    framed(label.into(), class, heads, body)
}

#[inline(never)]
fn framed(label: String, class: &'static str, heads: &[&'static str], body: Element) -> AnyView {
    let head = |name: &&'static str| match *name {
        ACTIONS => view! { <th scope="col"><span class="visually-hidden">{ACTIONS}</span></th> },
        name => view! { <th scope="col">{name}</th> },
    };
    let heads: Vec<_> = heads.iter().map(head).collect();
    view! {
        <div class="table-frame" tabindex="0" role="group" aria-label=label>
            <table class=class>
                <thead><tr>{heads}</tr></thead>
                {body}
            </table>
        </div>
    }
    .into_any()
}
