//! A bar with a message that stays: what went wrong, what to know before going on.
use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::dom::view;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Info,
    Success,
    Warning,
    Error,
}

impl Tone {
    const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Info => Glyph::Info,
            Self::Success => Glyph::Check,
            Self::Warning => Glyph::Warning,
            Self::Error => Glyph::Error,
        }
    }
}

/// An error is told to screen readers at once, the rest when they are idle.
#[component]
pub fn Notice(tone: Tone, children: Children) -> impl IntoView {
    let role = if tone == Tone::Error { "alert" } else { "status" };
    view! {
        <div class="notice" data-tone=tone.word() role=role>
            <Icon glyph=tone.glyph() />
            <div class="notice-words">{children()}</div>
        </div>
    }
}

/// Something is under way: what, in words.
#[component]
pub fn Busy(#[prop(into)] words: String) -> impl IntoView {
    view! {
        <p class="busy" role="status">
            <span class="busy-mark" aria-hidden="true"></span>
            {words}
        </p>
    }
}

/// There is nothing to show: why, and what to do about it.
#[component]
pub fn Empty(
    title: &'static str,
    #[prop(into)] words: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            <p class="empty-words">{words}</p>
            {children.map(|children| children())}
        </div>
    }
}
