//! JIT403: a maximum of more than a day.

use core::time::Duration;

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::DurationText;
use crate::model::duration::words_over;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A maximum of more than a day.
#[derive(Debug)]
pub struct DurationTooLong;

const MOST: Duration = Duration::from_hours(24);

impl Rule for DurationTooLong {
    const META: Meta = Meta {
        name: "duration-too-long",
        severity: Severity::Error,
        summary: "a `maxRequestAccessDuration` is longer than a day",
        fixable: true,
        contested: false,
        page: page(include_str!("duration_too_long.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, side: Side, cx: &mut Context) {
        let Some(length) = duration.length().filter(|&length| side == Side::Policy && length > MOST) else {
            return;
        };
        let edit = EditDraft::string(cx.tape(), node, "PT24H");
        cx.find::<Self>(
            node,
            format!("{} is longer than a day, the most that the service takes", words_over(length, MOST)),
        )
        .help("allow 24 hours at most, and as few as the work needs")
        .unsafe_fix("write `PT24H`", [edit]);
    }
}
