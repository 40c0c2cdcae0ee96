//! Light, dark, or what the system says. `theme.js` applies the stored choice before the first paint.
use leptos::prelude::*;

use crate::ui::Glyph;

/// The key in the browser's storage, and the attribute on the root element that the styles go by.
const KEY: &str = "jitgate-theme";
const ATTRIBUTE: &str = "data-theme";

/// The word that is stored.
type Choice = &'static str;

#[derive(Clone, Copy)]
pub struct Theme(RwSignal<Choice>);

impl Theme {
    /// All there are.
    pub const CHOICES: &'static [(Choice, &'static str, Glyph)] = &[
        ("system", "System theme", Glyph::System),
        ("light", "Light theme", Glyph::Sun),
        ("dark", "Dark theme", Glyph::Moon),
    ];

    pub fn provide() {
        // Storage may be forbidden or hold anything.
        let stored =
            window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok()?);
        let known = Self::CHOICES.iter().find(|(choice, ..)| stored.as_deref() == Some(*choice));
        provide_context(Self(RwSignal::new(known.map_or("system", |(choice, ..)| choice))));
    }

    pub fn choice(self) -> Signal<Choice> {
        self.0.into()
    }

    pub fn choose(self, choice: Choice) {
        self.0.set(choice);
        if let Some(root) = document().document_element() {
            // Fails only for names that no attribute can have.
            let _failed = root.set_attribute(ATTRIBUTE, choice);
        }
        if let Ok(Some(storage)) = window().local_storage() {
            // Storage may be full: the choice then holds until the page is closed.
            let _failed = storage.set_item(KEY, choice);
        }
    }
}
