//! `Microsoft.Authorization/roleDefinitions` and `roleAssignments`: who may do what, to be read.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Asked, RoleKind};
use crate::access::{RoleDefinition, Scope, action, built_in_roles};
use crate::ledger::filter::{self, Operator, wrong};
use crate::ledger::{Refusal, RoleAssignment};
use crate::order;
use crate::wire;

impl Asked<'_> {
    /// All of a scope that the caller may see, a page at a time; or one by its id.
    pub(super) fn roles(&self, kind: RoleKind, scope: &str, name: Option<&str>) -> Result<String, Refusal> {
        let invalid = || Refusal::new(404, "InvalidScope", format!("The scope '{scope}' is not valid."));
        let at = Scope::new(scope).ok_or_else(invalid)?;
        match (kind, name) {
            (RoleKind::Definitions, None) => self.definitions(&at),
            (RoleKind::Definitions, Some(id)) => {
                let found = self.all_roles().into_iter().find(|role| role.id.eq_ignore_ascii_case(id));
                let found = found.filter(|role| is_near(role, &at) && self.may_see(role, &at));
                found.map(|role| wire::role_definition(&role)).ok_or_else(|| {
                    let message = format!("The specified role definition with ID '{id}' does not exist.");
                    Refusal::new(404, "RoleDefinitionDoesNotExist", message)
                })
            }
            (RoleKind::Assignments, None) => self.assignments(&at),
            (RoleKind::Assignments, Some(id)) => {
                let found = self.state.role_assignment(id);
                let found = found.filter(|one| Scope::new(&one.scope).as_ref() == Some(&at));
                found.map(|one| wire::role_assignment(self.state, one)).ok_or_else(|| {
                    let message = format!("The role assignment '{id}' is not found.");
                    Refusal::new(404, "RoleAssignmentNotFound", message)
                })
            }
        }
    }

    /// Built in, and our own.
    fn all_roles(&self) -> Vec<RoleDefinition> {
        let own = self.state.role_definitions().map(|role| role.role());
        built_in_roles().iter().cloned().chain(own).collect()
    }

    /// The roles that may be assigned at a scope; below it as well, where that is asked for.
    fn definitions(&self, at: &Scope) -> Result<String, Refusal> {
        let wanted = Filter::of(self.query.filter())?;
        let mut roles = self.all_roles();
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(own))
        };
        let kind = |role: &RoleDefinition| if role.built_in { "BuiltInRole" } else { "CustomRole" };
        roles.retain(|role| {
            let here = if wanted.below { is_near(role, at) } else { role.is_assignable_at(at) };
            let named = is(&wanted.role_name, &role.name) && is(&wanted.kind, kind(role));
            here && named && self.may_see(role, at)
        });
        order::sort_by(&mut roles, |one, other| one.id.cmp(&other.id));
        self.paged(&roles, |role| &role.id, wire::role_definition)
    }

    /// The assignments that count at a scope: those above it, at it, and below it unless that is not asked for.
    fn assignments(&self, at: &Scope) -> Result<String, Refusal> {
        let wanted = Filter::of(self.query.filter())?;
        let here = self.caller.may(action::ROLE_ASSIGNMENT_READ, at);
        let visible = |one: &&Arc<RoleAssignment>| {
            let Some(scope) = Scope::new(&one.scope) else { return false };
            let (above, below) = (scope.contains(at), at.contains(&scope));
            (above || (below && !wanted.only_here))
                && wanted.principal.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(&one.principal_id))
                && ((here && above) || self.caller.may(action::ROLE_ASSIGNMENT_READ, &scope))
        };
        // By id, as the state has them.
        let all: Vec<_> = self.state.role_assignments().filter(visible).collect();
        self.paged(&all, |one| &one.id, |one| wire::role_assignment(self.state, one))
    }

    /// The same of a list of which nothing can be asked for.
    pub(super) fn listed<T>(
        &self,
        all: &[T],
        id: impl Fn(&T) -> &str,
        shown: impl Fn(&T) -> String,
    ) -> Result<String, Refusal> {
        self.query.unfiltered()?;
        self.paged(all, id, shown)
    }

    /// A page of what is in the order of its ids.
    pub(super) fn paged<T>(
        &self,
        all: &[T],
        id: impl Fn(&T) -> &str,
        shown: impl Fn(&T) -> String,
    ) -> Result<String, Refusal> {
        let key = |one: &T| id(one).to_ascii_lowercase();
        let after = self.query.after()?;
        let begin = after.map_or(0, |after| all.partition_point(|one| key(one) <= after));
        let rest = all.get(begin..).unwrap_or_default();
        let (now, later) = rest.split_at_checked(self.query.page(self.page)?).unwrap_or((rest, &[]));
        let [origin, path] = self.address;
        let next = now.last().filter(|_| !later.is_empty());
        let next = next.map(|last| self.query.next_link(origin, path, &key(last)));
        Ok(wire::page(now.iter().map(shown), &[], next.as_deref()))
    }

    /// Built-in roles are no secret; of others, those may know who may read them there or where they may be assigned.
    fn may_see(&self, role: &RoleDefinition, at: &Scope) -> bool {
        let may = |scope: &Scope| self.caller.may(action::ROLE_DEFINITION_READ, scope);
        role.built_in || may(at) || role.assignable_scopes.iter().any(may)
    }
}

/// True where the role may be assigned at the scope or somewhere below.
fn is_near(role: &RoleDefinition, at: &Scope) -> bool {
    role.is_assignable_at(at) || role.assignable_scopes.iter().any(|scope| at.contains(scope))
}

/// What a `$filter` asks for.
#[derive(Default)]
struct Filter {
    /// Nothing from below the scope.
    only_here: bool,
    /// What is below it, too.
    below: bool,
    principal: Option<String>,
    role_name: Option<String>,
    kind: Option<String>,
}

impl Filter {
    fn of(filter: Option<&str>) -> Result<Self, Refusal> {
        let mut asked = Self::default();
        for text in filter.map(conditions).unwrap_or_default() {
            let lower = text.to_ascii_lowercase();
            if lower == "atscope()" {
                asked.only_here = true;
            } else if lower == "atscopeandbelow()" {
                asked.below = true;
            } else if let Some(id) = lower.strip_prefix("assignedto('").and_then(|id| id.strip_suffix("')")) {
                // Of groups nothing is known here.
                asked.principal = Some(id.to_owned());
            } else {
                for condition in filter::parse(text)? {
                    let value = match (condition.name.as_str(), condition.operator) {
                        ("principalid", Operator::Equal) => &mut asked.principal,
                        ("rolename", Operator::Equal) => &mut asked.role_name,
                        ("type", Operator::Equal) => &mut asked.kind,
                        (name, _) => {
                            return Err(wrong(&format!("'{name}' cannot be asked for in that way.")));
                        }
                    };
                    *value = Some(condition.value);
                }
            }
        }
        Ok(asked)
    }
}

/// The conditions of a filter, which `and` joins; not where it is in quotes.
fn conditions(text: &str) -> Vec<&str> {
    let lower = text.to_ascii_lowercase();
    let (mut all, mut begin, mut looked, mut quotes) = (Vec::new(), 0_usize, 0_usize, 0_usize);
    for (at, and) in lower.match_indices(" and ") {
        let new = text.get(looked..at).unwrap_or_default();
        quotes = quotes.saturating_add(new.matches('\'').count());
        looked = at;
        if quotes % 2 == 0 {
            all.push(text.get(begin..at).unwrap_or_default().trim());
            begin = at.saturating_add(and.len());
        }
    }
    all.push(text.get(begin..).unwrap_or_default().trim());
    all
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::conditions;

    #[test]
    fn conditions_are_told_apart() {
        for (text, expected) in [
            ("atScope()", vec!["atScope()"]),
            ("atScope() AND assignedTo('a')", vec!["atScope()", "assignedTo('a')"]),
            (
                "roleName eq 'this and that' and type eq 'x'",
                vec!["roleName eq 'this and that'", "type eq 'x'"],
            ),
            ("roleName eq 'it''s and that' ", vec!["roleName eq 'it''s and that'"]),
            ("a and b and c", vec!["a", "b", "c"]),
            ("a and and b", vec!["a", "and b"]),
            ("a eq 'x and ' and b", vec!["a eq 'x and '", "b"]),
        ] {
            assert_eq!(conditions(text), expected, "{text}");
        }
    }

    /// With the square of the length it would take many minutes.
    #[test]
    fn a_long_filter_is_told_apart_as_well() {
        let quoted = alloc::format!("a eq '{}'", " and ".repeat(500_000));
        assert_eq!(conditions(&quoted), [&*quoted]);
        assert_eq!(conditions(&"a and ".repeat(500_000)).len(), 500_001);
    }
}
