//! The rows that are in the page: those in sight with a few around them, and the one that has the focus.
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::ev;
use leptos::html::Tbody;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, EventTarget, FocusEvent, FocusOptions, HtmlElement, MouseEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use super::Keys;
use crate::browser::{index, on_resize, pixels};
use crate::ui::Point;

/// Rows kept above and below those in sight: a quick scroll shows them before more are made.
const SPARE: usize = 8;
/// Until a row is measured, in pixels.
const HEIGHT: f64 = 52.0;
/// What in a cell takes the focus.
const FOCUSABLE: &str = "a, button, input";

/// Makes a row.
type Make = dyn Fn(u32) -> AnyView + Send + Sync;
/// Opens a row's menu.
type Open = Arc<dyn Fn(u32, Point) + Send + Sync>;

/// A row that is in the page.
struct Mounted {
    node: HtmlElement,
    state: AnyViewState,
    owner: Owner,
}

impl Mounted {
    fn new(make: &Make, key: u32, owner: Owner) -> Option<Self> {
        let state = owner.with(|| untrack(|| make(key).build()));
        let node = state.elements().into_iter().next()?.dyn_into().ok()?;
        Some(Self { node, state, owner })
    }

    /// Tells it where it stands.
    fn place(&self, place: usize) {
        // Neither name can be refused.
        let _set = self.node.style().set_property("--place", &place.to_string());
        // The heads are the first row, and rows are counted from 1.
        let _set = self.node.set_attribute("aria-rowindex", &place.saturating_add(2).to_string());
    }

    fn remove(mut self) {
        self.state.unmount();
        drop(self.state);
        self.owner.cleanup();
    }

    /// What takes the focus in one of its cells.
    fn target(&self, column: usize) -> Option<HtmlElement> {
        let cell = self.node.children().item(u32::try_from(column).ok()?)?;
        let inside = cell.query_selector(FOCUSABLE).ok().flatten();
        inside.unwrap_or(cell).dyn_into().ok()
    }
}

/// Where the focus is, or was last: the one stop of the Tab key among the rows.
#[derive(Clone, Copy)]
struct Active {
    key: u32,
    place: usize,
    column: usize,
}

#[derive(Clone, Copy)]
pub struct Body {
    node: NodeRef<Tbody>,
    keys: Signal<Keys>,
    /// The places of the rows to show.
    range: RwSignal<(usize, usize)>,
    height: StoredValue<f64>,
    active: StoredValue<Option<Active>>,
    stop: StoredValue<Option<HtmlElement>, LocalStorage>,
    mounted: StoredValue<BTreeMap<u32, Mounted>, LocalStorage>,
    make: StoredValue<Arc<Make>>,
    open: StoredValue<Open>,
    owner: StoredValue<Owner>,
}

impl Body {
    pub fn new(
        node: NodeRef<Tbody>,
        keys: Signal<Keys>,
        open: Open,
        make: impl Fn(u32) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        Self {
            node,
            keys,
            range: RwSignal::new((0, SPARE)),
            height: StoredValue::new(HEIGHT),
            active: StoredValue::new(None),
            stop: StoredValue::new_local(None),
            mounted: StoredValue::new_local(BTreeMap::new()),
            make: StoredValue::new(Arc::new(make)),
            open: StoredValue::new(open),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Follows the rows, the scroll and the sizes while the calling component is there.
    pub fn follow(self) {
        let scroll = window_event_listener(ev::scroll, move |_| self.measure());
        let resize = window_event_listener(ev::resize, move |_| self.measure());
        let rows = self.mounted;
        on_cleanup(move || {
            scroll.remove();
            resize.remove();
            rows.try_update_value(std::mem::take).unwrap_or_default().into_values().for_each(Mounted::remove);
        });
        self.node.on_load(move |node| on_resize(&node, move || self.measure()));
        Effect::new(move |_| {
            self.keys.track();
            self.range.track();
            if self.node.get().is_some() {
                self.renew();
                self.measure();
            }
        });
    }

    pub const fn keys(self) -> Signal<Keys> {
        self.keys
    }

    pub fn count(self) -> usize {
        self.keys.with_untracked(|keys| keys.len())
    }

    /// How many cells a row has.
    pub fn columns(self) -> usize {
        let count =
            self.mounted.with_value(|rows| rows.values().next().map(|row| row.node.child_element_count()));
        count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default()
    }

    /// As many rows as the window holds, less some to see where one was.
    pub fn page(self) -> usize {
        index(window_height() * 0.75 / self.height.get_value()).max(1)
    }

    /// Which rows are in sight.
    fn measure(self) {
        let Some(node) = self.node.get_untracked() else { return };
        let first = self.mounted.with_value(|rows| rows.values().next().map(|row| row.node.clone()));
        let height = first.map(|row| row.get_bounding_client_rect().height()).filter(|height| *height >= 1.0);
        let height = height.unwrap_or_else(|| self.height.get_value());
        self.height.set_value(height);
        let top = node.get_bounding_client_rect().top();
        let start = index((-top).max(0.0) / height).saturating_sub(SPARE);
        let end = index((window_height() - top).max(0.0) / height).saturating_add(SPARE);
        if self.range.get_untracked() != (start, end) {
            self.range.set((start, end));
        }
    }

    /// Puts the rows into the page that belong there, and takes the others out.
    fn renew(self) {
        let Some(body) = self.node.get_untracked() else { return };
        let keys = self.keys.get_untracked();
        let _set = HtmlElement::style(&body).set_property("--rows", &keys.len().to_string());
        let focused = holds_focus(&body);
        let active = self.find_active(&keys);
        self.active.set_value(active);
        let (first, last) = self.range.get_untracked();
        let shown = (first..last.min(keys.len())).chain(active.map(|active| active.place));
        let wanted: BTreeMap<usize, u32> = shown.filter_map(|at| Some((at, *keys.get(at)?))).collect();
        let kept: BTreeSet<u32> = wanted.values().copied().collect();

        let old = self.mounted.try_update_value(std::mem::take).unwrap_or_default();
        let (mut old, gone): (BTreeMap<_, _>, BTreeMap<_, _>) =
            old.into_iter().partition(|(key, _)| kept.contains(key));
        gone.into_values().for_each(Mounted::remove);
        let mut rows = BTreeMap::new();
        let mut next: Option<Element> = None;
        let (make, owner) = (self.make.get_value(), self.owner.get_value());
        for (place, key) in wanted.into_iter().rev() {
            let there = old.remove(&key);
            let stays = there.as_ref().is_some_and(|row| row.node.next_element_sibling() == next);
            let Some(row) = there.or_else(|| Mounted::new(make.as_ref(), key, owner.child())) else {
                continue;
            };
            if !stays {
                // Fails only where `next` is elsewhere.
                let _put = body.insert_before(&row.node, next.as_deref());
            }
            row.place(place);
            next = Some(row.node.clone().into());
            rows.insert(key, row);
        }
        self.mounted.set_value(rows);
        if let Some(target) = self.target() {
            self.stop_at(&target);
            if focused && !holds_focus(&body) {
                focus(&target);
            }
        }
    }

    /// The active row where it stands now; where it is gone, the one in its place.
    fn find_active(self, keys: &[u32]) -> Option<Active> {
        let old = self.active.get_value();
        let (place, column) = old.map_or((0, 0), |old| (old.place, old.column));
        let now = old.and_then(|old| {
            let here = keys.get(old.place) == Some(&old.key);
            if here { Some(old.place) } else { keys.iter().position(|key| *key == old.key) }
        });
        let place = now.unwrap_or_else(|| place.min(keys.len().saturating_sub(1)));
        keys.get(place).map(|key| Active { key: *key, place, column })
    }

    fn target(self) -> Option<HtmlElement> {
        let active = self.active.get_value()?;
        self.mounted.with_value(|rows| rows.get(&active.key)?.target(active.column))
    }

    /// Makes it the one stop of the Tab key.
    fn stop_at(self, target: &HtmlElement) {
        let old = self.stop.try_update_value(|stop| stop.replace(target.clone())).flatten();
        if let Some(old) = old.filter(|old| old != target) {
            old.set_tab_index(-1);
        }
        target.set_tab_index(0);
    }

    /// Something in the rows has taken the focus.
    pub fn focused(self, event: &FocusEvent) {
        let Some((place, column)) = cell_of(event.target()) else { return };
        if let Some(key) = self.keys.with_untracked(|keys| keys.get(place).copied()) {
            self.active.set_value(Some(Active { key, place, column }));
            if let Some(target) = self.target() {
                self.stop_at(&target);
            }
        }
    }

    /// Brings the focus to a cell, and the cell into sight.
    pub fn go(self, place: usize, column: usize) {
        let Some(key) = self.keys.with_untracked(|keys| keys.get(place).copied()) else { return };
        self.active.set_value(Some(Active { key, place, column }));
        self.renew();
        if let Some(target) = self.target() {
            focus(&target);
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            let row = target.closest("[role=row]").ok().flatten();
            row.unwrap_or_else(|| target.into()).scroll_into_view_with_scroll_into_view_options(&options);
        }
    }

    /// Opens a row's menu, there or below the row's own button, which gets the focus back.
    pub fn open_menu(self, place: usize, at: Option<Point>) {
        let Some(key) = self.keys.with_untracked(|keys| keys.get(place).copied()) else { return };
        self.go(place, self.columns().saturating_sub(1));
        if let Some(at) = at.or_else(|| self.target().map(|button| Point::under(&button))) {
            (self.open.get_value())(key, at);
        }
    }

    /// The user asks for a row's menu with the mouse.
    pub fn context(self, event: &MouseEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(place) = target.and_then(|target| row_of(&target)) {
            event.prevent_default();
            self.open_menu(place, Some(Point::of(event)));
        }
    }
}

/// The place of the row that something is in.
fn row_of(element: &Element) -> Option<usize> {
    let row = element.closest("[role=row]").ok().flatten()?;
    row.get_attribute("aria-rowindex")?.parse::<usize>().ok()?.checked_sub(2)
}

/// The place and the column of the cell that something is in.
pub fn cell_of(target: Option<EventTarget>) -> Option<(usize, usize)> {
    let element: Element = target?.dyn_into().ok()?;
    let cell = element.closest("[role=gridcell]").ok().flatten()?;
    let before = std::iter::successors(cell.previous_element_sibling(), Element::previous_element_sibling);
    Some((row_of(&cell)?, before.count()))
}

fn window_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_else(|| pixels(800))
}

fn holds_focus(body: &Element) -> bool {
    document().active_element().is_some_and(|active| body.contains(Some(&active)))
}

/// The page is scrolled by whoever asks for it.
fn focus(target: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails only for elements that are gone.
    let _lost = target.focus_with_options(&options);
}
