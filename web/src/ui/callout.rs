//! A small window at a point of the page: the menu of a row, or a few words about something. The browser's own popover,
//! with its Escape and its light dismissal; the focus goes in, and back to where it was.
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use crate::browser::{index, pixels};
use crate::dom::view;

/// Kept free at the window's edges, in pixels.
const EDGE: f64 = 8.0;
/// What the arrow keys go through.
const ITEMS: &str = "[role=menuitem]";

/// A point in the window, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// Where the mouse is.
    pub fn of(event: &MouseEvent) -> Self {
        Self { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
    }

    /// The lower corner of an element.
    pub fn under(element: &Element) -> Self {
        let rect = element.get_bounding_client_rect();
        Self { x: rect.left(), y: rect.bottom() }
    }

    /// The lower corner of the button that was pressed.
    pub fn below(event: &MouseEvent) -> Self {
        let target = event.current_target().or_else(|| event.target());
        let element = target.and_then(|target| target.dyn_into::<Element>().ok());
        element.map_or_else(|| Self::of(event), |element| Self::under(&element))
    }
}

#[component]
pub fn Callout(
    /// `menu` with children of the role `menuitem`, or `dialog`.
    role: &'static str,
    #[prop(into)] label: Signal<String>,
    /// Where it is open.
    at: RwSignal<Option<Point>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let is_menu = role == "menu";
    Effect::new(move |_| {
        let (Some(node), at) = (node.get(), at.get()) else { return };
        let Some(at) = at else {
            // Fails when it is closed already.
            let _closed = node.hide_popover();
            return;
        };
        // Fails when it is open already.
        let _open = node.show_popover();
        // Its content is drawn by then, and has its size.
        request_animation_frame(move || {
            put(&node, at);
            let first = if is_menu { node.query_selector(ITEMS).ok().flatten() } else { None };
            focus(first.and_then(|item| item.dyn_into().ok()).as_ref().unwrap_or(&node));
        });
    });
    let toggled = move |_| {
        if node.get_untracked().is_some_and(|node| !node.matches(":popover-open").unwrap_or_default()) {
            at.set(None);
        }
    };
    let pressed = move |event: ev::KeyboardEvent| {
        if let Some(node) = node.get_untracked().filter(|_| is_menu) {
            step(&node, &event);
        }
    };
    view! {
        <div
            class="menu callout"
            popover="auto"
            tabindex="-1"
            role=role
            aria-label=move || label.get()
            node_ref=node
            on:toggle=toggled
            on:keydown=pressed
        >
            {children()}
        </div>
    }
}

/// At the point, or as near to it as the window allows.
fn put(node: &HtmlElement, at: Point) {
    let rect = node.get_bounding_client_rect();
    let length = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or_else(|| pixels(800))
    };
    let (width, height) = (length(window().inner_width()), length(window().inner_height()));
    let left = at.x.min(width - rect.width() - EDGE).max(EDGE);
    let top = at.y.min(height - rect.height() - EDGE).max(EDGE);
    for (name, value) in [("left", left), ("top", top)] {
        // Neither name can be refused.
        let _set = node.style().set_property(name, &format!("{}px", index(value)));
    }
}

/// The arrow keys, Home and End go through the items, and round.
fn step(node: &HtmlElement, event: &ev::KeyboardEvent) {
    let Ok(items) = node.query_selector_all(ITEMS) else { return };
    let items: Vec<HtmlElement> =
        (0..items.length()).filter_map(|at| items.item(at)?.dyn_into().ok()).collect();
    let active = document().active_element();
    let here = items.iter().position(|item| active.as_ref() == Some(item.as_ref())).unwrap_or_default();
    let last = items.len().saturating_sub(1);
    let there = match event.key().as_str() {
        "ArrowDown" => here.checked_add(1).filter(|next| *next <= last).unwrap_or_default(),
        "ArrowUp" => here.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        "Tab" => {
            // As from any menu: it closes, and the focus goes on from where it was.
            let _closed = node.hide_popover();
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(item) = items.get(there) {
        focus(item);
    }
}

fn focus(element: &HtmlElement) {
    // Fails only for elements that are gone.
    let _lost = element.focus();
}
