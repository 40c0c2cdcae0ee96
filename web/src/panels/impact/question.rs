//! What a form asks about its policies.
use jitgate_core::ledger::ResourceId;
use jitgate_logic::{array, is_instance, object, quoted, same_machine};

/// What is asked about one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub policy: ResourceId,
    /// `{"policy"?, "delete"?, "also"?, "request"?}`
    pub body: String,
    /// The machines that the form is about.
    pub mine: Vec<ResourceId>,
    /// The form's machines of the policies that change with it.
    pub others: Vec<ResourceId>,
    pub aim: Aim,
}

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// What a policy closes.
    Close,
    /// What a request opens.
    Open,
    /// What is open again without the policy.
    Remove,
}

/// A policy as it is to be, or none where it goes, and the form's machines of it.
type Changed = (ResourceId, Option<String>, Vec<ResourceId>);

/// Each policy with those that change with it and have to do with the same machines: what one lets go of, another may keep
/// closed, or let go of as well.
pub fn together(all: Vec<Changed>, aim: Aim) -> Vec<Question> {
    let question = |(policy, then, mine): &Changed| {
        let others = || all.iter().filter(|(other, _, theirs)| other != policy && meet(mine, theirs));
        let also: Vec<_> = others()
            .map(|(other, then, _)| {
                let then = then.clone().unwrap_or_else(|| "null".to_owned());
                object(&[("id", quoted(other.text())), ("policy", then)])
            })
            .collect();
        let delete = if then.is_none() { "true" } else { "" };
        let body = object(&[
            ("policy", then.clone().unwrap_or_default()),
            ("delete", delete.to_owned()),
            ("also", if also.is_empty() { String::new() } else { array(&also) }),
        ]);
        let others = others().flat_map(|(_, _, theirs)| theirs.clone()).collect();
        Question { policy: policy.clone(), body, mine: mine.clone(), others, aim }
    };
    all.iter().map(question).collect()
}

/// True where both have a machine, or may have the same security group.
fn meet(one: &[ResourceId], other: &[ResourceId]) -> bool {
    let meets = |one: &ResourceId, other: &ResourceId| {
        same_machine(one, other) || is_instance(one) && is_instance(other)
    };
    one.iter().any(|one| other.iter().any(|other| meets(one, other)))
}
