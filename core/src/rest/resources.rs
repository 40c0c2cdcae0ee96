//! `/resources`: what there is in a place, of all types together; and the parts of a resource.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::wanted::Wanted;
use super::{Asked, Place};
use crate::access::{Scope, action};
use crate::inventory::{Present, View};
use crate::ledger::Refusal;
use crate::wire;
use crate::wire::inventory::{ArmKind, ArmPart, Outline, Parts};

/// Behind every name.
const NAMELESS: &str = "\u{10ffff}";

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
    ///
    /// # Errors
    /// There is no such place, or the caller may not know of it; what is asked for is not understood.
    pub fn resources(&self, place: &Place) -> Result<String, Refusal> {
        self.find_place(place)?;
        let wanted = Wanted::of(self.query.filter())?;
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
        wanted: &Wanted,
        (after, most): (Option<&str>, usize),
    ) -> Vec<(&'v str, Outline<'v>)> {
        // What is in one group stands together.
        let mut within = place.within();
        within.resource_group = within.resource_group.or(wanted.group());
        let prefix = within.prefix();
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
        if name.is_none() {
            self.query.unfiltered()?;
        }
        let kind = part.whole();
        let id = format!("{}/providers/{}/{whole}", place.id(), kind.resource_type());
        let missing = || self.missing(place, place.not_found(kind, whole));
        let at = present.view.list(kind).find(&id).ok_or_else(missing)?;
        let Parts { mut all, whole } =
            present.view.parts(present.standing.engine(), part, at).ok_or_else(missing)?;
        let word = part.word();
        if let Some(name) = name {
            let found = all.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            return found.map(|(_, json)| json).ok_or_else(|| {
                let why = if whole { "not found" } else { "not among what was imported" };
                Refusal::new(404, "NotFound", format!("Resource {id}/{word}/{name} {why}."))
            });
        }
        // An empty list would say that there are none.
        if all.is_empty() && !whole {
            return Err(Refusal::new(404, "NotFound", format!("The {word} of {id} were not imported.")));
        }
        // Those without a name come last, as one: they have nothing that a page could begin behind.
        let key =
            |name: &'_ str| if name.is_empty() { NAMELESS.to_owned() } else { name.to_ascii_lowercase() };
        all.sort_by_cached_key(|(name, _)| key(name));
        all.dedup_by(|(later, _), (earlier, _)| later.is_empty() && earlier.is_empty());
        self.paged(&all, |(name, _)| if name.is_empty() { NAMELESS } else { name }, |(_, json)| json.clone())
    }
}
