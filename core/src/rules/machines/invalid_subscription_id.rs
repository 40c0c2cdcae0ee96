//! JIT514: a subscription id that is no GUID.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::IdText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A subscription id that is no GUID.
#[derive(Debug)]
pub struct InvalidSubscriptionId;

impl Rule for InvalidSubscriptionId {
    const META: Meta = Meta {
        name: "invalid-subscription-id",
        severity: Severity::Error,
        summary: "the subscription in a machine's id is no GUID",
        fixable: false,
        contested: false,
        page: page(include_str!("invalid_subscription_id.md")),
    };

    #[inline]
    fn machine_id(id: &IdText, node: NodeId, _: Side, cx: &mut Context) {
        let Some(id) = id.machine().filter(|id| !is_guid(id.subscription())) else { return };
        let subscription = words::quoted(id.subscription());
        cx.find::<Self>(node, format!("{subscription} is no subscription id: the machine cannot be found"))
            .help("write the subscription's id, a GUID: `az account show --query id` prints it");
    }
}

/// Hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
