//! REST calls: `az rest`, `Invoke-RestMethod`, `curl` and their like. Their addresses say what is sent, their bodies hold it.

use alloc::rc::Rc;

use super::Reader;
use super::call::{Call, named};
use super::command::Argument;
use super::fault::fault;
use super::note::NoteKind;
use super::pieces::{Content, place};
use super::place::Place;
use super::sending::{Method, address_among};
use super::shell_word::content_value;
use super::value::{Text, Value, What};
use crate::part::{self, AnyCase};

/// The part of an address that policies have.
pub(super) const POLICIES: &str = "/jitnetworkaccesspolicies/";

/// What an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A policy is put there.
    Policy,
    /// A request is made there.
    Request,
    /// Something else is.
    Other,
    /// Not known.
    Unknown,
}

impl<'t> Reader<'t> {
    /// Takes up what a call sends.
    pub(super) fn rest_call(
        &mut self,
        start: u32,
        end: u32,
        tool: &str,
        arguments: &[Argument<'t>],
        input: Option<Value<'t>>,
    ) {
        let method = Method::of(tool, arguments);
        let named_url = named(arguments, &["--url", "--uri", "-u", "-Uri", "-Path"]);
        let mut url = named_url.filter(|url| url.is_unknown() || is_address(url)).or_else(|| {
            let mut alone = arguments.iter().filter(|argument| argument.name.is_empty());
            alone.find_map(|argument| argument.value.clone().filter(is_address))
        });
        // `curl -s https://…`: not all options take a value.
        let is_known = |url: &Value| matches!(target(url), Target::Policy | Target::Request);
        url = url.or_else(|| address_among(arguments, is_known));
        let target = url.as_ref().map_or(Target::Unknown, target);
        let known = matches!(target, Target::Policy | Target::Request);
        let sets = matches!(target, Target::Policy | Target::Unknown);
        let fault = url.as_ref().and_then(|url| fault(tool, url, target, &method, arguments));
        if method.is("DELETE") {
            fault.iter().for_each(|fault| self.note(fault.kind, fault.start, fault.end));
            if sets && fault.is_none() {
                self.calls.push(Call::Undo(Place::of_address(url.as_ref())));
            }
            return;
        }
        let reads =
            matches!(method, Method::Told(_)) && ["GET", "HEAD", "OPTIONS"].iter().any(|one| method.is(one));
        let file = named(arguments, &["-InFile"]);
        let body = named(
            arguments,
            &["--body", "-b", "-Body", "-Payload", "--data", "--data-raw", "--data-binary", "-d", "--json"],
        );
        let body = file.clone().or(body).or(input);
        let Some(mut body) = body.filter(|_| !reads) else { return };
        if tool.same_in_any_case("az") {
            // `az rest` puts in the subscription itself, and Windows takes quotes out that have no backslash.
            if let Some(What::Text(text)) = url.as_mut().map(|url| Rc::make_mut(&mut url.what)) {
                text.partly |= part::contains(&text.text, "{subscriptionId}");
            }
            if let What::Text(text) = &*body.what
                && !self.cased
                && text.text.trim_start_matches(['{', '[', ' ', '\n', '\r']).starts_with("\\\"")
            {
                body = unescaped(text, &body);
            }
        }
        if target == Target::Other {
            return;
        }
        fault.iter().for_each(|fault| self.note(fault.kind, fault.start, fault.end));
        let puts = sets && fault.is_none() && (method.is("PUT") || method.is_unknown());
        // What is sent to another place, or perhaps so, says nothing of what is not known.
        let undoes = puts && (known || method.is("PUT"));
        let place = undoes.then(|| Place::of_address(url.as_ref()));
        let path =
            if file.is_some() { body.text() } else { body.text().and_then(|text| text.strip_prefix('@')) };
        if let Some(path) = path {
            match self.file(path).cloned() {
                Some(body) => self.calls.push(Call::Rest { url, body, puts }),
                None => {
                    self.calls.extend(place.map(Call::Undo));
                    if known {
                        self.note(NoteKind::BodyInFile, body.start, body.end);
                    }
                }
            }
            return;
        }
        let is_body = match &*body.what {
            What::Json(..) | What::Table { .. } | What::List(_) => true,
            What::Text(text) => !text.pieces.is_empty(),
            _ => false,
        };
        if is_body {
            return self.calls.push(Call::Rest { url, body, puts });
        }
        self.calls.extend(place.map(Call::Undo));
        if known {
            let (from, to) = if body.end > body.start { (body.start, body.end) } else { (start, end) };
            self.note(NoteKind::UnknownBody, from, to);
        }
    }
}

/// The text without the backslashes in front of its quotes.
fn unescaped<'t>(text: &Text, body: &Value<'t>) -> Value<'t> {
    let mut content = Content::default();
    let mut at = 0_usize;
    for (index, part) in text.text.split("\\\"").enumerate() {
        if index > 0 {
            let behind = at.saturating_add(2);
            let (from, to, _) = place(&text.pieces, at, behind);
            content.put("\"", from, to);
            at = behind;
        }
        let behind = at.saturating_add(part.len());
        let (from, to, same) = place(&text.pieces, at, behind);
        if same {
            content.push(part, from);
        } else {
            content.put(part, from, to);
        }
        at = behind;
    }
    content.partly = text.partly;
    content_value(content, body.start, body.end)
}

fn is_address(value: &Value) -> bool {
    matches!(&*value.what, What::Text(text) if part::contains(&text.text, "/"))
}

/// So long an address may be, in bytes, to be looked at.
const LONGEST: usize = 65_536;

/// What is at an address, as far as it is known.
pub(super) fn target(url: &Value) -> Target {
    let What::Text(text) = &*url.what else { return Target::Unknown };
    // No server takes one that long.
    if text.text.len() > LONGEST {
        return Target::Unknown;
    }
    let small = text.text.to_ascii_lowercase();
    let Some((_, behind)) = part::split_once(&small, POLICIES) else {
        return if text.partly && !part::contains(&small, "/providers/") {
            Target::Unknown
        } else {
            Target::Other
        };
    };
    let path = behind.split(['?', '#']).next().unwrap_or("");
    match part::split_once(path, "/") {
        None | Some((_, "")) => Target::Policy,
        Some((_, "initiate" | "initiate/")) => Target::Request,
        Some(_) => Target::Other,
    }
}

/// The resource id in an address: what stands behind the host, without the query.
pub(super) fn resource_id(url: &Text) -> Option<(usize, usize)> {
    let text = &url.text;
    let start = part::find(&text.to_ascii_lowercase(), "/subscriptions/")?;
    let end = text.get(start..)?.find(['?', '#']).map_or(text.len(), |at| start.saturating_add(at));
    Some((start, end))
}
