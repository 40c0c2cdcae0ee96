//! What a list of all resources tells of each: no properties.

use alloc::string::String;

use serde::Serialize;

use super::{ArmKind, Details, Sku, address};
use crate::network::Network;

/// `{"id", "name", "type", "location"?, "sku"?}` and details.
#[derive(Serialize)]
pub struct Outline<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its type, as Azure spells it.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its region; empty where that is not known.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<Sku>,
    #[serde(skip)]
    details: (&'a Details, ArmKind, usize),
}

impl<'a> Outline<'a> {
    /// Of the resource at that place of its list.
    pub fn new(network: &'a Network, details: &'a Details, kind: ArmKind, at: usize) -> Option<Self> {
        macro_rules! plain {
            ($list:ident) => {{
                let one = network.$list.get(at)?;
                (&one.id, &one.name, &one.location)
            }};
        }
        let mut sku = None;
        let (id, name, location) = match kind {
            ArmKind::VirtualMachine | ArmKind::ClassicVirtualMachine => plain!(machines),
            ArmKind::PublicIpAddress => {
                let public = network.public_ips.get(at)?;
                sku = address::sku(public).filter(|_| !details.has(kind, at, "sku"));
                (&public.id, &public.name, &public.location)
            }
            ArmKind::NetworkInterface => plain!(nics),
            ArmKind::NetworkSecurityGroup => plain!(nsgs),
            ArmKind::VirtualNetwork => plain!(vnets),
            ArmKind::AzureFirewall => plain!(firewalls),
            ArmKind::ApplicationSecurityGroup => plain!(asgs),
            ArmKind::RouteTable => plain!(route_tables),
        };
        Some(Self { id, name, kind: kind.resource_type(), location, sku, details: (details, kind, at) })
    }

    /// Its tags: names, which have no case, and values.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        let (details, kind, at) = self.details;
        details.tags(kind, at).iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let (details, kind, at) = self.details;
        details.add_outer(kind, at, crate::wire::json(self))
    }
}
