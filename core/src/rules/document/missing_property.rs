//! JIT111: a required property that is not there.

use crate::Severity;
use crate::format::format;
use crate::read::Fact;
use crate::rules::meta::{Meta, page};
use crate::rules::{Context, Rule};

/// A required property that is not there.
#[derive(Debug)]
pub struct MissingProperty;

impl Rule for MissingProperty {
    const META: Meta = Meta {
        name: "missing-property",
        severity: Severity::Error,
        summary: "a required property is missing",
        fixable: false,
        contested: false,
        page: page(include_str!("missing_property.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Missing { node, object, name, null } = *fact else { return };
        let (what, stored) = meaning(name);
        let found = match null {
            Some(null) => {
                cx.find::<Self>(null, format!("`{name}` is `null`, but a {object} must have it: it {what}"))
            }
            None => cx.find::<Self>(node, format!("this {object} has no `{name}`, which {what}")),
        };
        found.help(format!("add `{name}`"));
        if stored {
            found.severity(Severity::Warning);
        }
    }
}

/// What a property is for, and whether only the service writes it: what lacks it then is no reason to
/// refuse anything.
fn meaning(name: &str) -> (&'static str, bool) {
    match name {
        "properties" => ("holds the machines", false),
        "virtualMachines" => ("lists the machines", false),
        "id" => ("says which virtual machine is meant", false),
        "ports" => ("lists the ports that may be opened", false),
        "number" => ("says which port is meant", false),
        "protocol" => ("says what may come in: `TCP`, `UDP` or `*` for both", false),
        "maxRequestAccessDuration" => ("says for how long the port may be opened at most", false),
        "value" => ("holds the policies", false),
        "startTimeUtc" => ("says when the request was made", true),
        "requestor" => ("says who made the request", true),
        "endTimeUtc" => ("says until when the port is open", true),
        "status" => ("says whether the port is open", true),
        "statusReason" => ("says why the port is closed", true),
        _ => ("is needed", false),
    }
}
