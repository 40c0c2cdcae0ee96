//! A machine in the preview: its class, what reaches it in each state, what stays open, and the rules written for it.
use jitgate_core::preview::{MachinePreview, States};
use leptos::prelude::*;

use super::exposure::exposure;
use super::states::states;
use super::written::written;
use crate::dom::view;
use crate::parts::protocol as protocol_word;
use crate::state::Pictured;
use crate::ui::{CodeText, Glyph, Icon, framed_table, unique};

/// So many machines without a policy are listed.
const MOST: usize = 100;

/// A machine of the policy.
pub fn machine(machine: &MachinePreview, pictured: &Pictured) -> AnyView {
    let heading = unique("machine");
    let own = heading.clone();
    let ports: Vec<String> =
        machine.ports.iter().map(|(protocol, port)| format!("{} {port}", protocol_word(*protocol))).collect();
    let unknown = machine.states.is_none().then(|| {
        view! {
            <p class="network-none">
                "The network does not have this machine: what reaches it cannot be told. Add the file that has it."
            </p>
        }
    });
    view! {
        <article class="machine" aria-labelledby=own>
            <div class="machine-head">
                <h3 class="machine-name" id=heading title=machine.id.clone()><bdi>{machine.name.clone()}</bdi></h3>
                {class(machine)}
                <span class="machine-ports">"Protected: "{ports.join(", ")}</span>
            </div>
            {reason(machine)}
            {machine.residual.iter().map(|it| exposure(machine, it)).collect_view()}
            {unknown}
            {machine.states.as_ref().map(|it| states(machine, it))}
            {machine.states.as_ref().filter(|_| pictured.requested).map(restored)}
            {written(&machine.rules)}
        </article>
    }
    .into_any()
}

/// In Azure's words.
fn class_name(machine: &MachinePreview) -> &'static str {
    match machine.class {
        "configured" => "Configured",
        "unsupported" => "Unsupported",
        _ => "Not configured",
    }
}

fn class(machine: &MachinePreview) -> AnyView {
    view! { <span class="badge class-badge" data-class=machine.class>{class_name(machine)}</span> }.into_any()
}

fn reason(machine: &MachinePreview) -> Option<AnyView> {
    let text = machine.reason.clone();
    (!text.is_empty()).then(|| view! { <p class="machine-reason"><CodeText text /></p> }.into_any())
}

/// That the end of the last request leaves nothing behind, and the proof.
fn restored(states: &States) -> AnyView {
    let same = states.is_restored();
    let hex = |digest: [u8; 32]| digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let (after, rest) = (hex(states.after.may.digest()), hex(states.at_rest.may.digest()));
    let words = if same {
        "After the last request has ended, exactly the traffic at rest is left."
    } else {
        "After the last request has ended, the traffic is not that at rest."
    };
    let glyph = if same { Glyph::Check } else { Glyph::Error };
    view! {
        <div class="restored" data-same=same.to_string()>
            <Icon glyph />
            <details>
                <summary>{words}</summary>
                <dl class="digests">
                    <dt>"SHA-256 of what reaches it at rest"</dt>
                    <dd><code>{rest}</code></dd>
                    <dt>"SHA-256 of what reaches it after"</dt>
                    <dd><code>{after}</code></dd>
                </dl>
            </details>
        </div>
    }
    .into_any()
}

/// The machines that no policy protects, with their class.
pub fn others(machines: &[&MachinePreview]) -> Option<AnyView> {
    if machines.is_empty() {
        return None;
    }
    let left = machines.len().saturating_sub(MOST);
    let rows = machines.iter().take(MOST).map(|machine| {
        view! {
            <tr>
                <th scope="row" title=machine.id.clone()><bdi>{machine.name.clone()}</bdi></th>
                <td>{class(machine)}</td>
                <td class="cell-wide"><CodeText text=machine.reason.clone() /></td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let table =
        framed_table("Machines that are not in this policy", "table", &["Machine", "Class", "Why"], rows);
    Some(
        view! {
            <div class="others">
                <h3 class="others-title">"Not in this policy"</h3>
                {table}
                {(left > 0).then(|| view! { <p class="network-none">{format!("And {left} more.")}</p> })}
            </div>
        }
        .into_any(),
    )
}
