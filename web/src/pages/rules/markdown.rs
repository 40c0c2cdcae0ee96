//! A rule's page, from Markdown to views: headings, paragraphs, lists, fenced code, `code` and *emphasis*, which is
//! all that the pages use. Nothing is ever taken as markup. A library for all of Markdown took a tenth of the
//! portal's size budget.
use std::sync::Arc;

use leptos::prelude::*;

use super::example::{Block, Documents, Example};
use crate::dom::view;

/// The page without its first heading, which is the page's own.
#[component]
pub fn Markdown(text: Arc<str>) -> impl IntoView {
    let mut views: Vec<AnyView> = Vec::new();
    let mut lines = text.lines().filter(|line| !line.starts_with("# ")).peekable();
    // A policy directly before a request is one example with it.
    let mut policy: Option<Block> = None;
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let before = policy.take();
        if let Some(form) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let block = Block { form: form.to_owned(), text: body.join("\n") };
            let documents = Documents::of(&block, before);
            views.push(view! { <Example block=block.clone() documents /> }.into_any());
            policy = Some(block).filter(|block| block.form == "json policy");
        } else if let Some(heading) = line.strip_prefix("## ") {
            views.push(view! { <h2>{inline(heading)}</h2> }.into_any());
        } else {
            let mut part = vec![line];
            while let Some(more) = lines.next_if(|line| !line.trim().is_empty() && !line.starts_with("```")) {
                part.push(more);
            }
            views.push(paragraph(&part));
        }
    }
    view! { <div class="prose">{views}</div> }
}

/// Lines of text, or a list where the first begins with a dash.
fn paragraph(lines: &[&str]) -> AnyView {
    if !lines.first().is_some_and(|line| line.starts_with("- ")) {
        return view! { <p>{inline(&lines.join(" "))}</p> }.into_any();
    }
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (line.strip_prefix("- "), items.last_mut()) {
            (None, Some(item)) => *item = format!("{item} {}", line.trim()),
            (item, _) => items.push(item.unwrap_or(line).to_owned()),
        }
    }
    view! { <ul>{items.iter().map(|item| view! { <li>{inline(item)}</li> }).collect_view()}</ul> }.into_any()
}

/// Text with its code and its emphasis.
fn inline(text: &str) -> Vec<AnyView> {
    let code = |(index, part): (usize, &str)| {
        if index % 2 == 1 {
            vec![view! { <code>{part.to_owned()}</code> }.into_any()]
        } else {
            emphasis(part)
        }
    };
    text.split('`').enumerate().flat_map(code).collect()
}

fn emphasis(text: &str) -> Vec<AnyView> {
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <em>{part}</em> }.into_any() } else { part.into_any() }
    };
    text.split('*').enumerate().map(part).collect()
}
