//! The actions that jitgate asks for, as Azure's providers name them.

/// Reads JIT policies and their requests.
pub const JIT_READ: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/read";
/// Makes or replaces a JIT policy.
pub const JIT_WRITE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/write";
/// Takes a JIT policy away.
pub const JIT_DELETE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/delete";
/// Requests access by a JIT policy.
pub const JIT_INITIATE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";
/// Reads what Defender for Cloud says of resources: also which machines are in no JIT policy.
pub const ASSESSMENT_READ: &str = "Microsoft.Security/assessments/read";
/// Reads virtual machines.
pub const MACHINE_READ: &str = "Microsoft.Compute/virtualMachines/read";
/// Changes virtual machines: asked for each machine that a policy is made for.
pub const MACHINE_WRITE: &str = "Microsoft.Compute/virtualMachines/write";
/// Reads network interfaces.
pub const INTERFACE_READ: &str = "Microsoft.Network/networkInterfaces/read";
/// Reads network security groups.
pub const SECURITY_GROUP_READ: &str = "Microsoft.Network/networkSecurityGroups/read";
/// Reads public IP addresses.
pub const PUBLIC_ADDRESS_READ: &str = "Microsoft.Network/publicIPAddresses/read";
/// Reads virtual networks.
pub const NETWORK_READ: &str = "Microsoft.Network/virtualNetworks/read";
/// Reads Azure Firewalls.
pub const FIREWALL_READ: &str = "Microsoft.Network/azureFirewalls/read";
/// Reads application security groups.
pub const APPLICATION_GROUP_READ: &str = "Microsoft.Network/applicationSecurityGroups/read";
/// Reads route tables.
pub const ROUTE_TABLE_READ: &str = "Microsoft.Network/routeTables/read";
/// Reads the activity log.
pub const ACTIVITY_READ: &str = "Microsoft.Insights/eventtypes/values/Read";
/// Reads the numbers of what is counted.
pub const METRICS_READ: &str = "Microsoft.Insights/metrics/read";
/// Reads what the caller may do.
pub const PERMISSIONS_READ: &str = "Microsoft.Authorization/permissions/read";
/// Reads role definitions.
pub const ROLE_DEFINITION_READ: &str = "Microsoft.Authorization/roleDefinitions/read";
/// Reads who has which role.
pub const ROLE_ASSIGNMENT_READ: &str = "Microsoft.Authorization/roleAssignments/read";
