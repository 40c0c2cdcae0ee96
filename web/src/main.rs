//! The portal's entry: mounts the application on the page's body.
use leptos::prelude::*;

fn main() {
    mount_to_body(|| view! { <main><h1>"jitgate"</h1></main> });
}
