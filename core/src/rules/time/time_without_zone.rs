//! JIT410: a time without a zone.

use super::spelling;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{TimeFault, TimeText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A time without a zone.
#[derive(Debug)]
pub struct TimeWithoutZone;

impl Rule for TimeWithoutZone {
    const META: Meta = Meta {
        name: "time-without-zone",
        severity: Severity::Error,
        summary: "a time has no zone: UTC or local time?",
        fixable: true,
        contested: false,
        page: page(include_str!("time_without_zone.md")),
    };

    #[inline]
    fn time(time: TimeText, node: NodeId, _: Side, cx: &mut Context) {
        if let TimeText::Odd(TimeFault::NoZone(utc)) = time {
            let (title, edits) = spelling::put(cx, node, utc);
            let text = cx.quoted(node);
            cx.find::<Self>(node, format!("{text} has no zone: UTC and local time may be hours apart"))
                .help("put `Z` at the end if it is UTC; if it is local time, convert it first")
                .unsafe_fix(title, edits);
        }
    }
}
