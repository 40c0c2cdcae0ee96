//! Values of attributes, and where they go.
use leptos::tachys::renderer::Rndr;
use wasm_bindgen::JsValue;

/// What of an element has the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Attribute,
    /// The class is there for any value but an absent one.
    Class,
    Style,
    Property,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Absent,
    Present,
    Text(String),
}

impl Value {
    /// Puts the value in its place.
    pub fn put(&self, element: &web_sys::Element, place: Place, name: &str) {
        match (place, self) {
            (Place::Attribute, Self::Absent) => Rndr::remove_attribute(element, name),
            (Place::Attribute, value) => Rndr::set_attribute(element, name, value.text()),
            (Place::Class, Self::Absent) => Rndr::remove_class(&Rndr::class_list(element), name),
            (Place::Class, _) => Rndr::add_class(&Rndr::class_list(element), name),
            (Place::Style, Self::Absent) => Rndr::remove_css_property(&Rndr::style(element), name),
            (Place::Style, value) => Rndr::set_css_property(&Rndr::style(element), name, value.text()),
            (Place::Property, value) => Rndr::set_property(element, name, &value.js()),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Absent | Self::Present => "",
        }
    }

    fn js(&self) -> JsValue {
        match self {
            Self::Absent => JsValue::FALSE,
            Self::Present => JsValue::TRUE,
            Self::Text(text) => text.into(),
        }
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        if is { Self::Present } else { Self::Absent }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// A value, or what it follows from.
pub enum Source {
    Now(Value),
    Live(Box<dyn FnMut() -> Value + Send>),
}

/// What can be an attribute's value: texts, truths, and closures that give them.
pub trait IntoSource {
    fn source(self) -> Source;
}

impl IntoSource for String {
    fn source(self) -> Source {
        Source::Now(self.into())
    }
}

impl IntoSource for &str {
    fn source(self) -> Source {
        Source::Now(self.into())
    }
}

impl<T: Into<Value>> IntoSource for Option<T> {
    fn source(self) -> Source {
        Source::Now(self.into())
    }
}

impl<F, T> IntoSource for F
where
    F: FnMut() -> T + Send + 'static,
    T: Into<Value>,
{
    fn source(mut self) -> Source {
        Source::Live(Box::new(move || self().into()))
    }
}
