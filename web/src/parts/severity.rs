//! How a severity looks and reads.
use jitgate_core::Severity;
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::{Glyph, Icon};

/// The severity's icon.
pub const fn glyph(severity: Severity) -> Glyph {
    match severity {
        Severity::Error => Glyph::Error,
        Severity::Security => Glyph::Security,
        Severity::Warning => Glyph::Warning,
        Severity::Info => Glyph::Info,
    }
}

/// `2 errors`, `1 security finding`.
pub fn counted(severity: Severity, count: usize) -> String {
    let (one, many) = match severity {
        Severity::Error => ("error", "errors"),
        Severity::Security => ("security finding", "security findings"),
        Severity::Warning => ("warning", "warnings"),
        Severity::Info => ("note", "notes"),
    };
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The icon in the severity's colour; the word is for those who do not see it.
#[component]
pub fn SeverityIcon(severity: Severity) -> impl IntoView {
    view! {
        <span class="severity-icon" data-severity=severity.as_str()>
            <Icon glyph=glyph(severity) />
            <span class="visually-hidden">{severity.as_str()}": "</span>
        </span>
    }
}

/// The severity as a word in its colour.
#[component]
pub fn SeverityBadge(severity: Severity) -> impl IntoView {
    view! {
        <span class="badge" data-severity=severity.as_str()>
            <Icon glyph=glyph(severity) />
            {severity.as_str()}
        </span>
    }
}
