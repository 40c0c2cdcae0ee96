//! Which page stands at the address: links, the back button, and moves that the pages make themselves.
//!
//! Own code in place of a router library: a few pages do not need nesting or loading, and the library alone took a
//! tenth of the portal's size budget.
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, MouseEvent, UrlSearchParams};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Just-in-time VM access.
    Jit,
    /// Virtual machines; one of them where the query names it.
    Machines,
    Requests,
    Activity,
    Settings,
    Workbench,
    Rules,
    /// The rule of that code or name.
    Rule(String),
    /// None of ours.
    Unknown,
}

impl Page {
    /// The page at a path.
    pub fn at(path: &str) -> Self {
        match path.trim_end_matches('/').split('/').collect::<Vec<_>>().as_slice() {
            [""] => Self::Jit,
            ["", "machines"] => Self::Machines,
            ["", "requests"] => Self::Requests,
            ["", "activity"] => Self::Activity,
            ["", "settings"] => Self::Settings,
            ["", "workbench"] => Self::Workbench,
            ["", "rules"] => Self::Rules,
            ["", "rules", code] => Self::Rule((*code).to_owned()),
            _ => Self::Unknown,
        }
    }

    /// What it is called until it is there; then its heading tells more.
    pub fn title(&self) -> &str {
        match self {
            Self::Jit => "Just-in-time VM access",
            Self::Machines => "Virtual machines",
            Self::Requests => "Requests",
            Self::Activity => "Activity log",
            Self::Settings => "Settings",
            Self::Workbench => "Workbench",
            Self::Rules => "Rules",
            Self::Rule(code) => code,
            Self::Unknown => "Page not found",
        }
    }
}

/// Whether a move can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// The back button leads to where the user was.
    Push,
    /// It leads to where the user was before that.
    Replace,
}

/// The address: path and query. The fragment is the workbench's own.
#[derive(Clone, Copy)]
pub struct Route {
    path: RwSignal<String>,
    query: RwSignal<String>,
}

impl Route {
    /// Follows the address from now on.
    pub fn provide() {
        let route = Self { path: RwSignal::new(String::new()), query: RwSignal::new(String::new()) };
        route.read();
        provide_context(route);
        let back = window_event_listener(ev::popstate, move |_| route.read());
        let click = window_event_listener(ev::click, move |event| route.follow(&event));
        on_cleanup(move || {
            back.remove();
            click.remove();
        });
    }

    /// The path alone, as it stands in the address.
    pub const fn path(self) -> RwSignal<String> {
        self.path
    }

    /// A parameter of the query; empty where it is not given.
    pub fn query(self, key: &str) -> String {
        let query = self.query.get();
        UrlSearchParams::new_with_str(&query).ok().and_then(|query| query.get(key)).unwrap_or_default()
    }

    /// Another value for a parameter of the query, an empty one for none: the page stays.
    pub fn set_query(self, key: &str, value: &str, history: History) {
        let Ok(query) = UrlSearchParams::new_with_str(&self.query.get_untracked()) else { return };
        if value.is_empty() {
            query.delete(key);
        } else {
            query.set(key, value);
        }
        let query = String::from(query.to_string());
        let path = self.path.get_untracked();
        let to = if query.is_empty() { path } else { format!("{path}?{query}") };
        self.move_to(&to, history);
    }

    /// Goes to a path with its query.
    pub fn go(self, to: &str, history: History) {
        self.move_to(to, history);
        if history == History::Push {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    fn move_to(self, to: &str, history: History) {
        if let Ok(browser) = window().history() {
            // Refused only when it happens too often, as no user does.
            let _refused = match history {
                History::Push => browser.push_state_with_url(&JsValue::NULL, "", Some(to)),
                History::Replace => browser.replace_state_with_url(&JsValue::NULL, "", Some(to)),
            };
        }
        self.read();
    }

    fn read(self) {
        let location = window().location();
        let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        // The query first: a page that opens reads it.
        if self.query.with_untracked(|old| *old != query) {
            self.query.set(query);
        }
        if self.path.with_untracked(|old| *old != path) {
            self.path.set(path);
        }
    }

    /// A plain click on a link to a page of ours moves without loading the portal anew.
    fn follow(self, event: &MouseEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || modified {
            return;
        }
        let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        let ours = window().location().origin().is_ok_and(|origin| origin == link.origin());
        if !ours || !link.target().is_empty() || !link.download().is_empty() {
            return;
        }
        event.prevent_default();
        let here = self.path.with_untracked(|path| *path == link.pathname())
            && self.query.with_untracked(|query| *query == link.search());
        // A link to where the user is would only throw the fragment away.
        if !here {
            self.go(&format!("{}{}", link.pathname(), link.search()), History::Push);
        }
    }
}
