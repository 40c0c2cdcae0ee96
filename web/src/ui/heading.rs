//! A page's heading: it names the document, and takes the focus when the user comes from another page.
use leptos::html::H1;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::browser::{focus_first, focus_now};
use crate::dom::view;

/// Where the focus goes with the next heading.
#[derive(Clone, Copy)]
pub struct Navigated(StoredValue<Focus>);

#[derive(Clone, Copy)]
enum Focus {
    /// No page is there yet.
    Nowhere,
    /// The first page leaves it where the browser puts it.
    Stays,
    /// The user comes from another page: to the heading.
    Heading,
    /// The heading of a page that is still coming had it: to that of the page, unless the user has gone on meanwhile.
    Kept,
}

impl Navigated {
    pub fn provide() {
        provide_context(Self(StoredValue::new(Focus::Nowhere)));
    }

    /// Another page is about to be drawn.
    pub fn moved(self) {
        self.0.update_value(|focus| {
            *focus = if matches!(focus, Focus::Nowhere) { Focus::Stays } else { Focus::Heading };
        });
    }

    /// A heading is there.
    fn reached(self, heading: &HtmlElement, coming: bool) {
        let focus = self.0.get_value();
        let takes = match focus {
            Focus::Nowhere | Focus::Stays => false,
            Focus::Heading => true,
            Focus::Kept => is_focus_lost(),
        };
        if takes {
            // Fails only for elements that are gone.
            let _lost = heading.focus();
        }
        match (focus, coming) {
            (Focus::Nowhere | Focus::Stays, true) => {}
            (_, true) => self.0.set_value(Focus::Kept),
            // Within a page, another heading is another view: of a machine, of a rule.
            (_, false) => self.0.set_value(Focus::Heading),
        }
    }
}

/// Names the browser's tab.
pub fn title(of: &str) {
    document().set_title(&format!("{of} · jitgate"));
}

/// True where nothing has the focus, as when what had it is taken away.
pub fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Brings the focus to the page's heading, where what had it is taken away.
pub fn focus_heading() {
    focus_now("h1");
}

/// The same, or to the open panel's title: what is behind a panel cannot have the focus. Never to a button, which a key
/// that is still held would press.
pub fn focus_content() {
    focus_heading();
    focus_first(".side-panel-title");
}

#[component]
pub fn PageHeading(
    #[prop(into)] title: String,
    /// The page itself is still to come, with a heading of its own.
    #[prop(optional)]
    coming: bool,
    /// What stands in the heading, where it is not just the title.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    self::title(&title);
    let navigated = expect_context::<Navigated>();
    heading.on_load(move |heading| navigated.reached(&heading, coming));
    let content = children.map_or_else(|| title.into_any(), |children| children().into_any());
    view! { <h1 class="page-title" tabindex="-1" node_ref=heading>{content}</h1> }
}
