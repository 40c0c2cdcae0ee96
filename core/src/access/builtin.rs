//! The roles that need no definition: those of Azure that JIT's documentation speaks of, under Azure's ids, and the
//! least-privileged one of a requester.
//!
//! Source: *Azure built-in roles* of the Azure documentation (General, Security), 2025; the last one is what
//! `Set-JitLeastPrivilegedRole.ps1` of Microsoft's Defender for Cloud repository makes.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use once_cell::race::OnceBox;

use super::role::{Permission, RoleDefinition};
use super::scope::Scope;

/// The id of the least-privileged role of a requester; ours, for Azure gives it a new one in each tenant.
pub const JIT_ACCESS_ROLE: &str = "4f1b6a52-90c7-4d2e-8a3b-d5e07c61f284";

const JIT_ACCESS_NAME: &str = "JIT Access Role";
const JIT_ACCESS_DESCRIPTION: &str = "Users that can enable access to Virtual Machines.";

/// The actions of the least-privileged role, in the order of the script.
const JIT_ACCESS_ACTIONS: [&str; 6] = [
    "Microsoft.Security/locations/jitNetworkAccessPolicies/read",
    "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action",
    "Microsoft.Security/policies/read",
    "Microsoft.Network/publicIPAddresses/read",
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Network/*/read",
];

/// A row of the table below: id, name, description, actions, not actions.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const ROLES: [Row; 6] = [
    (
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "Owner",
        "Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.",
        &["*"],
        &[],
    ),
    (
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "Contributor",
        "Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, manage assignments in Azure Blueprints, or share image galleries.",
        &["*"],
        &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
            "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
            "Microsoft.Subscription/cancel/action",
            "Microsoft.Subscription/enable/action",
        ],
    ),
    (
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "Reader",
        "View all resources, but does not allow you to make any changes.",
        &["*/read"],
        &[],
    ),
    (
        "39bc4728-0917-49c7-9d2c-d95423bc2eb4",
        "Security Reader",
        "Security Reader Role",
        &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/read",
            "Microsoft.operationalInsights/workspaces/*/read",
            "Microsoft.Resources/deployments/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Security/*/read",
            "Microsoft.IoTSecurity/*/read",
            "Microsoft.Support/*/read",
            "Microsoft.Security/iotDefenderSettings/packageDownloads/action",
            "Microsoft.Security/iotDefenderSettings/downloadManagerActivation/action",
            "Microsoft.Security/iotSensors/downloadResetPassword/action",
            "Microsoft.IoTSecurity/defenderSettings/packageDownloads/action",
            "Microsoft.IoTSecurity/defenderSettings/downloadManagerActivation/action",
            "Microsoft.Management/managementGroups/read",
        ],
        &[],
    ),
    (
        "fb1c8493-542b-48eb-b624-b4c8fea62acd",
        "Security Admin",
        "Security Admin Role",
        &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Authorization/policyAssignments/*",
            "Microsoft.Authorization/policyDefinitions/*",
            "Microsoft.Authorization/policyExemptions/*",
            "Microsoft.Authorization/policySetDefinitions/*",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Management/managementGroups/read",
            "Microsoft.operationalInsights/workspaces/*/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Security/*",
            "Microsoft.IoTSecurity/*",
            "Microsoft.Support/*",
        ],
        &[],
    ),
    (JIT_ACCESS_ROLE, JIT_ACCESS_NAME, JIT_ACCESS_DESCRIPTION, &JIT_ACCESS_ACTIONS, &[]),
];

/// All built-in roles; they may be assigned anywhere.
pub fn built_in_roles() -> &'static [RoleDefinition] {
    static MADE: OnceBox<Vec<RoleDefinition>> = OnceBox::new();
    MADE.get_or_init(|| ROLES.iter().map(role).collect::<Vec<_>>().into())
}

/// The built-in role of that id or name, in any case.
pub fn built_in(id_or_name: &str) -> Option<&'static RoleDefinition> {
    let is = |text: &str| text.eq_ignore_ascii_case(id_or_name);
    built_in_roles().iter().find(|role| is(&role.id) || is(&role.name))
}

/// The least-privileged role of a requester as a custom role for that scope, to be made in Azure or elsewhere.
pub fn least_privileged_role(scope: &Scope) -> RoleDefinition {
    RoleDefinition {
        id: JIT_ACCESS_ROLE.to_string(),
        name: JIT_ACCESS_NAME.to_string(),
        description: JIT_ACCESS_DESCRIPTION.to_string(),
        permissions: vec![permission(&JIT_ACCESS_ACTIONS, &[])],
        assignable_scopes: vec![scope.clone()],
        built_in: false,
    }
}

fn role(&(id, name, description, actions, not_actions): &Row) -> RoleDefinition {
    RoleDefinition {
        id: id.to_string(),
        name: name.to_string(),
        description: description.to_string(),
        permissions: vec![permission(actions, not_actions)],
        assignable_scopes: vec![Scope::root()],
        built_in: true,
    }
}

fn permission(actions: &[&str], not_actions: &[&str]) -> Permission {
    let own = |texts: &[&str]| -> Vec<String> { texts.iter().copied().map(String::from).collect() };
    Permission { actions: own(actions), not_actions: own(not_actions), ..Permission::default() }
}
