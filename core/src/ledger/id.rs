//! Resource ids as keys: Azure compares them without regard to case, and shows them as first written.

use alloc::format;
use alloc::sync::Arc;
use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use crate::model::PolicyId;

/// A resource's id. Ids that differ in the case of ASCII letters alone are equal.
#[derive(Clone, Debug)]
pub struct ResourceId {
    text: Arc<str>,
    key: Arc<str>,
}

impl ResourceId {
    /// An id as it is written, whatever it is.
    pub fn new(text: &str) -> Self {
        Self::of(text.into())
    }

    /// The same of a text that is shared already.
    pub fn of(text: Arc<str>) -> Self {
        // One allocation for both, where it is all small already.
        let small = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut key = if small { Arc::clone(&text) } else { Arc::from(&*text) };
        // Shared only where it is small.
        if let Some(own) = Arc::get_mut(&mut key) {
            own.make_ascii_lowercase();
        }
        Self { text, key }
    }

    /// A policy's id in Azure's own spelling of everything but the four parts. None where a part would not come
    /// back out of it: an empty one, or one with a slash.
    pub fn policy(parts: &PolicyId) -> Option<Self> {
        let PolicyId { subscription, resource_group, location, name } = parts;
        let text = format!(
            "/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.Security/locations/{location}/jitNetworkAccessPolicies/{name}"
        );
        (PolicyId::parse(&text).as_ref() == Some(parts)).then(|| Self::new(&text))
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// In small letters: what it is compared by.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The last segment: the resource's own name.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    /// The id of the subscription, where it starts with one.
    pub fn subscription(&self) -> Option<&str> {
        self.after("/subscriptions/")
    }

    /// The name of the resource group, where it has one.
    pub fn resource_group(&self) -> Option<&str> {
        self.after("/resourcegroups/")
    }

    /// The segment behind these words in small letters.
    fn after(&self, words: &str) -> Option<&str> {
        let start = self.key.find(words)?.checked_add(words.len())?;
        let segment = self.text.get(start..)?.split('/').next()?;
        (!segment.is_empty()).then_some(segment)
    }

    pub(super) fn shared_key(&self) -> Arc<str> {
        Arc::clone(&self.key)
    }
}

impl PartialEq for ResourceId {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for ResourceId {}

impl PartialOrd for ResourceId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ResourceId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for ResourceId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::{PolicyId, ResourceId};

    #[test]
    fn case_is_nothing() {
        let id = ResourceId::new(
            "/subscriptions/S1/resourceGroups/Ops/providers/Microsoft.Compute/virtualMachines/Web1",
        );
        assert_eq!(id, ResourceId::new(&id.text().to_ascii_uppercase()));
        assert_eq!((id.subscription(), id.resource_group(), id.name()), (Some("S1"), Some("Ops"), "Web1"));
        assert_ne!(id, ResourceId::new("/subscriptions/S1"));
        assert_eq!(ResourceId::new("/subscriptions/").subscription(), None);
    }

    #[test]
    fn a_policy_has_four_parts() {
        let parts = |name| PolicyId { subscription: "s", resource_group: "g", location: "l", name };
        let id = ResourceId::policy(&parts("Default")).unwrap();
        assert_eq!(
            id.text(),
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Security/locations/l/jitNetworkAccessPolicies/Default"
        );
        assert_eq!(ResourceId::policy(&parts("a/b")), None);
        assert_eq!(ResourceId::policy(&parts("")), None);
    }
}
