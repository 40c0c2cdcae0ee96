//! JIT402: a maximum of less than five minutes.

use super::guess::LEAST;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::DurationText;
use crate::model::duration::words;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A maximum of less than five minutes.
#[derive(Debug)]
pub struct DurationTooShort;

impl Rule for DurationTooShort {
    const META: Meta = Meta {
        name: "duration-too-short",
        severity: Severity::Error,
        summary: "a `maxRequestAccessDuration` is shorter than five minutes",
        fixable: true,
        contested: false,
        page: page(include_str!("duration_too_short.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, side: Side, cx: &mut Context) {
        let Some(length) = duration.length().filter(|&length| length < LEAST && side == Side::Policy) else {
            return;
        };
        let edit = EditDraft::string(cx.tape(), node, "PT5M");
        cx.find::<Self>(
            node,
            format!("{} is shorter than 5 minutes, the least that the service takes", words(length)),
        )
        .help("allow 5 minutes at least: hours are written `PT3H`, minutes `PT30M`")
        .unsafe_fix("write `PT5M`", [edit]);
    }
}
