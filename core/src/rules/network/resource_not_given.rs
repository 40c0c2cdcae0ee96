//! JIT712: something that is referred to is not among the documents, or without what decides.

use alloc::format;
use alloc::string::String;

use crate::Severity;
use crate::network::{Lost, NetworkFact, Oddity, ResourceKind};
use crate::rules::meta::{Meta, page};
use crate::rules::network::words::resource;
use crate::rules::{Context, Rule, words};

/// Something that is referred to is not among the documents, or without what decides.
#[derive(Debug)]
pub struct ResourceNotGiven;

impl Rule for ResourceNotGiven {
    const META: Meta = Meta {
        name: "resource-not-given",
        severity: Severity::Info,
        summary: "something that is referred to is not among the documents, or without what decides",
        fixable: false,
        contested: false,
        page: page(include_str!("resource_not_given.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        const WHOLE: &str =
            "export it with all its properties; until then answers that hang on it are a `maybe`";
        const PERHAPS: &str =
            "write a literal here, as it is to be deployed; until then answers that hang on it are a `maybe`";
        if let Oddity::Lost(lost) = fact.oddity {
            let message = match lost {
                Lost::NatRules => "this firewall is given without its DNAT rules",
                Lost::NetworkRules => "this firewall is given without its network rules",
                Lost::Rules => "this collection is given without its rules",
                Lost::Subnet => "this IP configuration is given without its subnet",
                Lost::Prefix => "this is given without an address prefix",
                Lost::Subnets => "this virtual network has subnets that are not among what was given",
                Lost::Peerings => "this virtual network has peerings that are not among what was given",
                Lost::Page => "there are more behind this page, and who is in groups may be among them",
                Lost::Id => "this is given without its id",
                Lost::Condition => "whether what hangs on this is deployed is not known",
            };
            let help = if lost == Lost::Condition { PERHAPS } else { WHOLE };
            cx.find::<Self>(fact.place.node, message).help(help);
            return;
        }
        if let Oddity::Bare(kind) = fact.oddity {
            let what = resource(kind);
            let text = cx.text(fact.place.node);
            let name = words::quoted(text.rsplit('/').next().unwrap_or_default());
            let lost = match kind {
                ResourceKind::Nsg | ResourceKind::SecurityGroup | ResourceKind::Firewall => "rules",
                _ => "properties",
            };
            cx.find::<Self>(fact.place.node, format!("the {what} {name} is given without its {lost}"))
                .help(WHOLE);
            return;
        }
        let Oddity::NotGiven { kind, times } = fact.oddity else { return };
        let text = cx.text(fact.place.node);
        let name = words::quoted(text.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
        let what = resource(kind);
        let often = if times > 1 { format!(", to which {times} places refer,") } else { String::new() };
        let message = if name == "``" {
            format!("the {what} that this belongs to is not among what was given")
        } else {
            format!("the {what} {name}{often} is not among what was given")
        };
        cx.find::<Self>(fact.place.node, message)
            .help(format!("give its export too; until then answers that hang on this {what} are a `maybe`"));
    }
}
