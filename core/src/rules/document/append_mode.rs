//! JIT122: `appendMode` switched on.

use crate::Severity;
use crate::model::Policy;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// `appendMode` switched on.
#[derive(Debug)]
pub struct AppendMode;

impl Rule for AppendMode {
    const META: Meta = Meta {
        name: "append-mode",
        severity: Severity::Info,
        summary: "`appendMode` is on, which is not documented",
        fixable: false,
        contested: false,
        page: page(include_str!("append_mode.md")),
    };

    fn policy(policy: &Policy, cx: &mut Context) {
        if let Some((true, node)) = policy.append_mode.given() {
            cx.find::<Self>(
                node,
                "`appendMode` is not documented: with it, machines may be added to those of the policy in place of replacing them",
            )
            .help("send the whole list of machines without it, unless you have seen it do what you want");
        }
    }
}
