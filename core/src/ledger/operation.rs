//! The names of operations, as role definitions, the activity log and refusals have them.

/// A PUT of a policy.
pub const POLICY_WRITE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/write";
/// A DELETE of a policy.
pub const POLICY_DELETE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/delete";
/// A request for access.
pub const INITIATE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
/// Closing a grant before its end; ours.
pub const REVOKE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/revoke/action";
/// Writing down what has ended; ours.
pub const EXPIRE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/expire/action";
/// A rule of a network security group is written: a port opens.
pub const RULE_WRITE: &str = "Microsoft.Network/networkSecurityGroups/securityRules/write";
/// A rule of a network security group is deleted: a port closes.
pub const RULE_DELETE: &str = "Microsoft.Network/networkSecurityGroups/securityRules/delete";
/// A PUT of a custom role.
pub const DEFINITION_WRITE: &str = "Microsoft.Authorization/roleDefinitions/write";
/// A DELETE of a custom role.
pub const DEFINITION_DELETE: &str = "Microsoft.Authorization/roleDefinitions/delete";
/// A PUT of a role assignment.
pub const ASSIGNMENT_WRITE: &str = "Microsoft.Authorization/roleAssignments/write";
/// A DELETE of a role assignment.
pub const ASSIGNMENT_DELETE: &str = "Microsoft.Authorization/roleAssignments/delete";
/// Another inventory; ours.
pub const INVENTORY_WRITE: &str = "Jitgate/inventory/write";
/// A credential is issued; ours.
pub const CREDENTIAL_WRITE: &str = "Jitgate/credentials/write";
/// A credential is revoked; ours.
pub const CREDENTIAL_DELETE: &str = "Jitgate/credentials/delete";
/// Something that was refused before it was a command.
pub const REFUSED: &str = "Jitgate/refused";

/// What an operation is called in the activity log. Of these, Azure's own name is known for the request alone.
pub fn title(operation: &str) -> &str {
    match operation {
        POLICY_WRITE => "Create or Update JIT Network Access Policy",
        POLICY_DELETE => "Delete JIT Network Access Policy",
        INITIATE => "Initiate JIT Network Access Policy",
        REVOKE => "Revoke JIT Network Access",
        EXPIRE => "Expire JIT Network Access",
        RULE_WRITE => "Create or Update Security Rule",
        RULE_DELETE => "Delete Security Rule",
        DEFINITION_WRITE => "Create or update custom role definition",
        DEFINITION_DELETE => "Delete custom role definition",
        ASSIGNMENT_WRITE => "Create role assignment",
        ASSIGNMENT_DELETE => "Delete role assignment",
        INVENTORY_WRITE => "Import inventory",
        CREDENTIAL_WRITE => "Issue credential",
        CREDENTIAL_DELETE => "Revoke credential",
        other => other,
    }
}

/// The HTTP method that an operation is called by.
pub fn method(operation: &str) -> &'static str {
    match operation.rsplit('/').next() {
        Some(verb) if verb.eq_ignore_ascii_case("write") => "PUT",
        Some(verb) if verb.eq_ignore_ascii_case("delete") => "DELETE",
        Some(verb) if verb.eq_ignore_ascii_case("read") => "GET",
        _ => "POST",
    }
}

/// `Microsoft.Security`
pub fn provider(operation: &str) -> &str {
    operation.split('/').next().unwrap_or_default()
}

/// `Microsoft.Security/locations/jitNetworkAccessPolicies`
pub fn resource_type(operation: &str) -> &str {
    let (before, verb) = operation.rsplit_once('/').unwrap_or((operation, ""));
    // An action has a name before its verb.
    let named = verb.eq_ignore_ascii_case("action").then(|| before.rsplit_once('/')).flatten();
    named.map_or(before, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::{INITIATE, POLICY_WRITE, method, provider, resource_type};

    #[test]
    fn parts() {
        const TYPE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies";
        assert_eq!(
            (provider(INITIATE), resource_type(INITIATE), method(INITIATE)),
            ("Microsoft.Security", TYPE, "POST")
        );
        assert_eq!((resource_type(POLICY_WRITE), method(POLICY_WRITE)), (TYPE, "PUT"));
        assert_eq!((provider(""), resource_type("")), ("", ""));
    }
}
