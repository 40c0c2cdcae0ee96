//! What a language cannot hold: requests in templates, several documents in one, policies that would meet in one place.

use alloc::string::ToString;

use super::Format;
use super::build::Builder;
use super::item::Item;
use super::place::{GROUP, LOCATION, NAME, SUBSCRIPTION};
use super::value::same;
use crate::format::format;
use crate::names::Names;
use crate::rules::words;

impl Builder<'_, '_> {
    /// Says what of these the language cannot hold.
    #[cold]
    #[inline(never)]
    pub fn fits(&mut self, items: &[Item]) {
        let requests = items.iter().filter(|item| item.is_request()).count();
        let policies = items.len().saturating_sub(requests);
        if items.is_empty() {
            // Why there are none is said, in the notes where there were several.
            self.lost.append(&mut self.notes);
            return;
        }
        match self.to {
            Format::Arm | Format::Bicep if requests > 0 => {
                let lost = "a request is an action, not a resource, and a template deploys resources: write it in PowerShell, for `az`, REST or Terraform";
                let list = if policies > 0 { &mut self.notes } else { &mut self.lost };
                list.push(lost.to_string());
            }
            Format::Json if requests > 1 || (requests > 0 && policies > 0) => {
                self.lost.push("several requests, or requests and policies, are no one document: the API takes each by itself".to_string());
            }
            _ => {}
        }
        let groups = |at: usize| {
            let mut texts = items.iter().filter(|item| !item.is_request()).map(|item| item.part(at));
            let first = texts.next();
            texts.any(|text| first.is_some_and(|first| !same(first, text)))
        };
        if matches!(self.to, Format::Arm | Format::Bicep) && (groups(SUBSCRIPTION) || groups(GROUP)) {
            self.lost.push("the policies are in several resource groups, and a template is deployed to one: name the one whose policies are to be written".to_string());
        }
        let mut seen = Names::of_any_case(items.len());
        for item in items.iter().filter(|item| !item.is_request()) {
            let needed =
                if self.to == Format::Json { &[SUBSCRIPTION, GROUP, LOCATION, NAME] } else { self.needed() };
            let place = item.policy_id(ToString::to_string);
            if needed.iter().all(|&at| item.part(at).known().is_some())
                && let Some(place) = place.known()
                && seen.insert(place.to_string(), 0, ()).is_some()
            {
                let name = words::quoted(item.part(NAME).known().unwrap_or_default());
                self.lost
                    .push(format!("two policies are {name}: the later would take the place of the other"));
            }
        }
    }
}
