//! One finding: what is wrong, what to do, where, and the button that mends it.
use jitgate_core::Diagnostic;
use jitgate_core::diagnostic::{Fix, Range};
use leptos::prelude::*;

use super::place::{in_words, show};
use super::viewport::Viewport;
use crate::dom::view;
use crate::parts::SeverityIcon;
use crate::state::Document;
use crate::ui::{CodeText, Glyph, Icon, Toast, plain};

/// What a finding needs to act.
pub struct Problem;

impl Problem {
    /// The finding of that index as an item of a list.
    pub fn view(document: Document, viewport: Viewport, index: usize, finding: &Diagnostic) -> AnyView {
        let id = finding.code.id();
        let related = finding.related.iter().map(|related| {
            let text = related.message.clone();
            view! { <li><CodeText text />" "{place(document, viewport, related.range, "")}</li> }
        });
        let related: Vec<_> = related.collect();
        view! {
            <li class="problem" data-severity=finding.severity.as_str()>
                <SeverityIcon severity=finding.severity />
                <div class="problem-body">
                    <p class="problem-message"><CodeText text=finding.message.clone() /></p>
                    {help(&finding.help)}
                    {(!related.is_empty()).then(|| view! { <ul class="problem-related">{related}</ul> })}
                    <p class="problem-meta">
                        <a class="link problem-code" href=format!("/rules/{id}") title=finding.code.meta().name>{id}</a>
                        {place(document, viewport, finding.range, &finding.path.pointer())}
                    </p>
                </div>
                {finding.fix.as_ref().map(|fix| fix_button(document, index, fix))}
            </li>
        }
        .into_any()
    }
}

/// What to do about it, where the message does not say it all.
pub fn help(help: &str) -> Option<AnyView> {
    (!help.is_empty()).then(|| view! { <p class="problem-help"><CodeText text=help /></p> }.into_any())
}

/// A button that goes to the place.
pub fn place(document: Document, viewport: Viewport, range: Range, pointer: &str) -> AnyView {
    let pointer = pointer.to_owned();
    view! {
        <button
            type="button"
            class="link problem-place"
            on:click=move |_| show(document, viewport, &range)
            title=(!pointer.is_empty()).then_some(pointer)
        >
            {in_words(&range)}
        </button>
    }
    .into_any()
}

fn fix_button(document: Document, index: usize, fix: &Fix) -> AnyView {
    let toast = expect_context::<Toast>();
    let (safe, title) = (fix.safe, fix.title.clone());
    let done = plain(&title);
    let apply = move |_| {
        if document.mend(|other, _| other == index) > 0 {
            toast.say(format!("Fixed: {done}"));
        }
    };
    let hint =
        if safe { "Certainly what was meant" } else { "Perhaps what was meant: read it before you take it" };
    view! {
        <button type="button" class="button button-small problem-fix" title=hint on:click=apply>
            <Icon glyph=Glyph::Wrench />
            <span>{if safe { "Fix: " } else { "Possible fix: " }}<CodeText text=title /></span>
        </button>
    }
    .into_any()
}
