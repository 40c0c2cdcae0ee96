//! JIT711: the prefixes of a service tag are not known.

use alloc::format;
use alloc::string::String;

use crate::Severity;
use crate::network::{NetworkFact, Oddity};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, words};

/// The prefixes of a service tag are not known.
#[derive(Debug)]
pub struct UnknownServiceTag;

impl Rule for UnknownServiceTag {
    const META: Meta = Meta {
        name: "unknown-service-tag",
        severity: Severity::Info,
        summary: "the prefixes of a service tag are not known",
        fixable: false,
        contested: false,
        page: page(include_str!("unknown_service_tag.md")),
    };

    fn network(fact: &NetworkFact, cx: &mut Context) {
        let Oddity::UnknownTag { times, others } = fact.oddity else { return };
        let tag = words::quoted(&cx.text(fact.place.node));
        let often = if times > 1 { format!(", which {times} rules name,") } else { String::new() };
        if others {
            cx.find::<Self>(
                fact.place.node,
                format!("the service tags that were given have no {tag}: whom it means is not known"),
            )
            .severity(Severity::Warning)
            .help("look whether it is spelt right, or give a newer `ServiceTags_Public.json`");
        } else {
            cx.find::<Self>(fact.place.node, format!("the addresses of the service tag {tag}{often} are not among what was given"))
                .help("give Microsoft's `ServiceTags_Public.json`, or what `az network list-service-tags` answers, too; until then answers that hang on this tag are a `maybe`");
        }
    }
}
