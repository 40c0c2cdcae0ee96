//! What may stand in an element.
use leptos::prelude::*;

use super::Element;

/// Something that is shown.
pub trait Child {
    /// As a view whose type is not known.
    fn view(self) -> AnyView;

    /// Puts it behind the children that an element has.
    fn put(self, element: &mut Element)
    where
        Self: Sized,
    {
        element.child(self.view());
    }
}

/// Components are made by Leptos.
pub fn component(view: View<impl IntoView + 'static>) -> AnyView {
    view.into_inner().into_any()
}

impl Child for AnyView {
    fn view(self) -> AnyView {
        self
    }
}

impl Child for Element {
    #[inline(never)]
    fn view(self) -> AnyView {
        self.into_any()
    }

    #[inline(never)]
    fn put(self, element: &mut Element) {
        element.child(self.view());
    }
}

impl Child for String {
    #[inline(never)]
    fn view(self) -> AnyView {
        self.into_any()
    }

    #[inline(never)]
    fn put(self, element: &mut Element) {
        element.child(self.view());
    }
}

impl Child for &str {
    #[inline(never)]
    fn view(self) -> AnyView {
        self.to_owned().into_any()
    }

    #[inline(never)]
    fn put(self, element: &mut Element) {
        element.child(self.view());
    }
}

/// Elements that are told from each other by their keys: each stays what it is while others come and go, and keeps the
/// focus. They are the last children of theirs.
pub struct Rows(pub Vec<Element>);

impl Child for Rows {
    fn view(self) -> AnyView {
        self.0.view()
    }

    fn put(self, element: &mut Element) {
        element.rows = self.0;
    }
}

macro_rules! number {
    ($($kind:ty),*) => { $(impl Child for $kind {
        fn view(self) -> AnyView {
            self.to_string().view()
        }
    })* };
}
number!(u16, u32, usize);

impl<C: Child> Child for Option<C> {
    fn view(self) -> AnyView {
        #[inline(never)]
        fn optional(view: Option<AnyView>) -> AnyView {
            view.into_any()
        }
        optional(self.map(Child::view))
    }
}

impl<C: Child> Child for Vec<C> {
    fn view(self) -> AnyView {
        #[inline(never)]
        fn list(views: Vec<AnyView>) -> AnyView {
            views.into_any()
        }
        list(self.into_iter().map(Child::view).collect())
    }
}

/// A closure is run anew when what it reads changes.
impl<F, C> Child for F
where
    F: FnMut() -> C + Send + 'static,
    C: Child,
{
    fn view(mut self) -> AnyView {
        #[inline(never)]
        fn live(view: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
            view.into_any()
        }
        live(Box::new(move || self().view()))
    }
}
