//! A rule's page, from Markdown to views. HTML in it would be shown as text: nothing is ever taken as markup.
use std::iter::Peekable;

use leptos::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

use super::example::{Block, Documents, Example};

type Events<'a> = Peekable<Parser<'a>>;

/// The page without its first heading, which is the page's own.
#[component]
pub fn Markdown(text: &'static str) -> impl IntoView {
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).peekable();
    let mut views = Vec::new();
    // A policy directly before a request is one example with it.
    let mut policy = None;
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => drop(inside(&mut events)),
            Event::Start(Tag::CodeBlock(kind)) => {
                let form = match kind {
                    CodeBlockKind::Fenced(form) => form.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let block = Block { form, text: words(&mut events) };
                let documents = Documents::of(&block, policy.take());
                views.push(view! { <Example block=block.clone() documents /> }.into_any());
                policy = Some(block).filter(|block| block.form == "json policy");
            }
            other => {
                policy = None;
                views.push(one(other, &mut events));
            }
        }
    }
    view! { <div class="prose">{views}</div> }
}

/// Everything up to the end of the part that has just begun.
fn inside(events: &mut Events) -> Vec<AnyView> {
    let mut views = Vec::new();
    while let Some(event) = events.next() {
        if matches!(event, Event::End(_)) {
            break;
        }
        views.push(one(event, events));
    }
    views
}

/// The plain text of the part that has just begun.
fn words(events: &mut Events) -> String {
    let mut text = String::new();
    for event in events.by_ref() {
        match event {
            Event::End(_) => break,
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            _ => {}
        }
    }
    text
}

fn one(event: Event, events: &mut Events) -> AnyView {
    match event {
        Event::Start(tag) => part(tag, events),
        Event::Code(text) => view! { <code>{text.to_string()}</code> }.into_any(),
        Event::SoftBreak => " ".into_any(),
        Event::HardBreak => view! { <br /> }.into_any(),
        Event::Rule => view! { <hr /> }.into_any(),
        Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => text.to_string().into_any(),
        _ => ().into_any(),
    }
}

fn part(tag: Tag, events: &mut Events) -> AnyView {
    let content = inside(events);
    match tag {
        Tag::Paragraph => view! { <p>{content}</p> }.into_any(),
        Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2, .. } => view! { <h2>{content}</h2> }.into_any(),
        Tag::Heading { .. } => view! { <h3>{content}</h3> }.into_any(),
        Tag::List(None) => view! { <ul>{content}</ul> }.into_any(),
        Tag::List(Some(_)) => view! { <ol>{content}</ol> }.into_any(),
        Tag::Item => view! { <li>{content}</li> }.into_any(),
        Tag::BlockQuote(_) => view! { <blockquote>{content}</blockquote> }.into_any(),
        Tag::Emphasis => view! { <em>{content}</em> }.into_any(),
        Tag::Strong => view! { <strong>{content}</strong> }.into_any(),
        Tag::Table(_) => view! { <div class="table-frame" tabindex="0" role="group" aria-label="Table"><table class="table"><tbody>{content}</tbody></table></div> }.into_any(),
        Tag::TableHead | Tag::TableRow => view! { <tr>{content}</tr> }.into_any(),
        Tag::TableCell => view! { <td>{content}</td> }.into_any(),
        Tag::Link { dest_url, .. } if dest_url.starts_with("https://") || dest_url.starts_with('/') => {
            view! { <a class="link" href=dest_url.to_string()>{content}</a> }.into_any()
        }
        _ => content.into_any(),
    }
}
