//! Scopes of roles. Rights are inherited: what is allowed at a scope is allowed at all below it, so that one question at
//! a subscription may answer for a thousand machines.
use jitgate_core::ledger::ResourceId;

/// The scopes at which a right at this one may come from, the widest first: the subscription, the resource group, and
/// the scope itself.
pub fn from_the_widest(scope: &str) -> Vec<String> {
    let id = ResourceId::new(scope);
    let mut scopes = Vec::new();
    if let Some(subscription) = id.subscription() {
        scopes.push(format!("/subscriptions/{subscription}"));
        if let Some(group) = id.resource_group() {
            scopes.push(format!("/subscriptions/{subscription}/resourceGroups/{group}"));
        }
    }
    if scopes.last().is_none_or(|last| !last.eq_ignore_ascii_case(scope)) {
        scopes.push(scope.to_owned());
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_has_its_group_and_its_subscription_above_it() {
        let machine = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m";
        let cases: [(&str, &[&str]); 5] = [
            (machine, &["/subscriptions/s", "/subscriptions/s/resourceGroups/g", machine]),
            ("/subscriptions/s/resourcegroups/g", &["/subscriptions/s", "/subscriptions/s/resourceGroups/g"]),
            ("/subscriptions/s", &["/subscriptions/s"]),
            ("/", &["/"]),
            ("i-0123456789abcdef0", &["i-0123456789abcdef0"]),
        ];
        for (scope, expected) in cases {
            assert_eq!(from_the_widest(scope), expected, "{scope}");
        }
    }
}
