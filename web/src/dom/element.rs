//! An element that is not drawn yet.
use leptos::ev::EventDescriptor;
use leptos::html::ElementType;
use leptos::prelude::*;
use leptos::tachys::html::node_ref::NodeRefContainer;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use super::value::{IntoSource, Place, Source};

/// Names and values that never change.
pub type Fixed = &'static [(&'static str, &'static str)];

/// An element with its parts.
pub struct Element {
    pub(super) tag: &'static str,
    pub(super) svg: bool,
    pub(super) fixed: Fixed,
    pub(super) key: u32,
    pub(super) parts: Vec<Part>,
    pub(super) children: Vec<AnyView>,
    /// Behind them: what comes, goes and moves by its key.
    pub(super) rows: Vec<Element>,
}

/// What an element has beside its children.
pub(super) enum Part {
    Value(Place, &'static str, Source),
    Listener(Listener),
    /// Takes the element when it is drawn.
    Reference(Box<dyn FnOnce(&web_sys::Element) + Send>),
}

/// An event's name, and what is done about it. Browsers' events stay on the page's only thread.
pub(super) struct Listener {
    pub name: &'static str,
    pub handler: SendWrapper<Box<dyn FnMut(wasm_bindgen::JsValue)>>,
}

impl Element {
    /// An element without children.
    #[inline(never)]
    pub fn new(tag: &'static str, svg: bool, fixed: Fixed) -> Self {
        Self { tag, svg, fixed, key: 0, parts: Vec::new(), children: Vec::new(), rows: Vec::new() }
    }

    /// Gives it a value.
    pub fn set(&mut self, place: Place, name: &'static str, value: impl IntoSource) {
        self.part(Part::Value(place, name, value.source()));
    }

    /// Tells it from others of its kind.
    pub const fn key(&mut self, key: u32) {
        self.key = key;
    }

    /// Handles an event.
    pub fn on<E>(&mut self, name: &'static str, _event: E, mut handler: impl FnMut(E::EventType) + 'static)
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        self.listen(name, Box::new(move |event| handler(event.unchecked_into())));
    }

    /// Lets a reference have it.
    pub fn reference<E: ElementType>(&mut self, reference: NodeRef<E>)
    where
        NodeRef<E>: NodeRefContainer<E>,
    {
        self.part(Part::Reference(Box::new(move |element| reference.load(element))));
    }

    /// Puts a child behind those it has.
    #[inline(never)]
    pub fn child(&mut self, child: AnyView) {
        self.children.push(child);
    }

    #[inline(never)]
    fn listen(&mut self, name: &'static str, handler: Box<dyn FnMut(wasm_bindgen::JsValue)>) {
        self.part(Part::Listener(Listener { name, handler: SendWrapper::new(handler) }));
    }

    #[inline(never)]
    fn part(&mut self, part: Part) {
        self.parts.push(part);
    }
}
