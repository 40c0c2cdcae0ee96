//! JIT406: a maximum of more than eight hours.

use core::time::Duration;

use super::guess::MOST;
use crate::Severity;
use crate::format::format;
use crate::json::NodeId;
use crate::model::DurationText;
use crate::model::duration::words;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, EditDraft, Rule, Side};

/// A maximum of more than eight hours.
#[derive(Debug)]
pub struct LongWindow;

impl Rule for LongWindow {
    const META: Meta = Meta {
        name: "long-window",
        severity: Severity::Security,
        summary: "a `maxRequestAccessDuration` is longer than a working day",
        fixable: true,
        contested: false,
        page: page(include_str!("long_window.md")),
    };

    #[inline]
    fn duration(duration: DurationText, node: NodeId, side: Side, cx: &mut Context) {
        let Some(length) = duration.length().filter(|&length| length > WORKING_DAY && side == Side::Policy)
        else {
            return;
        };
        // Over a day the service refuses it, which another rule says.
        if length <= MOST {
            let edit = EditDraft::string(cx.tape(), node, "PT3H");
            cx.find::<Self>(
                node,
                format!("a port may stay open for {}, long after the work is done", words(length)),
            )
            .help("allow 3 hours, as the portal proposes: access can be requested again")
            .unsafe_fix("write `PT3H`", [edit]);
        }
    }
}

const WORKING_DAY: Duration = Duration::from_hours(8);
