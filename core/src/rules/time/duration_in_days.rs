//! JIT405: a duration in days.

use super::guess::{LEAST, MOST};
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::DurationText;
use crate::model::duration::canonical;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A duration in days.
#[derive(Debug)]
pub struct DurationInDays;

impl Rule for DurationInDays {
    const META: Meta = Meta {
        name: "duration-in-days",
        severity: Severity::Info,
        summary: "a duration is given in days, which most tools write in hours",
        fixable: true,
        contested: false,
        page: page(include_str!("duration_in_days.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, _: Side, cx: &mut Context) {
        let DurationText::Days(length) = duration else { return };
        if !(LEAST..=MOST).contains(&length) {
            return;
        }
        let (text, hours) = (cx.quoted(node), canonical(length));
        let edit = EditDraft::string(cx.tape(), node, &hours);
        cx.find::<Self>(node, format!("{text} counts days, where the portal and most scripts write hours"))
            .help(format!("write `{hours}`, which is as long"))
            .safe_fix(format!("write `{hours}`"), [edit]);
    }
}
