//! The modal dialogs that are open: what is behind the uppermost one is neither used nor heard.
use leptos::prelude::*;

/// One over another.
#[derive(Clone, Copy)]
pub struct Modals {
    open: RwSignal<Vec<u32>>,
    last: StoredValue<u32>,
}

impl Modals {
    pub fn provide() {
        provide_context(Self { open: RwSignal::new(Vec::new()), last: StoredValue::new(0) });
    }

    /// True while none is open.
    pub fn is_none(self) -> Memo<bool> {
        Memo::new(move |_| self.open.with(Vec::is_empty))
    }

    /// One more is open as long as its component is there. True while it is the uppermost one.
    pub fn enter(self) -> Memo<bool> {
        let own = self.last.get_value().wrapping_add(1);
        self.last.set_value(own);
        self.open.update(|open| open.push(own));
        on_cleanup(move || {
            // None is left when all goes.
            let _gone = self.open.try_update(|open| open.retain(|one| *one != own));
        });
        Memo::new(move |_| self.open.with(|open| open.last() == Some(&own)))
    }
}
