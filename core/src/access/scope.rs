//! Scopes: where a role is assigned. Azure's ids are compared segment by segment, without regard to case.

use alloc::string::{String, ToString};
use core::fmt;

/// The place in Azure's tree at which something is asked or assigned: `/`, a subscription, a resource group, a
/// resource. Two scopes that differ in case alone are equal.
#[derive(Clone, Debug)]
pub struct Scope {
    /// With a slash in front and none at the end, but for the root, which is `/`.
    text: String,
}

/// Why a text is no scope that a role can be assigned at. [`fmt::Display`] says it in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeError {
    /// No slash in front.
    NoSlash,
    /// Two slashes in a row, white space, or a control character.
    Untidy,
    /// `{subscriptionId}` and its like, still to be filled in.
    Placeholder,
    /// A management group.
    ManagementGroup,
    /// What stands where the subscription's id is due.
    SubscriptionId(String),
    /// Something else than a subscription, a resource group or a resource.
    Form,
}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlash => f.write_str("a scope starts with `/`, as in `/subscriptions/{id}`"),
            Self::Untidy => f.write_str("a scope has no empty segments, white space or control characters"),
            Self::Placeholder => f.write_str("this is a placeholder: put the real id in its place"),
            Self::ManagementGroup => f.write_str("jitgate knows no management groups; name the subscriptions"),
            Self::SubscriptionId(id) => write!(f, "`{id}` is no subscription id: it must be a GUID"),
            Self::Form => f.write_str(
                "a scope is `/`, `/subscriptions/{id}`, `/subscriptions/{id}/resourceGroups/{name}` or the id of a resource in one",
            ),
        }
    }
}

impl core::error::Error for ScopeError {}

impl Scope {
    /// `/`: above everything.
    pub fn root() -> Self {
        Self { text: "/".to_string() }
    }

    /// The scope of a path, as of a call to Resource Manager; a slash at the end is dropped. None for a path that
    /// has no slash in front, or an empty segment, `.` or `..` in it. Percent-encoding must have been taken away.
    pub fn new(path: &str) -> Option<Self> {
        let trimmed = path.strip_suffix('/').unwrap_or(path);
        let segments = match trimmed.strip_prefix('/') {
            Some(segments) => segments,
            None if path == "/" => return Some(Self::root()),
            None => return None,
        };
        let tidy = segments.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
        tidy.then(|| Self { text: trimmed.to_string() })
    }

    /// A scope that a role can be assigned at.
    pub fn assignable(text: &str) -> Result<Self, ScopeError> {
        if !text.starts_with('/') {
            return Err(ScopeError::NoSlash);
        }
        if text.contains(['{', '}', '<', '>', '$']) {
            return Err(ScopeError::Placeholder);
        }
        let odd = |char: char| char.is_whitespace() || char.is_control();
        let scope = Self::new(text).filter(|_| !text.contains(odd)).ok_or(ScopeError::Untidy)?;
        scope.form()?;
        Ok(scope)
    }

    /// As it was first written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True for `/`.
    pub fn is_root(&self) -> bool {
        self.text == "/"
    }

    /// True when the other scope is this one or lies below it.
    pub fn contains(&self, other: &Self) -> bool {
        let mut others = other.segments();
        self.segments().all(|own| others.next().is_some_and(|segment| segment.eq_ignore_ascii_case(own)))
    }

    /// The subscription's id, as it was written.
    pub fn subscription(&self) -> Option<&str> {
        let mut segments = self.segments();
        segments.next().filter(|first| first.eq_ignore_ascii_case("subscriptions"))?;
        segments.next()
    }

    /// The resource group's name, as it was written.
    pub fn resource_group(&self) -> Option<&str> {
        self.subscription()?;
        let mut segments = self.segments().skip(2);
        segments.next().filter(|third| third.eq_ignore_ascii_case("resourceGroups"))?;
        segments.next()
    }

    /// Whether it is one of the forms that Azure has.
    fn form(&self) -> Result<(), ScopeError> {
        let is = |segment: &str, word: &str| segment.eq_ignore_ascii_case(word);
        let mut segments = self.segments();
        match (segments.next(), segments.next()) {
            (None, _) => return Ok(()),
            (Some(first), Some(id)) if is(first, "subscriptions") => {
                if !is_guid(id) {
                    return Err(ScopeError::SubscriptionId(id.to_string()));
                }
            }
            (Some(first), Some(provider))
                if is(first, "providers") && is(provider, "Microsoft.Management") =>
            {
                return Err(ScopeError::ManagementGroup);
            }
            _ => return Err(ScopeError::Form),
        }
        let mut rest = segments.clone();
        if rest.next().is_some_and(|segment| is(segment, "resourceGroups")) && rest.next().is_some() {
            segments = rest;
        }
        let mut rest = segments.clone();
        // `providers/{namespace}`, then pairs of type and name, at least one.
        let whole = match rest.next() {
            None => true,
            Some(first) => is(first, "providers") && rest.next().is_some() && pairs(rest),
        };
        if whole { Ok(()) } else { Err(ScopeError::Form) }
    }

    fn segments(&self) -> impl Iterator<Item = &str> + Clone {
        self.text.split('/').filter(|segment| !segment.is_empty())
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for Scope {}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// True for one or more pairs.
fn pairs<'a>(mut segments: impl Iterator<Item = &'a str>) -> bool {
    let mut found = false;
    while segments.next().is_some() {
        found = segments.next().is_some();
        if !found {
            break;
        }
    }
    found
}

/// True for a GUID in the usual form: `8-4-4-4-12` hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    let mut groups = text.split('-');
    let sizes = [8, 4, 4, 4, 12];
    let fits = sizes.iter().all(|&size| {
        groups
            .next()
            .is_some_and(|group| group.len() == size && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    fits && groups.next().is_none()
}
