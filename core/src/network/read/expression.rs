//! Expressions of templates, as far as names and ids need them: a resource's name and a reference to it come
//! out alike, though their parameters are not known. What cannot be computed stands for itself.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::kind::member;
use super::{Oddity, Reader};
use crate::json::{NodeId, NodeKind, Tape};
use crate::names::Names;

/// The parameters and variables of a template.
#[derive(Debug)]
pub(super) struct Scope<'t> {
    /// Parameters, variables, and the parameters that a nested template is given, which are expressions of the
    /// template around it.
    names: Names<'t, NodeId>,
    outer: Option<usize>,
    /// What ids begin with that tell neither subscription nor resource group.
    base: String,
}

const PARAMETER: u16 = 0;
const VARIABLE: u16 = 1;
const PASSED: u16 = 2;

/// More calls than any name needs; and the longest text that is looked at or made.
const MOST_CALLS: u32 = 200;
const LONGEST: usize = 4096;
/// Parameters that are given by variables that are made of others, and so on.
const DEEPEST: u32 = 24;

impl Reader<'_, '_> {
    /// Enters a template, where the object is one.
    pub(super) fn enter(&mut self, node: NodeId) {
        if member(self.tape, node, "resources").is_some() {
            self.push(node, None);
        }
    }

    /// Enters a nested template. Unless it says `inner`, its expressions are those of the one around it.
    pub(super) fn enter_nested(&mut self, deployment: NodeId, template: NodeId) {
        let [passed, options] = self.fields(deployment, &["parameters", "expressionEvaluationOptions"]);
        let scope = options.and_then(|options| member(self.tape, options, "scope"));
        let inner = scope.and_then(|scope| self.tape.string(scope));
        if inner.is_some_and(|scope| scope.eq_ignore_ascii_case("inner")) {
            self.push(template, passed);
        }
    }

    /// What the ids of resources begin with that a nested template makes. A place that is not known stands for itself, and so is
    /// no other.
    pub(super) fn deployed_to(&mut self, deployment: NodeId) -> String {
        let told = ["scope", "subscriptionId", "resourceGroup"].map(|name| {
            let told = member(self.tape, deployment, name).and_then(|node| self.name(node));
            told.filter(|told| !told.is_empty())
        });
        let base = &self.base;
        match told {
            [Some(scope), ..] => within(base, &scope),
            [None, Some(subscription), None] if !is_own(&subscription, SUBSCRIPTION) => {
                ["/subscriptions/", &subscription].concat()
            }
            [None, _, None] => base.clone(),
            [None, subscription, Some(group)] => place(base, subscription.as_deref(), &group),
        }
    }

    fn push(&mut self, template: NodeId, passed: Option<NodeId>) {
        let tape = self.tape;
        let mut names = Names::of_any_case(0);
        for (node, number) in [
            (member(tape, template, "parameters"), PARAMETER),
            (member(tape, template, "variables"), VARIABLE),
            (passed, PASSED),
        ] {
            for member in node.into_iter().flat_map(|node| tape.members(node)) {
                names.insert(tape.string(member.key).unwrap_or_default(), number, member.value);
            }
        }
        self.scopes.push(Scope { names, outer: self.scope, base: self.base.clone() });
        self.scope = self.scopes.len().checked_sub(1);
    }

    /// A string that names something: as it is, or what its expression comes to.
    pub(super) fn name(&mut self, node: NodeId) -> Option<String> {
        let text = self.tape.string(node)?;
        let Some(expression) = expression(&text) else { return Some(text.into_owned()) };
        Some(self.evaluate(node, expression).0)
    }

    /// A string whose value counts: as it is, or what literals and variables alone come to. Parameters do not
    /// count, since they may be given another value than their default.
    pub(super) fn literal(&mut self, node: NodeId, text: &str) -> Option<String> {
        let (text, exact) = self.evaluate(node, expression(text)?);
        exact.then_some(text)
    }

    fn evaluate(&mut self, node: NodeId, expression: &str) -> (String, bool) {
        let mut run = Run {
            tape: self.tape,
            scopes: &self.scopes,
            calls: MOST_CALLS,
            strict: self.strict,
            exact: true,
            cyclic: false,
        };
        let value = run.evaluate(expression, self.scope, 0);
        let (exact, cyclic) = (run.exact, run.cyclic);
        if cyclic {
            self.fact(node, Oddity::Cycle);
        }
        (value, exact)
    }
}

/// What stands in the brackets of an expression; none for any other text.
fn expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (!inner.starts_with('[')).then_some(inner)
}

/// The id of a template's resource: `/providers/A/b/x/c/y` for the type `A/b/c` and the name `x/y`.
pub(super) fn resource_id(of: &str, name: &str) -> String {
    let mut id = String::from("/providers/");
    let (provider, kinds) = of.split_once('/').unwrap_or((of, ""));
    id.push_str(provider);
    let mut names = name.split('/');
    let count = kinds.split('/').count();
    for (index, kind) in kinds.split('/').enumerate() {
        id.push('/');
        id.push_str(kind);
        id.push('/');
        // More names than kinds: an expression with a slash in it.
        if index.checked_add(1) == Some(count) {
            id.push_str(&names.by_ref().collect::<Vec<_>>().join("/"));
        } else {
            id.push_str(names.next().unwrap_or(""));
        }
    }
    id
}

/// One evaluation.
struct Run<'r, 't> {
    tape: &'r Tape<'t>,
    scopes: &'r [Scope<'t>],
    calls: u32,
    strict: bool,
    /// Nothing but literals and variables was used.
    exact: bool,
    cyclic: bool,
}

impl Run<'_, '_> {
    /// The value of an expression; the expression itself, without its white space, where it has none here.
    fn evaluate(&mut self, text: &str, scope: Option<usize>, depth: u32) -> String {
        let text = text.trim();
        let value = if text.len() <= LONGEST { self.value(text, scope, depth) } else { None };
        let value = value.filter(|value| value.len() <= LONGEST);
        value.unwrap_or_else(|| {
            self.exact = false;
            text.chars().filter(|char| !char.is_whitespace()).take(LONGEST).collect()
        })
    }

    fn value(&mut self, text: &str, scope: Option<usize>, depth: u32) -> Option<String> {
        self.calls = self.calls.checked_sub(1)?;
        if let Some(quoted) = text.strip_prefix('\'') {
            let inner = quoted.strip_suffix('\'')?;
            // A quote in a string is written twice; one alone ends it.
            let inner = inner.replace("''", "\u{0}");
            return (!inner.contains('\'')).then(|| inner.replace('\u{0}', "'"));
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text.into());
        }
        let (function, rest) = text.split_once('(')?;
        let arguments = arguments(rest)?;
        let is = |name: &str| function.trim().eq_ignore_ascii_case(name);
        if is("variables") || is("parameters") {
            let [name] = arguments.as_slice() else { return None };
            let name = self.evaluate(name, scope, depth);
            if depth == DEEPEST {
                self.cyclic = true;
                return None;
            }
            let deeper = depth.saturating_add(1);
            return if is("variables") {
                self.string(self.find(scope?, &name, VARIABLE)?, scope, deeper)
            } else {
                self.parameter(&name, scope?, deeper)
            };
        }
        if (is("true") || is("false")) && arguments.is_empty() {
            return Some(function.trim().to_ascii_lowercase());
        }
        if is("length") {
            let [of] = arguments.as_slice() else { return None };
            return self.length(of, scope, depth);
        }
        let known = ["concat", "resourceId", "extensionResourceId", "format", "toLower", "toUpper"];
        if !known.into_iter().any(is) {
            return None;
        }
        let values: Vec<String> =
            arguments.into_iter().map(|argument| self.evaluate(argument, scope, depth)).collect();
        if is("concat") {
            return Some(values.concat());
        }
        if is("resourceId") {
            return id_of(self.base(scope), &values);
        }
        if is("extensionResourceId") {
            let (of, values) = values.split_first()?;
            return id_of(&within(self.base(scope), of), values);
        }
        if is("format") {
            let (pattern, values) = values.split_first()?;
            return values.iter().zip(0_u32..).try_fold(pattern.clone(), |text, (value, index)| {
                let text = text.replace(&alloc::format!("{{{index}}}"), value);
                (text.len() <= LONGEST).then_some(text)
            });
        }
        let [value] = values.as_slice() else { return None };
        // Names are ASCII. Of other letters it is not known what the service makes of them.
        let lower = || if is("toLower") { value.to_ascii_lowercase() } else { value.to_ascii_uppercase() };
        value.is_ascii().then(lower)
    }

    fn base(&self, scope: Option<usize>) -> &str {
        scope.and_then(|scope| self.scopes.get(scope)).map_or("", |scope| &scope.base)
    }

    /// How many a list of variables or of literals has: so templates tell how many there are to be.
    fn length(&mut self, of: &str, scope: Option<usize>, depth: u32) -> Option<String> {
        let (function, rest) = of.split_once('(')?;
        let arguments = arguments(rest)?;
        let is = |name: &str| function.trim().eq_ignore_ascii_case(name);
        match arguments.as_slice() {
            [name] if is("variables") => {
                let name = self.evaluate(name, scope, depth);
                let list = self.find(scope?, &name, VARIABLE)?;
                let is_list = self.tape.kind(list) == NodeKind::Array;
                is_list.then(|| self.tape.elements(list).count().to_string())
            }
            [_, count] if is("range") => Some(self.evaluate(count, scope, depth)),
            all if is("createArray") => Some(all.len().to_string()),
            _ => None,
        }
    }

    fn find(&self, scope: usize, name: &str, number: u16) -> Option<NodeId> {
        self.scopes.get(scope)?.names.get(name, number).copied()
    }

    fn parameter(&mut self, name: &str, scope: usize, depth: u32) -> Option<String> {
        self.exact = false;
        let passed = self.find(scope, name, PASSED);
        if let Some(value) = passed.and_then(|passed| member(self.tape, passed, "value")) {
            return self.string(value, self.scopes.get(scope)?.outer, depth);
        }
        if self.strict {
            return None;
        }
        let default = member(self.tape, self.find(scope, name, PARAMETER)?, "defaultValue")?;
        self.string(default, Some(scope), depth)
    }

    fn string(&mut self, node: NodeId, scope: Option<usize>, depth: u32) -> Option<String> {
        let text = match self.tape.kind(node) {
            NodeKind::Number | NodeKind::True | NodeKind::False => Cow::Borrowed(self.tape.raw(node)),
            _ => self.tape.string(node)?,
        };
        Some(match expression(&text) {
            Some(inner) => self.evaluate(inner, scope, depth),
            None => text.into_owned(),
        })
    }
}

/// What `resourceId` gives: relative to the subscription and group of the template, unless others are told.
fn id_of(base: &str, values: &[String]) -> Option<String> {
    let at = values
        .iter()
        .position(|value| value.contains('/') && value.contains('.') && !value.starts_with('/'))?;
    let (before, rest) = values.split_at_checked(at)?;
    let (of, names) = rest.split_first()?;
    let base = match before {
        [] => base.into(),
        [group] => place(base, None, group),
        [.., subscription, group] => place(base, Some(subscription), group),
    };
    Some([base, resource_id(of, &names.join("/"))].concat())
}

/// What is meant where they are left out.
const SUBSCRIPTION: &str = "subscription().subscriptionId";
const GROUP: &str = "resourceGroup().name";

fn is_own(text: &str, own: &str) -> bool {
    text.eq_ignore_ascii_case(own)
}

/// What ids begin with in a resource group, as seen from a template at that base.
fn place(base: &str, subscription: Option<&str>, group: &str) -> String {
    let subscription = subscription.filter(|text| !is_own(text, SUBSCRIPTION)).unwrap_or(SUBSCRIPTION);
    let group = if is_own(group, GROUP) { GROUP } else { group };
    within(base, &alloc::format!("/subscriptions/{subscription}/resourceGroups/{group}"))
}

/// The same of the id of a subscription or a group, or of what stands for it.
fn within(base: &str, scope: &str) -> String {
    let at = base.find("/resourceGroups/").unwrap_or(base.len());
    let (subscription, group) = base.split_at_checked(at).unwrap_or((base, ""));
    let scope =
        scope.trim_end_matches('/').replace(&["/subscriptions/", SUBSCRIPTION].concat(), subscription);
    scope.replace(&["/resourceGroups/", GROUP].concat(), group)
}

/// The arguments of a call, whose closing bracket ends the text.
fn arguments(rest: &str) -> Option<Vec<&str>> {
    let inner = rest.strip_suffix(')')?;
    let (mut found, mut start, mut depth, mut quoted) = (Vec::new(), 0_usize, 0_u32, false);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            _ if quoted => {}
            b'(' | b'[' => depth = depth.checked_add(1)?,
            b')' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                found.push(inner.get(start..at)?.trim());
                start = at.checked_add(1)?;
            }
            _ => {}
        }
    }
    let last = inner.get(start..)?.trim();
    if !last.is_empty() || !found.is_empty() {
        found.push(last);
    }
    (depth == 0 && !quoted).then_some(found)
}
