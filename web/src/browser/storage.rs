//! Small texts that the browser keeps: for ever, or for as long as the tab is open.
use leptos::prelude::window;
use web_sys::Storage;

/// For how long a text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until the user clears the site's data.
    Always,
    /// As long as the tab is open: it survives a reload.
    Tab,
}

/// Storage may be forbidden.
fn storage(keep: Keep) -> Option<Storage> {
    match keep {
        Keep::Always => window().local_storage(),
        Keep::Tab => window().session_storage(),
    }
    .ok()
    .flatten()
}

/// The text of that name.
pub fn kept(keep: Keep, name: &str) -> Option<String> {
    storage(keep)?.get_item(name).ok()?
}

/// Keeps a text; true when it is kept.
pub fn keep(keep: Keep, name: &str, text: &str) -> bool {
    storage(keep).is_some_and(|storage| storage.set_item(name, text).is_ok())
}

/// Forgets a text.
pub fn forget(keep: Keep, name: &str) {
    if let Some(storage) = storage(keep) {
        // Fails for no name.
        let _failed = storage.remove_item(name);
    }
}

/// Asks the browser to delete nothing of this site's on its own when space is short. It may say no.
pub fn persist() {
    let storage = window().navigator().storage();
    if let Ok(answer) = storage.persist() {
        leptos::task::spawn_local(async move {
            // Whatever the answer is, there is nothing more to be done.
            let _answer = wasm_bindgen_futures::JsFuture::from(answer).await;
        });
    }
}
