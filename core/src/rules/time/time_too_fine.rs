//! JIT411: a time with more than seven digits of a second.

use super::spelling::{self, Spelling};
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::TimeText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A time with more than seven digits of a second.
#[derive(Debug)]
pub struct TimeTooFine;

impl Rule for TimeTooFine {
    const META: Meta = Meta {
        name: "time-too-fine",
        severity: Severity::Info,
        summary: "a time has more digits of a second than the service keeps",
        fixable: true,
        contested: false,
        page: page(include_str!("time_too_fine.md")),
    };

    #[inline]
    fn time(time: TimeText, node: NodeId, _: Side, cx: &mut Context) {
        if let Some(utc) = spelling::spelt(time, node, Spelling::Fine, cx) {
            let (title, edits) = spelling::put(cx, node, utc);
            let text = cx.quoted(node);
            cx.find::<Self>(
                node,
                format!("{text} is finer than the service's clock, which has 7 digits of a second"),
            )
            .help("leave out the digits from the eighth on")
            .safe_fix(title, edits);
        }
    }
}
