//! JIT409: a text that is no time.

use super::{guess, spelling};
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::{TimeFault, TimeText};
use crate::part;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side, words};

/// A text that is no time.
#[derive(Debug)]
pub struct InvalidTime;

impl Rule for InvalidTime {
    const META: Meta = Meta {
        name: "invalid-time",
        severity: Severity::Error,
        summary: "a time is not in RFC 3339 form",
        fixable: true,
        contested: false,
        page: page(include_str!("invalid_time.md")),
    };

    #[inline]
    fn time(time: TimeText, node: NodeId, _: Side, cx: &mut Context) {
        if time == TimeText::Odd(TimeFault::Unreadable) {
            explain(node, cx);
        }
    }
}

#[cold]
fn explain(node: NodeId, cx: &mut Context) {
    let text = cx.text(node);
    let fix = guess::time(&text).map(|time| spelling::put(cx, node, time));
    let message = if part::trim(&text).is_empty() {
        "an empty text is no time".into()
    } else {
        format!("{} is no RFC 3339 time, the one form that the API has", words::quoted(&text))
    };
    let found = spelling::help(cx.find::<InvalidTime>(node, message));
    if let Some((title, edits)) = fix {
        found.unsafe_fix(title, edits);
    }
}
