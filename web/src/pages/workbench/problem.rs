//! One finding: what is wrong, what to do, where, and the button that mends it.
use jitgate_core::Diagnostic;
use jitgate_core::diagnostic::{Fix, Range};
use leptos::prelude::*;

use super::place::{in_words, show};
use super::viewport::Viewport;
use crate::dom::{Child, view};
use crate::parts::SeverityIcon;
use crate::state::Document;
use crate::ui::{CodeText, Glyph, Icon, Toast, plain};

/// A finding in an editor's document, the one of that index: its places can be gone to, and it can be mended.
pub fn problem(document: Document, viewport: Viewport, index: usize, finding: &Diagnostic) -> AnyView {
    let related = finding.related.iter().map(|related| {
        let text = related.message.clone();
        view! { <li><CodeText text />" "{place(document, viewport, related.range, "")}</li> }
    });
    let related: Vec<_> = related.collect();
    let related =
        (!related.is_empty()).then(|| view! { <ul class="problem-related">{related}</ul> }.into_any());
    let place = place(document, viewport, finding.range, &finding.path.pointer());
    item(finding, related, place, finding.fix.as_ref().map(|fix| fix_button(document, index, fix)))
}

/// A finding that is only told, and where it is.
pub fn told(finding: &Diagnostic, place: impl Child) -> AnyView {
    item(finding, None, place.view(), None)
}

/// An item of a list.
fn item(finding: &Diagnostic, related: Option<AnyView>, place: AnyView, fix: Option<AnyView>) -> AnyView {
    let id = finding.code.id();
    // What to do about it, where the message does not say it all.
    let help = Some(&finding.help).filter(|help| !help.is_empty());
    let help = help.map(|help| view! { <p class="problem-help"><CodeText text=help.clone() /></p> });
    view! {
        <li class="problem" data-severity=finding.severity.as_str()>
            <SeverityIcon severity=finding.severity />
            <div class="problem-body">
                <p class="problem-message"><CodeText text=finding.message.clone() /></p>
                {help}
                {related}
                <p class="problem-meta">
                    <a class="link problem-code" href=format!("/rules/{id}") title=finding.code.meta().name>{id}</a>
                    {place}
                </p>
            </div>
            {fix}
        </li>
    }
    .into_any()
}

/// A button that goes to the place.
fn place(document: Document, viewport: Viewport, range: Range, pointer: &str) -> AnyView {
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
