//! One role definition: its members in any of their spellings, and what they must hold.

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::read::Reader;
use super::role::{Permission, RoleDraft};
use super::scope::{Scope, is_guid};
use crate::json::{NodeId, NodeKind};

/// Azure's limits: of a role's name, of its description, in characters.
const MAX_NAME: usize = 512;
const MAX_DESCRIPTION: usize = 2048;
/// More than any provider's longest action.
const MAX_ACTION: usize = 512;
/// Azure's largest built-in roles have some two hundred.
const MAX_ACTIONS: usize = 2000;

/// The members that matter. PowerShell writes them with a capital, `az` without.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Name,
    RoleName,
    Id,
    Description,
    Actions,
    NotActions,
    DataActions,
    NotDataActions,
    Permissions,
    AssignableScopes,
    Properties,
}

impl Part {
    fn of(text: &str) -> Option<Self> {
        let table = [
            ("name", Self::Name),
            ("roleName", Self::RoleName),
            ("id", Self::Id),
            ("description", Self::Description),
            ("actions", Self::Actions),
            ("notActions", Self::NotActions),
            ("dataActions", Self::DataActions),
            ("notDataActions", Self::NotDataActions),
            ("permissions", Self::Permissions),
            ("assignableScopes", Self::AssignableScopes),
            ("properties", Self::Properties),
        ];
        table.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, name)| name)
    }
}

/// Members that were found, with the pointer to each.
type Members = Vec<(Part, NodeId, String)>;

fn get(members: &Members, name: Part) -> Option<(NodeId, &str)> {
    members.iter().find(|(found, ..)| *found == name).map(|(_, node, pointer)| (*node, pointer.as_str()))
}

/// The role, if there is no error in it.
pub(super) fn role(reader: &mut Reader, node: NodeId, pointer: &str) -> Option<RoleDraft> {
    let before = reader.errors();
    if reader.tape.kind(node) != NodeKind::Object {
        reader.error(node, pointer, "a role definition must be an object", "write it in `{` and `}`");
        return None;
    }
    let mut members = find(reader, node, pointer);
    if let Some((properties, at)) = get(&members, Part::Properties) {
        let at = String::from(at);
        if reader.tape.kind(properties) == NodeKind::Object {
            let inner = find(reader, properties, &at);
            // What stands beside `properties` is the resource's own: `name` is its GUID.
            members.retain(|(name, ..)| matches!(name, Part::Id | Part::Name));
            members.extend(inner.into_iter().filter(|(name, ..)| !matches!(name, Part::Id | Part::Name)));
        } else {
            reader.error(properties, &at, "`properties` must be an object", "");
        }
    }
    let name = role_name(reader, &members, node, pointer).unwrap_or_default();
    let description = match get(&members, Part::Description) {
        Some((node, at)) if reader.tape.kind(node) != NodeKind::Null => {
            let text = reader.string(node, at, "the description").unwrap_or_default();
            limit(reader, (node, at), &text, MAX_DESCRIPTION, "description");
            text
        }
        _ => String::new(),
    };
    let permissions = permissions(reader, &members, node, pointer);
    let assignable_scopes = scopes(reader, &members, node, pointer);
    let id = id(&members, reader);
    (reader.errors() == before).then_some(RoleDraft { id, name, description, permissions, assignable_scopes })
}

/// The members of an object. One that comes twice, or that looks like a misspelt list, would let something be allowed
/// that was not meant to be.
fn find(reader: &mut Reader, node: NodeId, pointer: &str) -> Members {
    let mut found: Members = vec![];
    for member in reader.tape.members(node) {
        let key = reader.tape.string(member.key).unwrap_or_default().into_owned();
        let at = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        match Part::of(&key) {
            Some(name) if get(&found, name).is_some() => {
                reader.error(member.key, &at, format!("`{key}` comes twice"), "keep one of the two");
            }
            Some(name) => found.push((name, member.value, at)),
            None => {
                let small = key.to_ascii_lowercase();
                if small.contains("action") || small.contains("scope") {
                    let help = "it is one of `Actions`, `NotActions`, `DataActions`, `NotDataActions`, `AssignableScopes`";
                    reader.error(member.key, &at, format!("a role definition has no `{key}`"), help);
                }
            }
        }
    }
    found
}

/// `roleName`, or `name` where that is no GUID: `az role definition list` has the GUID in `name`.
fn role_name(reader: &mut Reader, members: &Members, node: NodeId, pointer: &str) -> Option<String> {
    let Some((node, at)) = get(members, Part::RoleName).or_else(|| get(members, Part::Name)) else {
        reader.error(node, pointer, "the role has no name", "give it a `Name`");
        return None;
    };
    let text = reader.string(node, at, "the name")?;
    if text.trim().is_empty() {
        reader.error(node, at, "the name is empty", "");
    } else if text.trim() != text || text.contains(char::is_control) {
        reader.error(node, at, "the name has white space around it or control characters in it", "");
    } else if is_guid(&text) {
        reader.error(node, at, "the role has an id, but no name", "give it a `roleName`");
    }
    limit(reader, (node, at), &text, MAX_NAME, "name");
    Some(text)
}

fn limit(reader: &mut Reader, (node, at): (NodeId, &str), text: &str, most: usize, what: &str) {
    let count = text.chars().count();
    if count > most {
        reader.error(
            node,
            at,
            format!("the {what} has {count} characters"),
            &format!("Azure takes at most {most}"),
        );
    }
}

/// The last segment of `Id`, or of `name`, that is a GUID.
fn id(members: &Members, reader: &Reader) -> Option<String> {
    [Part::Id, Part::Name].into_iter().find_map(|name| {
        let text = reader.tape.string(get(members, name)?.0)?;
        let last = text.rsplit('/').next()?;
        is_guid(last).then(|| last.to_ascii_lowercase())
    })
}

fn permissions(reader: &mut Reader, members: &Members, node: NodeId, pointer: &str) -> Vec<Permission> {
    let Some((list, at)) = get(members, Part::Permissions) else {
        if get(members, Part::Actions).is_none() && get(members, Part::DataActions).is_none() {
            reader.error(
                node,
                pointer,
                "the role has no actions, so it would allow nothing",
                "list them in `Actions`",
            );
        }
        return vec![permission(reader, members)];
    };
    if reader.tape.kind(list) != NodeKind::Array {
        reader.error(list, at, "`permissions` must be a list of objects", "");
        return vec![];
    }
    let mut permissions = vec![];
    for element in reader.tape.elements(list) {
        let at = format!("{at}/{}", element.index);
        if reader.tape.kind(element.value) == NodeKind::Object {
            let inner = find(reader, element.value, &at);
            permissions.push(permission(reader, &inner));
        } else {
            reader.error(element.value, &at, "each entry of `permissions` must be an object", "");
        }
    }
    if reader.tape.elements(list).next().is_none() {
        reader.error(list, at, "the role has no permissions, so it would allow nothing", "");
    }
    permissions
}

fn permission(reader: &mut Reader, members: &Members) -> Permission {
    let mut list = |name: Part, words: &str| match get(members, name) {
        Some((node, at)) if reader.tape.kind(node) != NodeKind::Null => actions(reader, node, at, words),
        _ => vec![],
    };
    let actions = list(Part::Actions, "`Actions`");
    let not_actions = list(Part::NotActions, "`NotActions`");
    let data_actions = list(Part::DataActions, "`DataActions`");
    let not_data_actions = list(Part::NotDataActions, "`NotDataActions`");
    if !data_actions.is_empty()
        && let Some((node, at)) = get(members, Part::DataActions)
    {
        reader.warning(node, at, "data actions have no effect here: JIT access has none", "");
    }
    Permission { actions, not_actions, data_actions, not_data_actions }
}

fn actions(reader: &mut Reader, node: NodeId, pointer: &str, words: &str) -> Vec<String> {
    let texts = reader.strings(node, pointer, words);
    if texts.len() > MAX_ACTIONS {
        reader.error(
            node,
            pointer,
            format!("{words} has {} entries", texts.len()),
            &format!("at most {MAX_ACTIONS} are read"),
        );
        return vec![];
    }
    for (node, at, text) in &texts {
        if let Some((message, help)) = action_problem(text) {
            reader.error(*node, at, message, help);
        }
    }
    texts.into_iter().map(|(.., text)| text).collect()
}

/// What is wrong with an action: a pattern that can match nothing is one that someone relies on in vain.
fn action_problem(text: &str) -> Option<(String, &'static str)> {
    const FORM: &str =
        "an action reads `{provider}/{resource type}/{verb}`, as in `Microsoft.Compute/virtualMachines/read`";
    if text.is_empty() {
        return Some(("the action is empty".into(), FORM));
    }
    if text.len() > MAX_ACTION {
        return Some((format!("the action has {} characters", text.len()), "no provider has one as long"));
    }
    let known = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_' | '/' | '*');
    if let Some(odd) = text.chars().find(|char| !known(*char)) {
        return Some((format!("`{}` cannot stand in an action", odd.escape_default()), FORM));
    }
    if text.starts_with('/') || text.ends_with('/') || text.contains("//") {
        return Some((format!("`{text}` has an empty segment"), FORM));
    }
    let verb = text.rsplit('/').next().unwrap_or_default();
    let is_verb = ["read", "write", "delete", "action"].iter().any(|known| verb.eq_ignore_ascii_case(known));
    if !is_verb && !verb.ends_with('*') {
        let message = format!("`{text}` ends in no verb, so it matches no action");
        return Some((message, "end it in `/read`, `/write`, `/delete`, `/action` or `/*`"));
    }
    (is_verb && !text.contains('/')).then(|| (format!("`{text}` names no resource type"), FORM))
}

fn scopes(reader: &mut Reader, members: &Members, node: NodeId, pointer: &str) -> Vec<Scope> {
    let help =
        "list the subscriptions or resource groups where the role may be assigned in `AssignableScopes`";
    let Some((list, at)) = get(members, Part::AssignableScopes) else {
        reader.error(node, pointer, "the role may be assigned nowhere", help);
        return vec![];
    };
    let texts = reader.strings(list, at, "`AssignableScopes`");
    if reader.tape.kind(list) == NodeKind::Array && reader.tape.elements(list).next().is_none() {
        reader.error(list, at, "the role may be assigned nowhere", help);
    }
    let mut scopes: Vec<Scope> = vec![];
    for (node, at, text) in texts {
        match Scope::assignable(&text) {
            Ok(scope) => scopes.push(scope),
            Err(error) => reader.error(node, &at, format!("{error}"), ""),
        }
    }
    scopes
}
