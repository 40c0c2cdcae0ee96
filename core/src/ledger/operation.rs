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
