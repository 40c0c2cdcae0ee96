//! PowerShell: the cmdlets as the documentation shows them, and the call itself where they lack a parameter.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Endpoint;
use super::dialect::{POWERSHELL, Writer};
use super::item::{Content, Item};
use super::layout::declare;
use super::place::{GROUP, LOCATION, NAME, SUBSCRIPTION};
use super::value::{Text, Value, Variables};
use crate::format::format;

#[cold]
#[inline(never)]
pub fn script(
    items: &[Item],
    endpoint: Option<Endpoint>,
    variables: &Variables,
    notes: &mut Vec<String>,
) -> String {
    let mut writer = Writer::new(&POWERSHELL, variables);
    declare(&mut writer, variables, |name| format!("${name} = '<{name}>'"));
    let mut last: Option<&Text> = None;
    for (index, item) in items.iter().enumerate() {
        writer.raw(if index > 0 { "\n" } else { "" });
        if let Some(endpoint) = endpoint {
            let cmdlet = if item.is_request() { "Start" } else { "Set" };
            writer
                .raw("# ")
                .raw(cmdlet)
                .raw("-AzJitNetworkAccessPolicy takes no endpoint: this is the call that it makes.\n");
            call(&mut writer, item, Some(endpoint));
            continue;
        }
        let subscription = item.part(SUBSCRIPTION);
        if last != Some(subscription) {
            // The cmdlets work in the subscription of the session.
            writer.raw("Set-AzContext -Subscription ").text(subscription);
            writer.raw("\n\n");
            last = Some(subscription);
        }
        if item.cmdlet {
            cmdlet(&mut writer, item);
        } else {
            call(&mut writer, item, None);
            notes.push(lacks(item));
        }
    }
    writer.out
}

#[cold]
#[inline(never)]
fn cmdlet(writer: &mut Writer, item: &Item) {
    writer.raw("$JitPolicyArr = ").value(&item.machines, 0);
    writer.raw("\n\n");
    match &item.content {
        Content::Policy(kind) => {
            // The cmdlet wants a kind, and there is one alone.
            let basic = Text::plain("Basic");
            let parameters = [
                ("Set-AzJitNetworkAccessPolicy -Kind ", kind.as_ref().unwrap_or(&basic)),
                (" -Location ", item.part(LOCATION)),
                (" -Name ", item.part(NAME)),
                (" -ResourceGroupName ", item.part(GROUP)),
            ];
            for (name, value) in parameters {
                writer.raw(name).text(value);
            }
        }
        Content::Request(_) => {
            writer
                .raw("Start-AzJitNetworkAccessPolicy -ResourceId ")
                .text(&item.policy_id(ToString::to_string));
        }
    }
    writer.raw(" -VirtualMachine $JitPolicyArr\n");
}

/// The call that the cmdlet would make.
#[cold]
#[inline(never)]
fn call(writer: &mut Writer, item: &Item, endpoint: Option<Endpoint>) {
    writer.raw("$Body = ").value(&Value::Object(item.body()), 0);
    writer.raw("\n\nInvoke-AzRestMethod -Method ").raw(item.method());
    match endpoint {
        Some(endpoint) => {
            // Its host alone does not tell whose token the call takes.
            let audience = Text::plain(format!("{}/", endpoint.as_str()));
            writer.raw(" -Uri ").text(&item.url(Some(endpoint)));
            writer.raw(" -ResourceId ").text(&audience);
        }
        None => writer.raw(" -Path ").text(&item.path()),
    }
    writer.raw(" -Payload ($Body | ConvertTo-Json -Depth 10)\n");
}

/// Why the call is made without the cmdlet.
#[cold]
#[inline(never)]
fn lacks(item: &Item) -> String {
    let (cmdlet, lacks) = match &item.content {
        Content::Policy(_) => ("Set", "no `publicIpAddress`"),
        Content::Request(Some(_)) => ("Start", "no justification"),
        Content::Request(None) => {
            ("Start", "no list of sources, and no duration but a known one of whole seconds")
        }
    };
    format!("`{cmdlet}-AzJitNetworkAccessPolicy` has {lacks}: `Invoke-AzRestMethod` makes the call with it")
}
