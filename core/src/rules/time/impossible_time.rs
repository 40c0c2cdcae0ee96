//! JIT414: a day or an hour that does not exist.

use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{TimeFault, TimeText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A day or an hour that does not exist.
#[derive(Debug)]
pub struct ImpossibleTime;

impl Rule for ImpossibleTime {
    const META: Meta = Meta {
        name: "impossible-time",
        severity: Severity::Error,
        summary: "a time names a day or an hour that does not exist",
        fixable: false,
        contested: false,
        page: page(include_str!("impossible_time.md")),
    };

    #[inline]
    fn time(time: TimeText, node: NodeId, _: Side, cx: &mut Context) {
        if time == TimeText::Odd(TimeFault::Impossible) {
            let text = cx.quoted(node);
            cx.find::<Self>(
                node,
                format!("{text} does not exist: no calendar or clock has that day or hour"),
            )
            .help("check the day of the month; hours go from `00` to `23`, minutes and seconds to `59`");
        }
    }
}
