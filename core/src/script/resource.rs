//! Commands for resources of any type: they delete policies, and change them to what is not followed.

use alloc::vec::Vec;

use super::Reader;
use super::call::{Call, named};
use super::command::Argument;
use super::place::Place;
use super::value::{Value, What};
use crate::part::{self, AnyCase};

/// The type of a policy, as such commands name it, and as ids have it.
const TYPE: &str = "jitnetworkaccesspolicies";

/// The cmdlets.
const CMDLETS: [&str; 6] = [
    "Remove-AzResource",
    "Set-AzResource",
    "New-AzResource",
    "Remove-AzureRmResource",
    "Set-AzureRmResource",
    "New-AzureRmResource",
];

/// Those that delete a resource group.
const OF_GROUPS: [&str; 2] = ["Remove-AzResourceGroup", "Remove-AzureRmResourceGroup"];

impl<'t> Reader<'t> {
    /// A cmdlet of that name.
    pub(super) fn resource_cmdlet(&mut self, name: &str, arguments: &[Argument<'t>]) {
        if CMDLETS.iter().any(|one| name.same_in_any_case(one)) {
            self.any_resource(arguments);
        } else if OF_GROUPS.iter().any(|one| name.same_in_any_case(one)) {
            self.whole_group(arguments);
        }
    }

    /// `az resource delete`, `az group delete`, with the words behind `az`.
    pub(super) fn resource_command(&mut self, [noun, verb]: [&str; 2], arguments: &[Argument<'t>]) {
        match (noun, verb) {
            ("resource", "delete" | "create" | "update" | "patch") => self.any_resource(arguments),
            ("group", "delete") => self.whole_group(arguments),
            _ => {}
        }
    }

    fn whole_group(&mut self, arguments: &[Argument<'t>]) {
        let group =
            named(arguments, &["--name", "-n", "-g", "--resource-group", "-Name", "-ResourceGroupName"])
                .or_else(|| super::call::first(arguments));
        self.calls.push(Call::Undo(Place::of_resource(None, group.as_ref().and_then(Value::text))));
    }

    fn any_resource(&mut self, arguments: &[Argument<'t>]) {
        let small = |value: &Value| match &*value.what {
            What::Text(text) => text.text.to_ascii_lowercase(),
            _ => alloc::string::String::new(),
        };
        let values = arguments.iter().filter_map(|argument| argument.value.as_ref());
        let ids: Vec<&Value> = values.filter(|value| part::contains(&small(value), "/providers/")).collect();
        for id in &ids {
            let id_text = small(id);
            let (_, kind) = part::split_once(&id_text, "/providers/").unwrap_or_default();
            if part::contains(kind, TYPE) || part::has(kind, '$') {
                self.calls.push(Call::Undo(Place::of_address(Some(id))));
            }
        }
        let kind = named(arguments, &["--resource-type", "-ResourceType"]);
        let other =
            kind.as_ref().is_some_and(|kind| !part::contains(&small(kind), TYPE) && kind.text().is_some());
        if ids.is_empty() && !other {
            let name = named(arguments, &["--name", "-n", "-Name", "-ResourceName"]);
            let group = named(arguments, &["--resource-group", "-g", "-ResourceGroupName"]);
            let text = |value: &Option<Value<'t>>| {
                value.as_ref().and_then(Value::text).map(alloc::string::String::from)
            };
            let place = Place::of_resource(text(&name).as_deref(), text(&group).as_deref());
            self.calls.push(Call::Undo(place));
        }
    }
}
