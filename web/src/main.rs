//! The portal's entry: mounts the application on the page's body.

#![allow(clippy::needless_pass_by_value, reason = "a component's properties are its own")]
#![allow(clippy::large_types_passed_by_value, reason = "signals are handles, and handed on as such")]

mod api;
mod app;
mod browser;
mod dom;
mod later;
mod pages;
mod panels;
mod parts;
mod route;
mod shell;
mod state;
mod ui;

fn main() {
    // Without this a panic would be a bare `unreachable` to whoever looks for its cause.
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    leptos::mount::mount_to_body(app::App);
}
