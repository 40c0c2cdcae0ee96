//! An editor: a text area whose text is transparent, over the same text drawn in colours.
//!
//! The text area keeps everything that the browser gives it: selection, undo, input methods, screen readers.
use jitgate_core::Diagnostic;
use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use web_sys::ClipboardEvent;

use super::paper::{LONGEST, draw_line, draw_number, on_line};
use super::place::{Cursor, show};
use super::viewport::{Lines, Viewport};
use crate::browser::{on_resize, put};
use crate::dom::view;
use crate::state::Document;
use crate::ui::Toast;

#[component]
pub fn Editor(document: Document, label: &'static str, viewport: Viewport) -> impl IntoView {
    let area = NodeRef::<Textarea>::new();
    area.on_load(move |area| {
        let measured = area.clone();
        on_resize(&area, move || viewport.measure(&measured));
        document.mount(area);
    });
    let lines = Memo::new(move |_| Lines::of(document.text.get()));
    let plain = Memo::new(move |_| {
        lines.with(|lines| viewport.lines(lines.count()).any(|index| lines.line(index).len() > LONGEST))
    });
    let follow = move |_| {
        if let Some(area) = document.area() {
            viewport.follow(&area);
        }
    };
    let keys = move_between_findings(document, viewport);
    let typed = move |event| document.typed(event_target_value(&event));
    let pasted = move |event: ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data(TEXT).ok());
        document.pasted(&text.unwrap_or_default());
    };
    let dropped = move |event: DragEvent| {
        let text = event.data_transfer().and_then(|data| data.get_data(TEXT).ok());
        document.pasted(&text.unwrap_or_default());
    };
    let cut = move |event: ClipboardEvent| {
        if let Some(area) = document.area().filter(|_| copy(document, &event)) {
            let (start, end) = (area.selection_start().ok().flatten(), area.selection_end().ok().flatten());
            put(&area, start.unwrap_or_default(), end.unwrap_or_default(), "");
        }
    };
    view! {
        <div class="editor" class:editor-plain=move || plain.get()>
            <Gutter document lines viewport />
            <div class="editor-sheet">
                <Paper document lines viewport plain />
                <textarea
                    class="editor-area"
                    node_ref=area
                    aria-label=label
                    aria-keyshortcuts="F8 Shift+F8"
                    placeholder="Paste, type, drop or open a file"
                    wrap="off"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    on:input=typed
                    on:paste=pasted
                    on:drop=dropped
                    on:copy=move |event| {
                        copy(document, &event);
                    }
                    on:cut=cut
                    on:scroll=follow
                    on:keydown=keys
                ></textarea>
            </div>
        </div>
    }
    .into_any()
}

/// What a clipboard has of a text.
const TEXT: &str = "text/plain";

/// Copies what is selected with the lines' own ends; false where the browser does it.
fn copy(document: Document, event: &ClipboardEvent) -> bool {
    let Some(text) = document.selected() else { return false };
    let set = event.clipboard_data().is_some_and(|data| data.set_data(TEXT, &text).is_ok());
    if set {
        event.prevent_default();
    }
    set
}

/// The lines in sight, drawn with what was found on each.
fn draw(
    document: Document,
    lines: Memo<Lines>,
    viewport: Viewport,
    line: impl Fn(&Lines, usize, &[Diagnostic]) -> AnyView,
) -> Vec<AnyView> {
    // What was found in another text than this one would be drawn in the wrong places.
    let fresh = document.is_fresh();
    lines.with(|lines| {
        document.diagnostics.with(|found| {
            let found = if fresh { &**found } else { &[] };
            viewport.lines(lines.count()).map(|index| line(lines, index, on_line(found, index))).collect()
        })
    })
}

#[component]
fn Gutter(document: Document, lines: Memo<Lines>, viewport: Viewport) -> impl IntoView {
    let first = move || lines.with(|lines| viewport.lines(lines.count()).start);
    let digits = move || lines.with(|lines| lines.count().to_string().len().max(2));
    view! {
        <div class="editor-gutter" aria-hidden="true">
            // As wide as the last number, without a style to compute.
            <div class="editor-number editor-ruler"><span>{move || "0".repeat(digits())}</span></div>
            <div class="editor-numbers" style:transform=move || viewport.shift(first(), false)>
                {move || draw(document, lines, viewport, |_, index, found| draw_number(index, found))}
            </div>
        </div>
    }
}

#[component]
fn Paper(document: Document, lines: Memo<Lines>, viewport: Viewport, plain: Memo<bool>) -> impl IntoView {
    let first = move || lines.with(|lines| viewport.lines(lines.count()).start);
    let drawn = move || {
        let row = |lines: &Lines, index: usize, found: &[Diagnostic]| draw_line(lines.line(index), found);
        if plain.get() { Vec::new() } else { draw(document, lines, viewport, row) }
    };
    view! {
        <div class="editor-paper" aria-hidden="true">
            <div class="editor-lines" style:transform=move || viewport.shift(first(), true)>{drawn}</div>
        </div>
    }
}

/// F8 goes to the next finding and says it, Shift+F8 to the one before.
fn move_between_findings(document: Document, viewport: Viewport) -> impl Fn(KeyboardEvent) {
    let toast = expect_context::<Toast>();
    let cursor = Cursor::new();
    move |event| {
        if event.key() != "F8" {
            return;
        }
        event.prevent_default();
        document.diagnostics.with_untracked(|found| match cursor.step(found, event.shift_key()) {
            Some((number, finding)) => {
                show(document, viewport, &finding.range);
                let message = crate::ui::plain(&finding.message);
                toast.say(format!("{number} of {}: {}: {message}", found.len(), finding.severity.as_str()));
            }
            None => toast.say("Nothing to report"),
        });
    }
}
