//! The panel that is open over a page.
use std::sync::Arc;

use leptos::prelude::*;

use crate::api::Machine;

/// A panel, and the machines that it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    /// Enable JIT on machines that have none.
    Enable(Vec<Arc<Machine>>),
    /// Edit the configuration of machines that have one.
    Edit(Vec<Arc<Machine>>),
    /// Ask for access.
    Request(Vec<Arc<Machine>>),
    /// Take machines out of their policies.
    Remove(Vec<Arc<Machine>>),
    /// What is known of a machine, and its policies as code.
    Properties(Arc<Machine>),
}

/// At most one panel is open.
#[derive(Clone, Copy)]
pub struct Panels(RwSignal<Option<Panel>>);

impl Panels {
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    /// The open one.
    pub fn open(self) -> ReadSignal<Option<Panel>> {
        self.0.read_only()
    }

    /// Opens one.
    pub fn show(self, panel: Panel) {
        self.0.set(Some(panel));
    }

    /// Closes the open one.
    pub fn close(self) {
        self.0.set(None);
    }
}
