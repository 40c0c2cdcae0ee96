//! What `view!` makes: elements whose parts are data, drawn by one piece of code.
//!
//! Leptos's own macro makes a type for every element with all that is in it, and the code to build, change and remove
//! each: most of what the portal weighed. Reactivity and components are Leptos's.
mod child;
mod element;
mod render;
mod value;

pub use child::{Child, Rows, component};
pub use element::Element;
pub use jitgate_view::view;
pub use value::Place;
