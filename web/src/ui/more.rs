//! Lists that show more of their rows when somebody asks: where the focus goes with the button that was pressed.
use leptos::prelude::*;

use super::is_focus_lost;
use crate::browser::focus_nth;

/// Once it is drawn, the row of that index has the focus, where nothing else has: one goes on with what has come. `rows`
/// finds what stands for them, which is no button: a key that is still held would press it.
pub fn go_on(rows: impl Into<String>, index: usize) {
    let rows = rows.into();
    request_animation_frame(move || {
        if is_focus_lost() {
            focus_nth(&rows, index);
        }
    });
}
