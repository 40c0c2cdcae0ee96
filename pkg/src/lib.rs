//! Bindings of the core for JavaScript.
