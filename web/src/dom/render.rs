//! Draws elements, and draws them anew.
use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::{RemoveEventHandler, Rndr};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::Element;
use super::element::{Fixed, Part};
use super::value::{Place, Source, Value};
use crate::ui::is_focus_lost;

const SVG: &str = "http://www.w3.org/2000/svg";

/// A drawn element.
pub struct ElementState {
    node: web_sys::Element,
    tag: &'static str,
    fixed: Fixed,
    key: u32,
    parts: Vec<PartState>,
    children: Vec<AnyViewState>,
    rows: Vec<ElementState>,
}

/// What keeps a part of it alive.
enum PartState {
    Now(Place, &'static str, Value),
    Live(Place, &'static str, #[expect(dead_code, reason = "ends when it is dropped")] RenderEffect<Value>),
    Listener(
        &'static str,
        #[expect(dead_code, reason = "ends when it is dropped")] RemoveEventHandler<web_sys::Element>,
    ),
    Reference,
}

impl PartState {
    fn new(part: Part, node: &web_sys::Element) -> Self {
        match part {
            Part::Value(place, name, Source::Now(value)) => {
                if value != Value::Absent {
                    value.put(node, place, name);
                }
                Self::Now(place, name, value)
            }
            Part::Value(place, name, Source::Live(mut source)) => {
                let node = node.clone();
                let effect = RenderEffect::new(move |last: Option<Value>| {
                    let value = source();
                    // The first time always: what stood there may be from the source before this one.
                    if last.as_ref() != Some(&value) {
                        value.put(&node, place, name);
                    }
                    value
                });
                Self::Live(place, name, effect)
            }
            Part::Listener(listener) => Self::Listener(
                listener.name,
                Rndr::add_event_listener(node, listener.name, listener.handler.take()),
            ),
            Part::Reference(take) => {
                take(node);
                Self::Reference
            }
        }
    }

    /// Whether that part takes the place of this one.
    fn is_like(&self, part: &Part) -> bool {
        match (self, part) {
            (Self::Now(place, name, _), Part::Value(new_place, new, Source::Now(_)))
            | (Self::Live(place, name, _), Part::Value(new_place, new, Source::Live(_))) => {
                place == new_place && name == new
            }
            (Self::Listener(name, _), Part::Listener(listener)) => *name == listener.name,
            (Self::Reference, Part::Reference(_)) => true,
            _ => false,
        }
    }

    fn renew(&mut self, part: Part, node: &web_sys::Element) {
        match (&mut *self, part) {
            (Self::Now(place, name, old), Part::Value(_, _, Source::Now(new))) => {
                if *old != new {
                    new.put(node, *place, name);
                    *old = new;
                }
            }
            (_, part) => *self = Self::new(part, node),
        }
    }
}

impl ElementState {
    /// Whether what is drawn here can become that element.
    fn is_like(&self, element: &Element) -> bool {
        self.tag == element.tag
            && self.fixed == element.fixed
            && self.key == element.key
            && self.children.len() == element.children.len()
            && self.parts.len() == element.parts.len()
            && self.parts.iter().zip(&element.parts).all(|(state, part)| state.is_like(part))
    }

    /// Rows whose key is there again are drawn in place; of several with the same key, one after the other.
    fn renew_rows(&mut self, rows: Vec<Element>) {
        if rows.is_empty() && self.rows.is_empty() {
            return;
        }
        let focused = document().active_element();
        let mut old = std::mem::take(&mut self.rows);
        for row in rows {
            self.rows.push(match old.iter().position(|state| state.key == row.key) {
                Some(place) => {
                    let mut state = old.remove(place);
                    row.rebuild(&mut state);
                    state
                }
                None => row.build(),
            });
        }
        old.iter_mut().for_each(Mountable::unmount);
        // From the last one on, so that a row that stands where it belongs is not touched.
        let mut next: Option<&Node> = None;
        for state in self.rows.iter().rev() {
            if state.node.parent_node().is_none() || state.node.next_sibling().as_ref() != next {
                Rndr::insert_node(&self.node, &state.node, next);
            }
            next = Some(&state.node);
        }
        // What is moved loses the focus.
        if let Some(focused) = focused.filter(|_| is_focus_lost())
            && self.node.contains(Some(&focused))
            && let Ok(focused) = focused.dyn_into::<HtmlElement>()
        {
            // Fails only for elements that are gone.
            let _lost = focused.focus();
        }
    }
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let node = Rndr::create_element(self.tag, self.svg.then_some(SVG));
        for (name, value) in self.fixed {
            Rndr::set_attribute(&node, name, value);
        }
        let parts = self.parts.into_iter().map(|part| PartState::new(part, &node)).collect();
        let mut children: Vec<AnyViewState> = self.children.into_iter().map(Render::build).collect();
        for child in &mut children {
            child.mount(&node, None);
        }
        let mut rows: Vec<ElementState> = self.rows.into_iter().map(Render::build).collect();
        for row in &mut rows {
            row.mount(&node, None);
        }
        ElementState { node, tag: self.tag, fixed: self.fixed, key: self.key, parts, children, rows }
    }

    fn rebuild(self, state: &mut ElementState) {
        if !state.is_like(&self) {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        for (state_of, part) in state.parts.iter_mut().zip(self.parts) {
            state_of.renew(part, &state.node);
        }
        for (child, new) in state.children.iter_mut().zip(self.children) {
            new.rebuild(child);
        }
        state.renew_rows(self.rows);
    }
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        Rndr::remove(&self.node);
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&Node>) {
        Rndr::insert_node(parent, &self.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.node.parent_element();
        parent.inspect(|parent| child.mount(parent, Some(&self.node))).is_some()
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        vec![self.node.clone()]
    }
}

/// Leptos asks this of every view; the portal is drawn in browsers alone, and no server writes its HTML.
impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> ElementState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Leptos asks this, too; no component here is given attributes from outside.
impl AddAnyAttr for Element {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}
