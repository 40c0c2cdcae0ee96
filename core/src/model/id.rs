//! Resource ids: of the machines in a policy, and of the policy itself. Azure compares them without
//! regard to case.

use alloc::borrow::Cow;

use crate::part::{self, AnyCase};

/// A machine's id as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdText<'t> {
    /// `/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Compute/virtualMachines/{name}`
    Machine(MachineId<'t>),
    /// The same with white space around it or a slash at its end, without them.
    Untidy(MachineId<'t>),
    /// Anything else.
    Odd(OddId, Cow<'t, str>),
}

/// What stands where a machine's id is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddId {
    /// A classic machine: `Microsoft.ClassicCompute/virtualMachines`.
    Classic,
    /// The well-formed id of another resource.
    OtherResource,
    /// A bare name.
    Name,
    /// Nothing.
    Empty,
    /// None of these.
    Other,
}

/// The id of a virtual machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineId<'t> {
    text: Cow<'t, str>,
    subscription: Span,
    resource_group: Span,
    name: Span,
}

type Span = (u16, u16);

impl<'t> IdText<'t> {
    /// Reads an id.
    pub fn parse(text: Cow<'t, str>) -> Self {
        match MachineId::parse(text) {
            Ok(id) => Self::Machine(id),
            Err(text) => odd(text),
        }
    }

    /// As [`Self::parse`]. At once where it differs from another machine's id in the name alone, as nearly all of
    /// one policy do.
    #[inline]
    pub fn parse_after(text: Cow<'t, str>, other: &MachineId<'t>) -> Self {
        match other.sibling(&text) {
            Some(name) => {
                let (subscription, resource_group) = (other.subscription, other.resource_group);
                Self::Machine(MachineId { text, subscription, resource_group, name })
            }
            None => Self::parse(text),
        }
    }

    /// The id, if it is a machine's, tidy or not.
    #[inline]
    pub fn machine(&self) -> Option<&MachineId<'t>> {
        match self {
            Self::Machine(id) | Self::Untidy(id) => Some(id),
            Self::Odd(..) => None,
        }
    }

    /// As it is written, but for what is untidy.
    pub fn text(&self) -> &str {
        match self {
            Self::Machine(id) | Self::Untidy(id) => id.text(),
            Self::Odd(_, text) => text,
        }
    }
}

impl<'t> MachineId<'t> {
    /// The id of that text, or the text back.
    fn parse(text: Cow<'t, str>) -> Result<Self, Cow<'t, str>> {
        let spans = {
            let parts = Parts::parse(&text);
            parts.filter(|parts| {
                parts.provider.same_in_any_case("Microsoft.Compute")
                    && parts.kind.same_in_any_case("virtualMachines")
                    && parts.rest.is_empty()
                    && !text.ends_with(char::is_whitespace)
            })
        };
        match spans {
            Some(parts) => {
                let (subscription, resource_group, name) =
                    (parts.subscription_span, parts.resource_group_span, parts.name_span);
                Ok(Self { text, subscription, resource_group, name })
            }
            None => Err(text),
        }
    }

    /// Where the name stands in an id that is like this one up to there.
    #[inline]
    fn sibling(&self, text: &str) -> Option<Span> {
        let start = self.name.0;
        let (before, name) = text.split_at_checked(start.into())?;
        let own = self.text.get(..usize::from(start))?;
        let fits = part::same(own, before)
            && name.bytes().all(|byte| matches!(byte, b'!'..=b'~') && byte != b'/')
            && !name.is_empty();
        fits.then_some((start, u16::try_from(text.len()).ok()?))
    }

    /// The whole id.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The subscription's id.
    pub fn subscription(&self) -> &str {
        slice(&self.text, self.subscription)
    }

    /// The resource group's name.
    pub fn resource_group(&self) -> &str {
        slice(&self.text, self.resource_group)
    }

    /// The machine's own name.
    pub fn name(&self) -> &str {
        slice(&self.text, self.name)
    }
}

/// The parts of a policy's own id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyId<'a> {
    /// The subscription's id.
    pub subscription: &'a str,
    /// The resource group's name.
    pub resource_group: &'a str,
    /// The region.
    pub location: &'a str,
    /// The policy's name.
    pub name: &'a str,
}

impl<'a> PolicyId<'a> {
    /// `/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.Security/locations/{l}/jitNetworkAccessPolicies/{name}`
    pub fn parse(text: &'a str) -> Option<Self> {
        let parts = Parts::parse(text)?;
        let (kind, name) = parts.rest.strip_prefix('/')?.split_once('/')?;
        let fits = parts.provider.same_in_any_case("Microsoft.Security")
            && parts.kind.same_in_any_case("locations")
            && kind.same_in_any_case("jitNetworkAccessPolicies")
            && !name.is_empty()
            && !part::has(name, '/');
        fits.then(|| Self {
            subscription: slice(text, parts.subscription_span),
            resource_group: slice(text, parts.resource_group_span),
            location: slice(text, parts.name_span),
            name,
        })
    }
}

/// The parts that the ids of all resources share.
struct Parts<'a> {
    subscription_span: Span,
    resource_group_span: Span,
    provider: &'a str,
    kind: &'a str,
    name_span: Span,
    /// From the slash behind the name.
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let end = u16::try_from(text.len()).ok()?;
        // The slash before each of the eight segments, and the one behind them: one pass over the bytes.
        let mut slashes = [end; 9];
        let mut free = slashes.iter_mut();
        for (at, _) in (0_u16..).zip(text.bytes()).filter(|&(_, byte)| byte == b'/') {
            match free.next() {
                Some(slash) => *slash = at,
                None => break,
            }
        }
        let [first, s1, s2, s3, s4, s5, s6, s7, rest] = slashes;
        let span = |from: u16, to: u16| Some((from.checked_add(1)?, to)).filter(|(from, to)| from < to);
        let is = |span: Span, word: &str| slice(text, span).same_in_any_case(word);
        let shape = first == 0
            && is(span(first, s1)?, "subscriptions")
            && is(span(s2, s3)?, "resourceGroups")
            && is(span(s4, s5)?, "providers");
        shape.then_some(())?;
        Some(Self {
            subscription_span: span(s1, s2)?,
            resource_group_span: span(s3, s4)?,
            provider: slice(text, span(s5, s6)?),
            kind: slice(text, span(s6, s7)?),
            name_span: span(s7, rest)?,
            rest: slice(text, (rest, end)),
        })
    }
}

/// The id without white space around it and slashes at its end.
pub fn tidy(text: &str) -> &str {
    text.trim_start().trim_end_matches(|char: char| char == '/' || char.is_whitespace())
}

#[inline(never)]
fn slice(text: &str, (start, end): Span) -> &str {
    text.get(usize::from(start)..usize::from(end)).unwrap_or("")
}

#[cold]
fn odd(text: Cow<str>) -> IdText {
    let tidy = tidy(&text);
    if tidy.len() != text.len()
        && let Ok(id) = MachineId::parse(Cow::Owned(tidy.into()))
    {
        return IdText::Untidy(id);
    }
    let odd = match Parts::parse(&text) {
        _ if tidy.is_empty() => OddId::Empty,
        Some(parts) if parts.provider.same_in_any_case("Microsoft.ClassicCompute") => OddId::Classic,
        Some(_) => OddId::OtherResource,
        None if !part::has(&text, '/') => OddId::Name,
        None => OddId::Other,
    };
    IdText::Odd(odd, text)
}

#[cfg(test)]
mod tests {
    use alloc::borrow::Cow;

    use super::{IdText, OddId, PolicyId};

    const VM: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1";

    #[test]
    fn parts() {
        let id = IdText::parse(Cow::Borrowed(VM));
        let id = id.machine().unwrap();
        assert_eq!((id.subscription(), id.resource_group(), id.name()), ("s", "g", "vm1"));
        let upper = VM.to_ascii_uppercase();
        assert!(IdText::parse(Cow::Borrowed(&upper)).machine().is_some());
        let policy = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default";
        let policy = PolicyId::parse(policy).unwrap();
        assert_eq!((policy.resource_group, policy.location, policy.name), ("g", "westeurope", "default"));
        assert_eq!(PolicyId::parse(VM), None);
    }

    #[test]
    fn siblings_are_read_as_any_other() {
        let first = IdText::parse(Cow::Borrowed(VM));
        let first = first.machine().unwrap();
        let start = VM.strip_suffix("vm1").unwrap();
        for end in ["", "v", "vm1", "vm22", "vm1/", "vm1/x", "vm 1", "vm1 ", " ", "é", "/", "\u{1}"] {
            for start in [start, start.strip_suffix('/').unwrap(), "", &start.to_ascii_uppercase()] {
                let text = alloc::format!("{start}{end}");
                let text = || Cow::Borrowed(&*text);
                assert_eq!(IdText::parse_after(text(), first), IdText::parse(text()), "{start}{end}");
            }
        }
    }

    #[test]
    fn odd() {
        let check = |text: &str, expected| match IdText::parse(Cow::Borrowed(text)) {
            IdText::Odd(odd, _) => assert_eq!(odd, expected, "{text}"),
            IdText::Machine(_) | IdText::Untidy(_) => panic!("{text} is taken for a machine's id"),
        };
        check("", OddId::Empty);
        check("vm1", OddId::Name);
        check(&alloc::format!("{VM}/extensions/x"), OddId::OtherResource);
        check(&VM.replace("Compute", "ClassicCompute"), OddId::Classic);
        check(&VM.replace("virtualMachines", "virtualMachineScaleSets"), OddId::OtherResource);
        check(&VM.replace("/s/", "//"), OddId::Other);
    }

    #[test]
    fn untidy() {
        for text in ["{VM}/", " {VM}", "{VM} ", "{VM} / ", "\u{a0}{VM}//"] {
            let text = text.replace("{VM}", VM);
            let id = IdText::parse(Cow::Borrowed(&text));
            assert!(matches!(id, IdText::Untidy(_)), "{text}");
            assert_eq!(id.machine().map(|id| (id.text(), id.name())), Some((VM, "vm1")), "{text}");
        }
    }
}
