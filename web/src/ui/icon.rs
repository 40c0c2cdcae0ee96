//! Icons: drawn on a grid of 16, in the colour of the text. They never carry meaning alone.
use leptos::prelude::*;

use crate::dom::view;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Add,
    Check,
    Chevron,
    Clock,
    Close,
    Copy,
    Download,
    Error,
    Firewall,
    Info,
    Key,
    Link,
    Log,
    Machine,
    Menu,
    More,
    Moon,
    Open,
    Refresh,
    Rules,
    Sample,
    Search,
    Security,
    Settings,
    Shield,
    Sun,
    System,
    Trash,
    Warning,
    Workbench,
    Wrench,
}

impl Glyph {
    /// The outline, filled by the even-odd rule: what lies inside twice is a hole.
    const fn path(self) -> &'static str {
        match self {
            Self::Add => "M7.4 2.5h1.2v4.9h4.9v1.2H8.6v4.9H7.4V8.6H2.5V7.4h4.9z",
            Self::Check => "M13.4 3.6 6 11 2.6 7.6l-1 1L6 13l8.4-8.4z",
            Self::Chevron => "m3.6 5.5-.8.9L8 11.6l5.2-5.2-.8-.9L8 9.9z",
            Self::Clock => {
                "M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2zm0 1.2a5.6 5.6 0 1 0 0 11.2A5.6 5.6 0 0 0 8 2.4zM7.4 4.4h1.2v3.4l2.4 1.4-.6 1-3-1.8z"
            }
            Self::Close => "m3.7 2.9-.8.8L7.2 8l-4.3 4.3.8.8L8 8.8l4.3 4.3.8-.8L8.8 8l4.3-4.3-.8-.8L8 7.2z",
            Self::Copy => "M5 1h7l2 2v9H5zm1.1 1.1v8.8h6.8V3.5l-1.4-1.4zM2 4h1.9v9.1H10V14H2z",
            Self::Download => "M7.4 1.5h1.2v7l2.6-2.6.9.9L8 10.9 3.9 6.8l.9-.9 2.6 2.6zM2.5 13h11v1.2h-11z",
            Self::Error => {
                "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM5.6 4.6l-1 1L7 8l-2.4 2.4 1 1L8 9l2.4 2.4 1-1L9 8l2.4-2.4-1-1L8 7z"
            }
            Self::Firewall => {
                "M1.5 3h13v10h-13zm1.1 1.1v2.1h4.3V4.1zm5.4 0v2.1h5.4V4.1zM2.6 7.3v1.9h2.7V7.3zm3.8 0v1.9h4.1V7.3zm5.2 0v1.9h1.8V7.3zm-9 3v1.6h4.3v-1.6zm5.4 0v1.6h5.4v-1.6z"
            }
            Self::Info => "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM7.2 4v1.7h1.6V4zm0 2.9V12h1.6V6.9z",
            Self::Key => {
                "M10.5 1.5a4 4 0 1 1-3.6 5.7L6 8.1V9.6H4.5v1.5H3v2.4H1.5v-2.7l4.9-4.9A4 4 0 0 1 10.5 1.5zm.8 2.2a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2z"
            }
            Self::Log => {
                "M2 2.5h2v1.2H2zm3.5 0H14v1.2H5.5zM2 6h2v1.2H2zm3.5 0H14v1.2H5.5zM2 9.5h2v1.2H2zm3.5 0H14v1.2H5.5zM2 13h2v1.2H2zm3.5 0H11v1.2H5.5z"
            }
            Self::Machine => "M1.5 2.5h13v8.3h-13zm1.2 1.2v5.9h10.6V3.7zM5 12.3h6v1.2H5z",
            Self::More => "M2 6.9h2.2v2.2H2zm4.9 0h2.2v2.2H6.9zm4.9 0H14v2.2h-2.2z",
            Self::Link => {
                "M6.9 4.5H4.6a3.5 3.5 0 0 0 0 7h2.3v-1.3H4.6a2.2 2.2 0 0 1 0-4.4h2.3zm2.2 0v1.3h2.3a2.2 2.2 0 0 1 0 4.4H9.1v1.3h2.3a3.5 3.5 0 0 0 0-7zM5 7.4v1.2h6V7.4z"
            }
            Self::Menu => "M2 3.4h12v1.2H2zm0 4h12v1.2H2zm0 4h12v1.2H2z",
            Self::Moon => "M6.2 1.6a6.6 6.6 0 1 0 8.2 8.2A5.7 5.7 0 0 1 6.2 1.6z",
            Self::Open => {
                "M1.5 3h4.6l1.5 1.6h6.9v8.9h-13zm1.2 1.2v8.1h10.6V5.8H7L5.6 4.2zM7.4 7h1.2v1.6h1.6v1.1H8.6v1.6H7.4V9.7H5.8V8.6h1.6z"
            }
            Self::Refresh => {
                "M8 2.2a5.8 5.8 0 0 1 4.6 2.3V2.3h1.200v4.400H9.400V5.500h2.400A4.6 4.6 0 1 0 12.6 8h1.200A5.8 5.8 0 1 1 8 2.200z"
            }
            Self::Rules => {
                "M3 1.5h10v13H3zm1.2 1.2v10.6h7.6V2.7zM5.6 4.6h4.8v1.1H5.6zm0 2.7h4.8v1.1H5.6zm0 2.7h3v1.1h-3z"
            }
            Self::Sample => "M3.5 1h6L13 4.5V15H3.5zm1.2 1.2v11.6h7.1V5.4H8.6V2.2zm4.9.7v1.5h1.6z",
            Self::Search => {
                "M7 1.8a5.2 5.2 0 0 1 4.1 8.4l3.2 3.2-.9.9-3.2-3.2A5.2 5.2 0 1 1 7 1.8zm0 1.2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"
            }
            Self::Settings => {
                "M2 3.4h6.2v1.2H2zm9.8 0H14v1.2h-2.2zM9 2.4h2v3.2H9zM2 7.4h2.2v1.2H2zm5.8 0H14v1.2H7.8zM5 6.4h2v3.2H5zm-3 5h6.2v1.2H2zm9.8 0H14v1.2h-2.2zM9 10.4h2v3.2H9z"
            }
            Self::Shield => {
                "M8 .9c1.8 1.3 3.7 2 6 2.1v4.6c0 3.5-2.2 6-6 7.5-3.8-1.5-6-4-6-7.5V3c2.3-.1 4.2-.8 6-2.1zm0 1.5C6.5 3.3 5 3.9 3.2 4.1v3.5c0 2.8 1.7 4.8 4.8 6.2 3.1-1.4 4.8-3.4 4.8-6.2V4.1C11 3.900 9.500 3.300 8 2.400z"
            }
            Self::Security => {
                "M8 .9c1.8 1.3 3.7 2 6 2.1v4.6c0 3.5-2.2 6-6 7.5-3.8-1.5-6-4-6-7.5V3c2.3-.1 4.2-.8 6-2.1zM7.2 4.2v4.6h1.6V4.2zm0 5.8v1.7h1.6V10z"
            }
            Self::Sun => {
                "M8 4.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8zM7.4.8h1.2v2.3H7.4zm0 12.1h1.2v2.3H7.4zM.8 7.4h2.3v1.2H.8zm12.1 0h2.3v1.2h-2.3zM3.3 2.5 5 4.1l-.9.9-1.6-1.7zm9.4 0 .8.8L11.9 5l-.9-.9zM4.1 11l.9.9-1.7 1.6-.8-.8zm7.8 0 1.6 1.7-.8.8L11 11.9z"
            }
            Self::System => "M1.5 2.5h13v8.8H9.1v1.6H11V14H5v-1.1h1.9v-1.6H1.5zm1.2 1.2v6.4h10.6V3.7z",
            Self::Trash => {
                "M6 1.5h4v1.4h4v1.2H2V2.9h4zM3.4 5h9.2l-.7 9.5H4.1zm1.3 1.2.5 7.1h5.6l.5-7.1zm2 1.2h1.1v4.8H6.7zm1.9 0h1.1v4.8H8.6z"
            }
            Self::Warning => "M8 1.2 15.3 14H.7zM7.2 5.6v4.2h1.6V5.6zm0 5.2v1.6h1.6v-1.6z",
            Self::Workbench => {
                "M1.5 2.5h13v11h-13zm1.2 1.2v8.6h4.7V3.7zm5.9 0v8.6h4.7V3.7zM3.8 5.2h2.5v1.1H3.8zm0 2.3h2.5v1.1H3.8zm5.9-2.3h2.5v1.1H9.7zm0 2.3h1.7v1.1H9.7z"
            }
            Self::Wrench => {
                "M10.6 1.4a3.9 3.9 0 0 0-3.7 5.1l-5.4 5.4 2.6 2.6 5.4-5.4a3.9 3.9 0 0 0 4.9-4.9l-2.4 2.4-2-.6-.6-2 2.4-2.4a4 4 0 0 0-1.2-.2z"
            }
        }
    }
}

#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path fill="currentColor" fill-rule="evenodd" d=glyph.path() />
        </svg>
    }
}
