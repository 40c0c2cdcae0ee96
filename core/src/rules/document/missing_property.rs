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
                cx.find::<Self>(null, format!("`{name}` is `null`, but a {object} must have it: {what}"))
            }
            None => cx.find::<Self>(node, format!("this {object} has no `{name}`: {what}")),
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
        "properties" => ("it holds the machines", false),
        "virtualMachines" => ("it lists the machines", false),
        "id" => ("it says which virtual machine is meant", false),
        "ports" => ("it lists the ports that may be opened", false),
        "number" => ("it says which port is meant", false),
        "protocol" => ("it says what may come in: `TCP`, `UDP` or `*` for both", false),
        "maxRequestAccessDuration" => ("it says for how long the port may be opened at most", false),
        "value" => ("it holds the policies", false),
        "startTimeUtc" => ("it says when the request was made", true),
        "requestor" => ("it says who made the request", true),
        "endTimeUtc" => ("it says until when the port is open", true),
        "status" => ("it says whether the port is open", true),
        "statusReason" => ("it says why the port is closed", true),
        _ => ("the service needs it", false),
    }
}
