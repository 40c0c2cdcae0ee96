//! Lists of tokens, roles and assignments, for people and for programs.

use jitgate_core::Timestamp;
use jitgate_core::ledger::{Credential, State};
use jitgate_core::rules::words::is_hidden;
use serde_json::{Value, json};

use crate::auth::role;
use crate::outcome::Text;

/// Columns, each as wide as its longest cell; characters that could hide something are shown escaped.
pub fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Text {
    let clean = |cell: String| -> String {
        let shown =
            |char: char| if is_hidden(char) { char.escape_default().to_string() } else { char.to_string() };
        cell.chars().map(shown).collect()
    };
    let mut lines: Vec<[String; N]> = vec![heads.map(String::from)];
    lines.extend(rows.map(|row| row.map(clean)));
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text += cells.join("  ").trim_end();
        text += "\n";
    }
    Text::Styled(text)
}

/// An array, a line an element.
pub fn list_of(items: impl Iterator<Item = Value>) -> Text {
    let mut text = serde_json::to_string_pretty(&items.collect::<Vec<_>>()).unwrap_or_default();
    text += "\n";
    Text::Exact(text.into_bytes())
}

/// A token without its digest: `{"id", "name", "principal", "roles", "issued", "expires"?, "revoked"?, "status"}`.
pub fn credential(state: &State, one: &Credential, now: Timestamp) -> Value {
    let mut value = json!({
        "id": one.id,
        "name": one.name,
        "principal": {"id": &*one.principal.id, "name": &*one.principal.name, "kind": one.principal.kind.as_str()},
        "roles": roles(state, &one.id),
        "issued": one.issued.to_string(),
        "status": status(one, now),
    });
    if let Some(members) = value.as_object_mut() {
        for (name, time) in [("expires", one.expires), ("revoked", one.revoked)] {
            if let Some(time) = time {
                members.insert(name.to_owned(), time.to_string().into());
            }
        }
    }
    value
}

/// `Role at scope`, for each assignment.
pub fn roles(state: &State, principal: &str) -> Vec<String> {
    let own = state.role_assignments().filter(|one| one.principal_id.eq_ignore_ascii_case(principal));
    own.map(|one| format!("{} at {}", role_name(state, &one.role_definition_id), one.scope)).collect()
}

/// The role's name; its id where it is gone.
pub fn role_name(state: &State, id: &str) -> String {
    role(state, id).map_or_else(|| id.to_owned(), |role| role.name.clone())
}

/// `valid`, `valid until …`, `expired` or `revoked`.
pub fn status(one: &Credential, now: Timestamp) -> String {
    match (one.revoked, one.expires) {
        (Some(_), _) => "revoked".to_owned(),
        (None, Some(end)) if end <= now => "expired".to_owned(),
        (None, Some(end)) => format!("valid until {end}"),
        (None, None) => "valid".to_owned(),
    }
}
