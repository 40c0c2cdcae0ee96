//! The portal's entry: mounts the application on the page's body.
mod app;
mod browser;
mod pages;
mod parts;
mod shell;
mod state;
mod ui;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
