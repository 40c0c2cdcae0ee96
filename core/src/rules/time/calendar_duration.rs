//! JIT404: a duration in years or months.

use super::guess;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{DurationFault, DurationText};
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A duration in years or months.
#[derive(Debug)]
pub struct CalendarDuration;

impl Rule for CalendarDuration {
    const META: Meta = Meta {
        name: "calendar-duration",
        severity: Severity::Error,
        summary: "a duration is given in months or years, which have no fixed length",
        fixable: true,
        contested: false,
        page: page(include_str!("calendar_duration.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, _: Side, cx: &mut Context) {
        if duration == DurationText::Odd(DurationFault::Calendar) {
            let tape = cx.tape();
            let text = cx.text(node);
            let found = cx.find::<Self>(
                node,
                format!("{} counts months or years, which have no fixed length", words::quoted(&text)),
            );
            found.help("minutes stand behind a `T`: `PT30M` is half an hour, `P30M` thirty months");
            guess::offer(found, tape, node, guess::minutes_for_months(&text));
        }
    }
}
