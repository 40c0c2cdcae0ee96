//! Roles as JSON: as Resource Manager shows them, and as its tools take them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::access::{Permission, RoleDefinition, Scope};
use crate::ledger::{ActorKind, RoleAssignment, State};

/// `{"id", "name", "type", "properties": {"roleName", "type", "description", "assignableScopes", "permissions"}}`.
#[derive(Serialize)]
pub struct RoleDefinitionJson<'a> {
    id: String,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    properties: RoleProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoleProperties<'a> {
    role_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    description: &'a str,
    assignable_scopes: Vec<&'a str>,
    permissions: Vec<PermissionJson<'a>>,
}

/// `{"actions", "notActions", "dataActions", "notDataActions"}`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionJson<'a> {
    actions: &'a [String],
    not_actions: &'a [String],
    data_actions: &'a [String],
    not_data_actions: &'a [String],
}

/// `{"value": […]}`.
#[derive(Serialize)]
pub struct PermissionsJson<'a> {
    value: Vec<PermissionJson<'a>>,
}

/// `{"Name", "IsCustom", "Description", "Actions", …, "AssignableScopes"}`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoleInputJson<'a> {
    name: &'a str,
    is_custom: bool,
    description: &'a str,
    actions: Vec<&'a str>,
    not_actions: Vec<&'a str>,
    data_actions: Vec<&'a str>,
    not_data_actions: Vec<&'a str>,
    assignable_scopes: Vec<&'a str>,
}

/// `{"id", "name", "type", "properties": {"roleDefinitionId", "principalId", "scope", "principalType"?}}`.
#[derive(Serialize)]
pub struct RoleAssignmentJson<'a> {
    id: String,
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    properties: AssignmentProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentProperties<'a> {
    role_definition_id: String,
    principal_id: &'a str,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_type: Option<&'static str>,
}

impl<'a> RoleAssignmentJson<'a> {
    pub(super) fn new(state: &State, one: &'a RoleAssignment) -> Self {
        let above = if one.scope == "/" { "" } else { &one.scope };
        let caller = state.principal(&one.principal_id).map(|principal| principal.kind);
        let token = || state.credential(&one.principal_id).map(|_| ActorKind::Application);
        Self {
            id: format!("{above}/providers/Microsoft.Authorization/roleAssignments/{}", one.id),
            name: &one.id,
            kind: "Microsoft.Authorization/roleAssignments",
            properties: AssignmentProperties {
                role_definition_id: format!(
                    "/providers/Microsoft.Authorization/roleDefinitions/{}",
                    one.role_definition_id
                ),
                principal_id: &one.principal_id,
                scope: &one.scope,
                principal_type: caller.or_else(token).map(|kind| match kind {
                    ActorKind::User => "User",
                    _ => "ServicePrincipal",
                }),
            },
        }
    }
}

impl<'a> From<&'a RoleDefinition> for RoleDefinitionJson<'a> {
    fn from(role: &'a RoleDefinition) -> Self {
        Self {
            id: format!("/providers/Microsoft.Authorization/roleDefinitions/{}", role.id),
            name: &role.id,
            kind: "Microsoft.Authorization/roleDefinitions",
            properties: RoleProperties {
                role_name: &role.name,
                kind: if role.built_in { "BuiltInRole" } else { "CustomRole" },
                description: &role.description,
                assignable_scopes: scopes(role),
                permissions: role.permissions.iter().map(PermissionJson::from).collect(),
            },
        }
    }
}

impl<'a> From<&'a Permission> for PermissionJson<'a> {
    fn from(permission: &'a Permission) -> Self {
        Self {
            actions: &permission.actions,
            not_actions: &permission.not_actions,
            data_actions: &permission.data_actions,
            not_data_actions: &permission.not_data_actions,
        }
    }
}

impl<'a> From<&'a [&'a Permission]> for PermissionsJson<'a> {
    fn from(permissions: &'a [&'a Permission]) -> Self {
        Self { value: permissions.iter().map(|&permission| permission.into()).collect() }
    }
}

impl<'a> From<&'a RoleDefinition> for RoleInputJson<'a> {
    fn from(role: &'a RoleDefinition) -> Self {
        // This form has one list of each; several permissions of a role mean their union.
        let all = |list: fn(&Permission) -> &Vec<String>| {
            role.permissions.iter().flat_map(list).map(String::as_str).collect()
        };
        Self {
            name: &role.name,
            is_custom: !role.built_in,
            description: &role.description,
            actions: all(|permission| &permission.actions),
            not_actions: all(|permission| &permission.not_actions),
            data_actions: all(|permission| &permission.data_actions),
            not_data_actions: all(|permission| &permission.not_data_actions),
            assignable_scopes: scopes(role),
        }
    }
}

fn scopes(role: &RoleDefinition) -> Vec<&str> {
    role.assignable_scopes.iter().map(Scope::as_str).collect()
}
