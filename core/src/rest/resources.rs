//! `/resources`: what there is in a place, of all types together; and the parts of a resource.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Asked, Place};
use crate::access::{Scope, action};
use crate::inventory::{Present, View, Within};
use crate::ledger::Refusal;
use crate::ledger::filter::{self, Operator, wrong};
use crate::wire;
use crate::wire::inventory::{ArmKind, ArmPart, Outline};

/// The action of reading a kind of resource.
pub fn read_action(kind: ArmKind) -> &'static str {
    match kind {
        ArmKind::VirtualMachine | ArmKind::ClassicVirtualMachine => action::MACHINE_READ,
        ArmKind::NetworkInterface => action::INTERFACE_READ,
        ArmKind::NetworkSecurityGroup => action::SECURITY_GROUP_READ,
        ArmKind::PublicIpAddress => action::PUBLIC_ADDRESS_READ,
        ArmKind::VirtualNetwork => action::NETWORK_READ,
        ArmKind::AzureFirewall => action::FIREWALL_READ,
        ArmKind::ApplicationSecurityGroup => action::APPLICATION_GROUP_READ,
        ArmKind::RouteTable => action::ROUTE_TABLE_READ,
    }
}

/// The action of reading a kind of part.
pub fn read_part_action(part: ArmPart) -> &'static str {
    match part {
        ArmPart::SecurityRule => "Microsoft.Network/networkSecurityGroups/securityRules/read",
        ArmPart::DefaultSecurityRule => "Microsoft.Network/networkSecurityGroups/defaultSecurityRules/read",
        ArmPart::Subnet => "Microsoft.Network/virtualNetworks/subnets/read",
        ArmPart::Peering => "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read",
        ArmPart::IpConfiguration => "Microsoft.Network/networkInterfaces/ipconfigurations/read",
        ArmPart::Route => "Microsoft.Network/routeTables/routes/read",
    }
}

/// True for a resource of that region, however the one and the other are written.
pub fn is_in(one: &Outline, region: &str) -> bool {
    let name = super::provider::location;
    name(one.location).eq_ignore_ascii_case(&name(region))
}

impl Asked<'_> {
    /// The resources of a place that the caller may read, in the order of their ids, a page at a time. Those that are
    /// policies are not among them: Resource Manager does not list what another resource tells of.
    pub(super) fn resources(&self, place: &Place) -> Result<String, Refusal> {
        let wanted = Filter::of(self.query.filter())?;
        let (after, page) = (self.query.after()?, self.query.page(self.page)?);
        let mut found: Vec<(&str, Outline)> = Vec::new();
        if let Some(view) = self.view {
            for kind in ArmKind::ALL.into_iter().filter(|kind| wanted.takes(*kind)) {
                let bounds = (after.as_deref(), page.saturating_add(1));
                found.extend(self.of_kind(view, kind, place, &wanted, bounds));
            }
        }
        found.sort_by_key(|(key, _)| *key);
        let more = found.len() > page;
        found.truncate(page);
        let [origin, path] = self.address;
        let next = found.last().filter(|_| more).map(|(key, _)| self.query.next_link(origin, path, key));
        Ok(wire::page(found.iter().map(|(_, one)| one.json()), &[], next.as_deref()))
    }

    /// So many of a type at most, with their keys.
    fn of_kind<'v>(
        &self,
        view: &'v View,
        kind: ArmKind,
        place: &Place,
        wanted: &Filter,
        (after, most): (Option<&str>, usize),
    ) -> Vec<(&'v str, Outline<'v>)> {
        let own = place.resource_group.as_deref();
        let group = match (own, wanted.group.as_deref()) {
            // The filter may name another group than the address does.
            (Some(own), Some(wanted)) if !own.eq_ignore_ascii_case(wanted) => return Vec::new(),
            (own, wanted) => own.or(wanted),
        };
        let prefix = Within { subscription: &place.subscription, resource_group: group }.prefix();
        let may = |scope: &Scope| self.caller.may(read_action(kind), scope);
        let whole = Scope::new(&place.id()).is_some_and(|scope| may(&scope));
        let visible = |key: &str| whole || Scope::new(key).is_some_and(|scope| may(&scope));
        let all = view.list(kind).after(&prefix, after).filter(|(key, _)| visible(key));
        let shown = all.filter_map(|(key, at)| Some((key, view.outline(kind, at)?)));
        shown.filter(|(_, one)| wanted.fits(one)).take(most).collect()
    }

    /// The parts of a resource in the order of their names, a page at a time; or one by its name.
    ///
    /// # Errors
    /// There is no such resource or part; the page asked for is none.
    pub fn parts(
        &self,
        present: &Present,
        part: ArmPart,
        (place, whole): (&Place, &str),
        name: Option<&str>,
    ) -> Result<String, Refusal> {
        let kind = part.whole();
        let id = format!("{}/providers/{}/{whole}", place.id(), kind.resource_type());
        let missing = || place.not_found(kind, whole);
        let at = present.view.list(kind).find(&id).ok_or_else(missing)?;
        let mut parts = present.view.parts(present.standing.engine(), part, at).ok_or_else(missing)?;
        if let Some(name) = name {
            let found = parts.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            return found.map(|(_, json)| json).ok_or_else(|| {
                let word = part.word();
                let message = format!("Resource {id}/{word}/{name} not found.");
                Refusal::new(404, "NotFound", message)
            });
        }
        parts.sort_by_cached_key(|(name, _)| name.to_ascii_lowercase());
        self.paged(&parts, |(name, _)| name, |(_, json)| json.clone())
    }
}

/// What a `$filter` asks for.
#[derive(Default)]
pub(super) struct Filter {
    kind: Option<String>,
    group: Option<String>,
    name: Option<String>,
    location: Option<String>,
    tag: Option<String>,
    tag_value: Option<String>,
}

impl Filter {
    pub(super) fn of(text: Option<&str>) -> Result<Self, Refusal> {
        let mut asked = Self::default();
        for condition in text.map(filter::parse).transpose()?.unwrap_or_default() {
            let value = match (condition.name.as_str(), condition.operator) {
                ("resourcetype", Operator::Equal) => &mut asked.kind,
                ("resourcegroup", Operator::Equal) => &mut asked.group,
                ("name", Operator::Equal) => &mut asked.name,
                ("location", Operator::Equal) => &mut asked.location,
                ("tagname", Operator::Equal) => &mut asked.tag,
                ("tagvalue", Operator::Equal) => &mut asked.tag_value,
                (name, _) => return Err(wrong(&format!("'{name}' cannot be asked for in that way."))),
            };
            if value.replace(condition.value).is_some() {
                return Err(wrong(&format!("'{}' is asked for twice.", condition.name)));
            }
        }
        if asked.tag_value.is_some() && asked.tag.is_none() {
            return Err(wrong("'tagvalue' goes with 'tagname'."));
        }
        Ok(asked)
    }

    /// True where something with a tag is asked for.
    ///
    /// # Errors
    /// Anything else is asked for.
    pub(super) fn is_of_tags(&self) -> Result<bool, Refusal> {
        let others = [&self.kind, &self.group, &self.name, &self.location];
        if others.iter().any(|other| other.is_some()) {
            return Err(wrong("'tagname' and 'tagvalue' can be asked for here."));
        }
        Ok(self.tag.is_some())
    }

    fn takes(&self, kind: ArmKind) -> bool {
        self.kind.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind.resource_type()))
    }

    fn fits(&self, one: &Outline) -> bool {
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(own))
        };
        let tagged = self.tag.as_ref().is_none_or(|tag| {
            let value = one.tag(tag);
            value.is_some_and(|value| self.tag_value.as_ref().is_none_or(|wanted| wanted == value))
        });
        let there = self.location.as_ref().is_none_or(|region| is_in(one, region));
        is(&self.name, one.name) && there && tagged
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;

    #[test]
    fn filters_that_are_none() {
        for text in [
            "name ne 'x'",
            "name ge 'x'",
            "kind eq 'x'",
            "tagvalue eq 'x'",
            "name eq 'a' and name eq 'b'",
            "startswith(name, 'x')",
        ] {
            let refused = Filter::of(Some(text)).err().map(|refusal| (refusal.status, refusal.target));
            assert_eq!(refused, Some((400, Some("$filter".to_owned()))), "{text}");
        }
        assert!(Filter::of(None).is_ok() && Filter::of(Some("TagName eq 'a' and tagValue eq 'b'")).is_ok());
    }
}
