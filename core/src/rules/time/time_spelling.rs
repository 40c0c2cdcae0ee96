//! JIT413: a time that is certain, but not written as RFC 3339 has it.

use super::spelling::{self, Spelling};
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::TimeText;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule, Side};

/// A time that is certain, but not written as RFC 3339 has it.
#[derive(Debug)]
pub struct TimeSpelling;

impl Rule for TimeSpelling {
    const META: Meta = Meta {
        name: "time-spelling",
        severity: Severity::Warning,
        summary: "a time has a space for `T`, small letters, no seconds or white space around it",
        fixable: true,
        contested: false,
        page: page(include_str!("time_spelling.md")),
    };

    #[inline]
    fn time(time: TimeText, node: NodeId, _: Side, cx: &mut Context) {
        if let Some(utc) = spelling::spelt(time, node, Spelling::Form, cx) {
            let (title, edits) = spelling::put(cx, node, utc);
            let text = cx.quoted(node);
            let message =
                format!("{text} is not quite the form of RFC 3339: readers differ in whether they take it");
            spelling::help(cx.find::<Self>(node, message)).safe_fix(title, edits);
        }
    }
}
