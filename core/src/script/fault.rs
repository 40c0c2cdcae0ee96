//! What keeps a REST call from putting a policy or making a request: its method or its address.

use super::command::Argument;
use super::note::{Note, NoteKind};
use super::rest::{POLICIES, Target};
use super::sending::{Method, method_of};
use super::value::{Value, What};
use crate::part::{self, AnyCase};

/// The versions of the API that have policies.
const VERSIONS: [&str; 2] = ["2020-01-01", "2015-06-01-preview"];

/// Arguments that may hold the version.
const QUERIES: [&str; 4] = ["--uri-parameters", "--url-parameters", "--data-urlencode", "-ApiVersion"];

/// What is wrong with a call to that address, and where.
pub(super) fn fault(
    tool: &str,
    address: &Value,
    target: Target,
    method: &Method,
    arguments: &[Argument],
) -> Option<Note> {
    let (start, end) = (address.start, address.end);
    let note = |kind| Note { kind, start, end };
    let What::Text(text) = &*address.what else { return None };
    let small = text.text.to_ascii_lowercase();
    let due = match target {
        Target::Policy if method.is("DELETE") => "DELETE",
        Target::Policy => "PUT",
        Target::Request => "POST",
        Target::Other | Target::Unknown => return None,
    };
    if !method.is_unknown() && !method.is(due) {
        let kind = match (method, target) {
            (Method::Default("GET"), _) => NoteKind::SendsGet,
            (_, Target::Policy) => NoteKind::PutWanted,
            _ => NoteKind::PostWanted,
        };
        let said = method_of(tool, arguments).map_or((start, end), |said| (said.start, said.end));
        return Some(Note { kind, start: said.0, end: said.1 });
    }
    if part::contains(&small, "/microsoft.security/jitnetworkaccesspolicies/") {
        return Some(note(NoteKind::NoLocation));
    }
    let elsewhere = arguments.iter().any(|one| QUERIES.iter().any(|name| one.name.same_in_any_case(name)));
    let (_, behind) = part::split_once(&small, POLICIES)?;
    // What is still to be filled in may be all of the query.
    let open = behind.contains(['$', '{', '<', '%']) || elsewhere;
    if open || !part::contains(&small, "/microsoft.security/") {
        return None;
    }
    let query = part::cut(behind, '?').map_or("", |(_, query)| query);
    let pairs = query.split(['&', '#', '^']).filter_map(|pair| part::cut(pair, '='));
    let mut versions = pairs.filter(|(name, _)| *name == "api-version").map(|(_, version)| version);
    match versions.next() {
        None => Some(note(NoteKind::NoVersion)),
        Some(version) => (!VERSIONS.contains(&version)).then(|| note(NoteKind::OtherVersion)),
    }
}
