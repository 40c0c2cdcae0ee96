//! Tells when an element's size changes.
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Calls back at once and after each change of the element's size, until the calling component is gone.
pub fn on_resize(element: &Element, action: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(action);
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        let kept = StoredValue::new_local((observer, callback));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    }
}
