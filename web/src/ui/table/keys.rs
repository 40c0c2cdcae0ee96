//! The keyboard in a table: arrows, Page Up and Down, Home and End move the focus between cells.
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::Selection;
use super::body::{Body, cell_of};

/// A key went down somewhere in the rows.
pub fn pressed(body: Body, selection: Option<Selection>, event: &KeyboardEvent) {
    let Some((place, column)) = cell_of(event.target()) else { return };
    let last = body.count().saturating_sub(1);
    let end = body.columns().saturating_sub(1);
    let ctrl = event.ctrl_key() || event.meta_key();
    let page = body.page();
    let (to, at) = match (event.key().as_str(), ctrl) {
        ("ArrowUp", false) => (place.saturating_sub(1), column),
        ("ArrowDown", false) => (place.saturating_add(1), column),
        ("ArrowLeft", false) => (place, column.saturating_sub(1)),
        ("ArrowRight", false) => (place, column.saturating_add(1)),
        ("PageUp", false) => (place.saturating_sub(page), column),
        ("PageDown", false) => (place.saturating_add(page), column),
        ("Home", false) => (place, 0),
        ("End", false) => (place, end),
        ("Home", true) => (0, column),
        ("End", true) => (last, column),
        ("a", true) if selection.is_some() => {
            event.prevent_default();
            if let Some(selection) = selection {
                selection.choose_all(&body.keys().get_untracked());
            }
            return;
        }
        ("ContextMenu", _) => {
            event.prevent_default();
            body.open_menu(place, None);
            return;
        }
        ("F10", _) if event.shift_key() => {
            event.prevent_default();
            body.open_menu(place, None);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    body.go(to.min(last), at.min(end));
}
