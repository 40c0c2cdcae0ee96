//! JIT412: a time with an offset.

use super::spelling::{self, Spelling};
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::TimeText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A time with an offset.
#[derive(Debug)]
pub struct TimeOffset;

impl Rule for TimeOffset {
    const META: Meta = Meta {
        name: "time-offset",
        severity: Severity::Info,
        summary: "a time has an offset where UTC is expected",
        fixable: true,
        contested: false,
        page: page(include_str!("time_offset.md")),
    };

    #[inline]
    fn time(time: TimeText, node: NodeId, _: Side, cx: &mut Context) {
        if let Some(instant) = spelling::spelt(time, node, Spelling::Offset, cx) {
            let (title, edits) = spelling::put(cx, node, instant);
            let (text, utc) = (cx.quoted(node), spelling::utc(instant));
            cx.find::<Self>(
                node,
                format!("{text} has an offset: in UTC, which the API expects, it is `{utc}`"),
            )
            .help("write UTC, so that every reader sees the same hour")
            .safe_fix(title, edits);
        }
    }
}
