//! JIT750: a grant lets in more than was granted.

use alloc::format;

use crate::Severity;
use crate::json::NodeId;
use crate::preview::Exposure;
use crate::rules::meta::{Meta, page};
use crate::rules::words::quoted;
use crate::rules::{Context, Rule};

/// A grant lets in more than was granted.
#[derive(Debug)]
pub struct OpensMoreThanGranted;

impl Rule for OpensMoreThanGranted {
    const META: Meta = Meta {
        name: "opens-more-than-granted",
        severity: Severity::Security,
        summary: "a grant lets in more than was granted",
        fixable: false,
        contested: false,
        page: page(include_str!("opens_more_than_granted.md")),
    };

    fn exposure(exposure: &Exposure, node: NodeId, cx: &mut Context) {
        let Exposure::OpensMore { machine, traffic, certain } = exposure else { return };
        let lets = if *certain { "lets" } else { "may let" };
        let message = format!("a grant for {} {lets} in more than was granted: {traffic}", quoted(machine));
        cx.find::<Self>(node, message)
            .help("take away the other way in, such as a DNAT rule to the same port");
    }
}
