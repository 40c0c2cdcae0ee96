//! Where policies are: subscription, resource group, location and name, from the document and from the caller.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::value::{Text, Variables};
use crate::format::format;
use crate::json::Tape;
use crate::model::{Policy, PolicyId};
use crate::part::{self, AnyCase};
use crate::read::{PARTLY, unresolved};
use crate::rules::machines::region;
use crate::rules::words;

/// What a caller knows of where policies are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'o> {
    /// The subscription's id.
    pub subscription: Option<&'o str>,
    /// The resource group's name.
    pub resource_group: Option<&'o str>,
    /// The region.
    pub location: Option<&'o str>,
    /// The policy's name.
    pub name: Option<&'o str>,
}

/// The four parts, in the order of an id.
pub const SUBSCRIPTION: usize = 0;
pub const GROUP: usize = 1;
pub const LOCATION: usize = 2;
pub const NAME: usize = 3;

/// In words, and as variables.
const PARTS: [(&str, &str); 4] = [
    ("subscription", "subscriptionId"),
    ("resource group", "resourceGroupName"),
    ("location", "location"),
    ("name", "policyName"),
];

/// What is known of a place.
pub type Known = [Option<String>; 4];

/// What a policy says of its own place.
#[cold]
#[inline(never)]
pub fn of(policy: &Policy, tape: &Tape) -> Known {
    let own = |name: &str| {
        let mut members = tape.members(policy.node);
        let member = members.find(|member| tape.string(member.key).as_deref() == Some(name))?;
        tape.string(member.value)
    };
    // Of an id that is known in part, the parts that are.
    let partly = own(PARTLY).or_else(|| tape.string(policy.id.node()?));
    let id = PolicyId::parse(partly.as_deref().unwrap_or_default());
    let part = |text: &str| unresolved(text).is_none().then(|| text.to_string());
    // A template's name has the location in it.
    let name = policy.name.get();
    let before =
        name.filter(|_| policy.in_template).and_then(|name| part::cut(name, '/')).map(|(before, _)| before);
    let location = id.map(|id| id.location).or(before).or(policy.location.get().map(|text| &**text));
    [
        id.and_then(|id| part(id.subscription)),
        id.and_then(|id| part(id.resource_group)).or_else(|| part(&own("resourceGroup")?)),
        location.and_then(part),
        policy.policy_name().or(id.map(|id| id.name)).and_then(part),
    ]
}

/// What the document knows, with what the caller adds.
///
/// # Errors
/// In words: the document knows it to be elsewhere.
#[cold]
#[inline(never)]
pub fn join(mut known: Known, place: &Place) -> Result<Known, String> {
    let told = [place.subscription, place.resource_group, place.location, place.name];
    for (at, ((known, told), (word, _))) in known.iter_mut().zip(told).zip(PARTS).enumerate() {
        let Some(told) = told.filter(|told| !told.is_empty()) else { continue };
        match known {
            Some(known)
                if !(known.same_in_any_case(told) || (at == LOCATION && region::same(known, told))) =>
            {
                return Err(format!("its {word} is {}, not {}", words::quoted(known), words::quoted(told)));
            }
            Some(_) => {}
            None => *known = Some(told.to_string()),
        }
    }
    Ok(known)
}

/// The place with variables for what is not known of the parts that are needed; the others stay empty.
#[cold]
#[inline(never)]
pub fn complete(known: Known, needed: &[usize], hints: &Known, variables: &mut Variables) -> [Text; 4] {
    let mut parts = [const { Text(Vec::new()) }; 4];
    for (at, ((known, part), (_, name))) in known.into_iter().zip(&mut parts).zip(PARTS).enumerate() {
        match known {
            Some(known) if at == LOCATION => {
                *part = Text::plain(region::canonical(&known).collect::<String>());
            }
            Some(known) => *part = Text::plain(known),
            None if needed.contains(&at) => {
                let index = variables.of(name, false, None);
                let hint = hints.get(at).cloned().flatten();
                if let Some(variable) = variables.0.get_mut(index) {
                    variable.hint = hint;
                }
                *part = Text::variable(index);
            }
            None => {}
        }
    }
    parts
}
