//! Addresses of pages about one machine, and how a machine is named in a link.
use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;

use crate::dom::view;

/// Text as a value in a query.
pub fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// A machine's page; an empty section is the first.
pub fn machine_address(id: &ResourceId, section: &str) -> String {
    let id = encoded(id.text());
    if section.is_empty() {
        format!("/machines?id={id}")
    } else {
        format!("/machines?id={id}&section={section}")
    }
}

/// A machine's activity log.
pub fn activity_address(id: &ResourceId) -> String {
    format!("/activity?machine={}", encoded(id.text()))
}

/// A link with a machine's name to its page.
pub fn machine_link(id: &ResourceId, name: &str) -> AnyView {
    let (href, name) = (machine_address(id, ""), name.to_owned());
    view! { <a class="link name" href=href title=name.clone()><bdi>{name.clone()}</bdi></a> }.into_any()
}
