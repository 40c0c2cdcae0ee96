//! What stands around the values in each language: commands, resources, declarations of variables.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::build::Builder;
use super::dialect::{ARM, BICEP, HTTP, JSON, POWERSHELL, SHELL, TERRAFORM, Writer};
use super::escape::{Style, snake};
use super::item::Item;
use super::place::{GROUP, LOCATION, NAME, SUBSCRIPTION};
use super::value::{Text, Value, Variables};
use super::{Converted, Endpoint, Format, powershell};
use crate::format::format;
use crate::rules::words;

/// The type of the resource, and the version of the API.
const TYPE: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies";
const VERSION: &str = "2020-01-01";
const TYPE_AND_VERSION: &str = "Microsoft.Security/locations/jitNetworkAccessPolicies@2020-01-01";

/// Writes items, and what is to be said about variables.
#[cold]
#[inline(never)]
pub fn write(builder: Builder, items: &[Item]) -> Converted {
    let Builder { to, endpoint, mut variables, mut notes, .. } = builder;
    if to == Format::Rest {
        variables.of("accessToken", false, None);
    }
    for index in 0..variables.0.len() {
        notes.extend(fill_in(to, endpoint, index, &variables));
    }
    notes.extend(endpoint.and_then(|endpoint| elsewhere(to, endpoint)));
    let text = match to {
        Format::PowerShell => powershell::script(items, endpoint, &variables, &mut notes),
        Format::Az => az(items, endpoint, &variables),
        Format::Rest => rest(items, endpoint, &variables),
        Format::Arm => arm(items, &variables, &mut notes),
        Format::Bicep => bicep(items, &variables, &mut notes),
        Format::Terraform => terraform(items, endpoint, &variables),
        Format::Json => json(items, &variables),
    };
    Converted { text, notes }
}

/// What there is to know where calls go to another server than Azure's.
#[cold]
#[inline(never)]
fn elsewhere(to: Format, endpoint: Endpoint) -> Option<String> {
    let audience = format!("`{}/`", endpoint.as_str());
    match to {
        Format::Az => Some(format!(
            "`az` gets a token for {audience}: name another in `--resource` where the server takes another, and with a token of its own put `--skip-authorization-header --headers \"Authorization=Bearer …\"` in its place"
        )),
        Format::PowerShell => Some(format!(
            "`Invoke-AzRestMethod` gets a token for {audience}: name another in `-ResourceId` where the server takes another"
        )),
        Format::Terraform => Some(format!(
            "the provider gets a token for {audience}: name another as its audience where the server takes another"
        )),
        Format::Arm | Format::Bicep => Some(format!(
            "a template names no endpoint: Azure deploys it, and {audience} has no part in that"
        )),
        Format::Rest | Format::Json => None,
    }
}

/// What is to be filled in, and why.
#[cold]
#[inline(never)]
fn fill_in(to: Format, endpoint: Option<Endpoint>, index: usize, variables: &Variables) -> Option<String> {
    let dialect = match to {
        Format::PowerShell => &POWERSHELL,
        Format::Az => &SHELL,
        Format::Rest => &HTTP,
        Format::Arm => &ARM,
        Format::Bicep => &BICEP,
        Format::Terraform => &TERRAFORM,
        Format::Json => &JSON,
    };
    let variable = variables.0.get(index)?;
    let name = match to {
        Format::Az => snake(&variable.name),
        Format::Json => {
            let mut writer = Writer::new(dialect, variables);
            writer.variable(index);
            words::plain(&writer.out)
        }
        _ => {
            let mut writer = Writer::new(dialect, variables);
            writer.variable(index);
            writer.out
        }
    };
    let why = match (&variable.written, &variable.hint) {
        (Some(_), _) if to == Format::Json && variable.place.is_none() => {
            "the document leaves it open".to_string()
        }
        (Some(written), _) => format!("the document has {} there", words::quoted(written)),
        (None, Some(hint)) => {
            format!("the document does not say it; its machines are in {}", words::quoted(hint))
        }
        (None, None) if variable.name == "accessToken" => match endpoint {
            Some(endpoint) => format!(
                "one of the server's own, or what `az account get-access-token --resource {}/` prints",
                endpoint.as_str()
            ),
            None => "`az account get-access-token` prints one".to_string(),
        },
        (None, None) => "the document does not say it".to_string(),
    };
    Some(format!("fill in `{name}`: {why}"))
}

/// Declares each variable in a line, and leaves one free behind them.
#[cold]
#[inline(never)]
pub fn declare(writer: &mut Writer, variables: &Variables, line: fn(&str) -> String) {
    for variable in &variables.0 {
        writer.raw(&line(&variable.name)).raw("\n");
    }
    if !variables.0.is_empty() {
        writer.raw("\n");
    }
}

#[cold]
#[inline(never)]
fn az(items: &[Item], endpoint: Option<Endpoint>, variables: &Variables) -> String {
    let mut writer = Writer::new(&SHELL, variables);
    declare(&mut writer, variables, |name| {
        let name = snake(name);
        format!("{name}='<{name}>'")
    });
    for (index, item) in items.iter().enumerate() {
        writer.raw(if index > 0 { "\n" } else { "" });
        let method = item.method().to_ascii_lowercase();
        writer
            .raw("az rest --method ")
            .raw(&method)
            .raw(" \\\n  --url ")
            .styled(&item.url(endpoint), Style::Word);
        if let Some(endpoint) = endpoint {
            // `az` knows by itself whose token a call to Azure takes, and sends none to others.
            let audience = Text::plain(format!("{}/", endpoint.as_str()));
            writer.raw(" \\\n  --resource ").styled(&audience, Style::Word);
        }
        writer.raw(" \\\n  --body '").value(&Value::Object(item.body()), 0);
        writer.raw("'\n");
    }
    writer.out
}

#[cold]
#[inline(never)]
fn rest(items: &[Item], endpoint: Option<Endpoint>, variables: &Variables) -> String {
    let mut writer = Writer::new(&HTTP, variables);
    declare(&mut writer, variables, |name| format!("@{name} = <{name}>"));
    for (index, item) in items.iter().enumerate() {
        writer.raw(if index > 0 { "\n###\n\n" } else { "" });
        writer.raw(item.method()).raw(" ").styled(&item.url(endpoint), Style::Url);
        writer.raw("\nContent-Type: application/json\nAuthorization: Bearer {{accessToken}}\n\n");
        writer.value(&Value::Object(item.body()), 0);
        writer.raw("\n");
    }
    writer.out
}

/// `location/name`, as templates name it.
#[cold]
#[inline(never)]
fn name(item: &Item) -> Text {
    item.part(LOCATION).clone().with("/").and(item.part(NAME), ToString::to_string)
}

fn policies(items: &[Item]) -> impl Iterator<Item = &Item> {
    items.iter().filter(|item| !item.is_request())
}

/// Says where a template goes.
#[cold]
#[inline(never)]
fn deploy(items: &[Item], notes: &mut Vec<String>) {
    let known = |at: usize| policies(items).next().and_then(|item| item.part(at).known()).map(words::quoted);
    notes.push(match (known(GROUP), known(SUBSCRIPTION)) {
        (Some(group), Some(subscription)) => {
            format!("deploy it to resource group {group} of subscription {subscription}")
        }
        _ => "deploy it to the resource group that the policy is to be in".to_string(),
    });
}

#[cold]
#[inline(never)]
fn arm(items: &[Item], variables: &Variables, notes: &mut Vec<String>) -> String {
    deploy(items, notes);
    let resources = policies(items).map(|item| {
        let mut members = alloc::vec![
            ("type", Value::text(TYPE)),
            ("apiVersion", Value::text(VERSION)),
            ("name", Value::Text(name(item))),
        ];
        members.extend(item.body());
        Value::Object(members)
    });
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let mut writer = Writer::new(&ARM, variables);
    writer.raw("{\n  \"$schema\": \"").raw(schema).raw("\",\n  \"contentVersion\": \"1.0.0.0\",\n");
    for (index, variable) in variables.0.iter().enumerate() {
        writer.raw(if index > 0 { ",\n    \"" } else { "  \"parameters\": {\n    \"" }).raw(&variable.name);
        writer.raw(if variable.number {
            "\": { \"type\": \"int\" }"
        } else {
            "\": { \"type\": \"string\" }"
        });
    }
    writer.raw(if variables.0.is_empty() { "" } else { "\n  },\n" }).raw("  \"resources\": ");
    writer.value(&Value::Array(resources.collect()), 1);
    writer.raw("\n}\n");
    writer.out
}

#[cold]
#[inline(never)]
fn bicep(items: &[Item], variables: &Variables, notes: &mut Vec<String>) -> String {
    deploy(items, notes);
    let mut writer = Writer::new(&BICEP, variables);
    for variable in &variables.0 {
        let kind = if variable.number { " int\n" } else { " string\n" };
        writer.raw("param ").raw(&variable.name).raw(kind);
    }
    writer.raw(if variables.0.is_empty() { "" } else { "\n" });
    for (index, item) in policies(items).enumerate() {
        writer.raw(if index > 0 { "\n" } else { "" });
        writer.raw("resource jitPolicy").raw(&number("", index)).raw(" '").raw(TYPE_AND_VERSION).raw("' = ");
        let mut members = alloc::vec![("name", Value::Text(name(item)))];
        members.extend(item.body());
        writer.value(&Value::Object(members), 0);
        writer.raw("\n");
    }
    writer.out
}

#[cold]
#[inline(never)]
fn terraform(items: &[Item], endpoint: Option<Endpoint>, variables: &Variables) -> String {
    let mut writer = Writer::new(&TERRAFORM, variables);
    writer.raw("# The provider is Azure/azapi, 2.0 or newer.\n\n");
    if let Some(endpoint) = endpoint.map(Endpoint::as_str) {
        writer.raw("provider \"azapi\" {\n  endpoint = [{\n    resource_manager_endpoint = \"").raw(endpoint);
        writer.raw("\"\n    resource_manager_audience = \"").raw(endpoint).raw("/\"\n  }]\n}\n\n");
    }
    for variable in &variables.0 {
        let kind = if variable.number { "number" } else { "string" };
        writer.raw(&format!("variable \"{}\" {{\n  type = {kind}\n}}\n\n", snake(&variable.name)));
    }
    for (index, item) in items.iter().enumerate() {
        writer.raw(if index > 0 { "\n" } else { "" });
        let kind = ("type", Value::text(TYPE_AND_VERSION));
        let body = ("body", Value::Object(item.body()));
        let (resource, label, members) = if item.is_request() {
            let id = Value::Text(item.policy_id(ToString::to_string));
            let call = [("action", Value::text("initiate")), ("method", Value::text("POST"))];
            let [action, method] = call;
            (
                "azapi_resource_action",
                "jit_request",
                alloc::vec![kind, ("resource_id", id), action, method, body],
            )
        } else {
            let parent = Value::Text(item.parent_id(ToString::to_string));
            let name = Value::Text(item.part(NAME).clone());
            ("azapi_resource", "jit_policy", alloc::vec![kind, ("name", name), ("parent_id", parent), body])
        };
        let label = format!("{label}{}", number("_", index));
        writer.raw("resource \"").raw(resource).raw("\" \"").raw(&label).raw("\" ");
        writer.value(&Value::Object(members), 0);
        writer.raw("\n");
    }
    writer.out
}

/// What tells the names of further ones from the first's.
#[cold]
#[inline(never)]
fn number(before: &str, index: usize) -> String {
    if index == 0 { String::new() } else { format!("{before}{}", index.saturating_add(1)) }
}

/// One is the body of its call. Several are told apart by what is known of their places.
#[cold]
#[inline(never)]
fn json(items: &[Item], variables: &Variables) -> String {
    let mut writer = Writer::new(&JSON, variables);
    match items {
        [only] => writer.value(&Value::Object(only.body()), 0),
        several => {
            let list = several.iter().map(|item| {
                let mut members = identity(item);
                members.extend(item.body());
                Value::Object(members)
            });
            writer.value(&Value::Object(alloc::vec![("value", Value::Array(list.collect()))]), 0);
        }
    }
    writer.raw("\n");
    writer.out
}

#[cold]
#[inline(never)]
fn identity(item: &Item) -> Vec<(&'static str, Value)> {
    let known = |at: usize| item.part(at).known().is_some();
    if [SUBSCRIPTION, GROUP, LOCATION, NAME].into_iter().all(known) {
        return alloc::vec![("id", Value::Text(item.policy_id(ToString::to_string)))];
    }
    let mut members = Vec::new();
    for (at, name) in [(NAME, "name"), (LOCATION, "location")] {
        members.extend(item.part(at).known().map(|text| (name, Value::text(text))));
    }
    members
}
