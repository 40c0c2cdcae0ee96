//! The request nearest to a refused one that would be granted, one click away.
use jitgate_core::decide::{Nearest as Decided, Until};
use jitgate_core::ledger::ResourceId;
use jitgate_core::model::duration::DurationText;
use jitgate_logic::draft::plain_time;
use leptos::prelude::*;

use super::ask::Ask;
use crate::api::{Json, Refusal};
use crate::dom::view;
use crate::ui::{CodeText, Glyph, Icon};

/// A port of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Allowed {
    machine: ResourceId,
    number: u16,
    sources: Vec<String>,
    /// ISO 8601.
    duration: String,
}

/// The request nearest to what was asked of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    policy: ResourceId,
    ports: Vec<Allowed>,
    /// What is different in it.
    pub changes: Vec<String>,
}

impl Nearest {
    /// As the core has decided.
    pub fn decided(policy: ResourceId, nearest: Decided) -> Self {
        let mut ports = Vec::new();
        for machine in nearest.body.machines {
            let id = ResourceId::new(&machine.id);
            for port in machine.ports {
                ports.push(Allowed {
                    machine: id.clone(),
                    number: port.number,
                    sources: port.sources.iter().map(ToString::to_string).collect(),
                    duration: match port.until {
                        Until::Duration(duration) => duration,
                        Until::End(_) => String::new(),
                    },
                });
            }
        }
        Self { policy, ports, changes: nearest.changes }
    }

    /// As the server names it when it refuses.
    pub fn refused(policy: ResourceId, refusal: &Refusal) -> Option<Self> {
        let ports = Json::read(refusal.nearest.as_deref()?, |json| {
            let mut ports = Vec::new();
            for machine in json.get("virtualMachines").list() {
                let id = ResourceId::new(&machine.get("id").string());
                ports.extend(machine.get("ports").list().map(|port| allowed(&id, port)));
            }
            ports
        });
        Some(Self { policy, ports, changes: refusal.changes.clone() })
    }

    /// The form is made to ask for this.
    pub fn take(&self, asks: &mut [Ask], address: &str) {
        for ask in asks.iter_mut().filter(|ask| ask.on && ask.policy.as_ref() == Some(&self.policy)) {
            let is =
                |port: &&Allowed| Some(&port.machine) == ask.machine.as_ref() && port.number == ask.number;
            let Some(allowed) = self.ports.iter().find(is) else {
                ask.on = false;
                continue;
            };
            let plain = |source: &String| source.strip_suffix("/32").unwrap_or(source).to_owned();
            let sources: Vec<_> = allowed.sources.iter().map(plain).collect();
            ask.mine = sources.as_slice() == [address.to_owned()];
            ask.ranges = if ask.mine { String::new() } else { sources.join(", ") };
            if DurationText::parse(&allowed.duration).length().is_some() {
                ask.time = plain_time(&allowed.duration, ask.unit);
            }
        }
    }
}

fn allowed(machine: &ResourceId, port: Json) -> Allowed {
    Allowed {
        machine: machine.clone(),
        number: port.get("number").port(),
        sources: match port.get("allowedSourceAddressPrefix").text() {
            Some(one) => vec![one.into_owned()],
            None => port.get("allowedSourceAddressPrefixes").strings(),
        },
        duration: port.get("duration").string(),
    }
}

/// What would be granted, and the button that asks for it.
#[component]
pub fn NearestOffer(nearest: Vec<Nearest>, on_take: Callback<Vec<Nearest>>) -> impl IntoView {
    let change = |change: &String| view! { <li><CodeText text=change.clone() /></li> };
    let changes: Vec<_> = nearest.iter().flat_map(|nearest| &nearest.changes).map(change).collect();
    view! {
        <section class="offer" aria-labelledby="offer-title">
            <h3 class="offer-title" id="offer-title">"The nearest request that is allowed"</h3>
            <ul class="offer-changes">{changes}</ul>
            <button type="button" class="button" on:click=move |_| on_take.run(nearest.clone())>
                <Icon glyph=Glyph::Check />
                <span>"Use the nearest request that is allowed"</span>
            </button>
        </section>
    }
}
