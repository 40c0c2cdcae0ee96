//! *Enable just-in-time*: one click, with the settings that Azure's page of a virtual machine has.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_logic::{Touched, quoted};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::machine::Known;
use crate::api::{Api, Failure, Json, Machine, Os};
use crate::dom::{Child, view};
use crate::parts::details;
use crate::state::{Fleet, Panel, Panels, Session};
use crate::ui::{Notice, Teller, Toast, Tone, focus_heading, is_focus_lost, unique};

/// So often is it tried when somebody else changes the policy at the same time.
const TRIES: usize = 4;

/// The port that a system is reached by: number and name.
const fn port(os: Os) -> (u16, &'static str) {
    match os {
        Os::Windows => (3389, "RDP"),
        Os::Linux => (22, "SSH"),
    }
}

/// The policy that a machine comes into: `default` of its group and region; none for what is in no group.
fn home(machine: &Machine) -> Option<ResourceId> {
    if machine.is_ec2 || machine.resource_group.is_empty() || machine.location.is_empty() {
        return None;
    }
    let (subscription, group) = (&machine.subscription, &machine.resource_group);
    let region = machine.location.replace(' ', "").to_ascii_lowercase();
    Some(ResourceId::new(&format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Security/locations/{region}/jitNetworkAccessPolicies/default"
    )))
}

/// What the button does, and what came of it.
#[derive(Clone, Copy)]
struct Enabling {
    machine: Known,
    /// What the user says of a machine whose system is not known.
    chosen: RwSignal<Option<Os>>,
    busy: RwSignal<bool>,
    /// The button was pressed, and that has not failed: it goes with the news of it.
    goes: StoredValue<bool>,
    fault: RwSignal<Option<(String, Failure)>>,
    fleet: Fleet,
    session: Session,
    toast: Toast,
}

impl Enabling {
    fn new(machine: Known) -> Self {
        Self {
            machine,
            chosen: RwSignal::new(None),
            busy: RwSignal::new(false),
            goes: StoredValue::new(false),
            fault: RwSignal::new(None),
            fleet: expect_context::<Fleet>(),
            session: expect_context::<Session>(),
            toast: expect_context::<Toast>(),
        }
    }

    /// Where the button that was pressed goes with the focus, the heading has it.
    fn keep_focus(self) {
        on_cleanup(move || {
            if self.goes.try_get_value() == Some(true) {
                request_animation_frame(|| {
                    if is_focus_lost() {
                        focus_heading();
                    }
                });
            }
        });
    }

    fn os(self) -> Option<Os> {
        self.machine.with(|it| it.as_ref().and_then(|it| it.os)).or_else(|| self.chosen.get())
    }

    /// The machine, unless it is being enabled.
    fn idle(self) -> Option<Arc<Machine>> {
        self.machine.get_untracked().filter(|_| !self.busy.get_untracked())
    }

    fn enable(self) {
        let Some(machine) = self.idle() else { return };
        let Some(api) = self.session.api.get_untracked() else { return self.session.ask() };
        let (Some(os), Some(policy)) = (untrack(|| self.os()), home(&machine)) else { return };
        self.busy.set(true);
        self.goes.set_value(true);
        self.fault.set(None);
        let is_there = untrack(|| self.fleet.policy(&policy).is_some());
        let teller = self.toast.teller();
        spawn_local(async move {
            let done = put(api, &policy, &machine.id, port(os).0, is_there).await;
            if done.as_ref().err().is_none_or(|(may_be_done, _)| *may_be_done) {
                self.fleet.renew(Touched::policy(policy, [machine.id.clone()]));
            }
            self.end(&teller, &machine.name, done);
        });
    }

    fn end(self, teller: &Teller, name: &str, done: Result<(), (bool, Failure)>) {
        let is_left = self.busy.try_set(false).is_some() || !teller.is_heard();
        match done {
            Ok(()) => teller.say(format!("Just-in-time access is enabled on {name}")),
            Err((may_be_done, failure)) => {
                self.goes.set_value(may_be_done);
                let is_not = if may_be_done {
                    "It is not known whether just-in-time access was"
                } else {
                    "Just-in-time access could not be"
                };
                let words = format!("{is_not} enabled on {name}. {failure}");
                if is_left {
                    teller.report(words);
                } else {
                    self.fault.set(Some((words, failure)));
                }
            }
        }
    }
}

#[component]
pub fn Enable(machine: Known) -> impl IntoView {
    let enabling = Enabling::new(machine);
    enabling.keep_focus();
    let Enabling { chosen, busy, fault, .. } = enabling;
    let os = Memo::new(move |_| enabling.os());
    let is_unknown = Memo::new(move |_| machine.with(|it| it.as_ref().is_some_and(|it| it.os.is_none())));
    let at_home = Memo::new(move |_| machine.with(|it| it.as_ref().is_some_and(|it| home(it).is_some())));
    let panels = expect_context::<Panels>();
    let choose = move |_| {
        if let Some(machine) = enabling.idle() {
            panels.show(Panel::Enable(vec![machine]));
        }
    };
    let refused = move || {
        fault.get().map(|(words, failure)| {
            view! { <Notice tone=Tone::Error><p>{words}</p>{details(&failure)}</Notice> }
        })
    };
    let ready = move || os.with(Option::is_some) && !busy.get();
    let offer = move || {
        view! {
            {move || is_unknown.get().then(|| choice(chosen))}
            {move || settings(os.get())}
            <div class="more">
                <button
                    type="button"
                    class="button button-primary"
                    aria-disabled=move || (!ready()).then_some("true")
                    on:click=move |_| enabling.enable()
                >
                    {move || if busy.get() { "Enabling…" } else { "Enable just-in-time" }}
                </button>
                <button type="button" class="button" aria-disabled=move || busy.get().then_some("true") on:click=choose>
                    "Choose the ports, see what changes"
                </button>
            </div>
        }
    };
    view! {
        {refused}
        {move || if at_home.get() { Child::view(offer()) } else { homeless() }}
    }
}

/// There is no policy that the machine would come into by itself.
fn homeless() -> AnyView {
    view! {
        <p>
            "Just-in-time access is not enabled. This machine is in no resource group: it is enabled on the page "
            <a class="link" href="/?tab=notConfigured">"Just-in-time VM access"</a>
            ", where the policy can be chosen."
        </p>
    }
    .into_any()
}

/// The operating system, where it is not known.
fn choice(chosen: RwSignal<Option<Os>>) -> AnyView {
    let name = unique("os");
    let one = |os: Os, label: &'static str| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || chosen.get() == Some(os)
                    on:change=move |_| chosen.set(Some(os))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="radios">
            <legend>"The operating system of this machine is not known. Which port is it reached by?"</legend>
            {one(Os::Linux, "SSH, port 22 (Linux)")}
            {one(Os::Windows, "RDP, port 3389 (Windows)")}
        </fieldset>
    }
    .into_any()
}

fn settings(os: Option<Os>) -> AnyView {
    let Some(os) = os else {
        return view! { <p>"Just-in-time access is not enabled."</p> }.into_any();
    };
    let (number, name) = port(os);
    let system = if os == Os::Windows { "Windows" } else { "Linux" };
    view! {
        <p>"Just-in-time access is not enabled. With one click it has the settings that are usual for "{system}":"</p>
        <dl class="facts">
            <div class="fact"><dt>{format!("{name} port")}</dt><dd>{number}</dd></div>
            <div class="fact"><dt>"Maximum allowed access"</dt><dd>"Three hours"</dd></div>
            <div class="fact"><dt>"Allowed source IP addresses"</dt><dd>"Any"</dd></div>
        </dl>
    }
    .into_any()
}

/// Adds the machine to the policy as it stands, and never drops another: what was changed meanwhile is read anew. With
/// a failure comes whether it may have been done all the same.
async fn put(
    api: Api,
    policy: &ResourceId,
    machine: &ResourceId,
    port: u16,
    is_there: bool,
) -> Result<(), (bool, Failure)> {
    let mut is_there = is_there;
    for left in (0..TRIES).rev() {
        let (others, etag) = if is_there {
            match api.policy(policy).await {
                Ok(now) if now.machines.iter().any(|own| own.id == *machine) => return Ok(()),
                Ok(now) => (others(&now.json), now.etag),
                Err(failure) if failure.is_absent() => (Vec::new(), None),
                // Nothing was sent yet.
                Err(failure) => return Err((false, failure)),
            }
        } else {
            (Vec::new(), None)
        };
        let body = body(others, machine, port);
        let done = match etag {
            Some(etag) => api.put_policy(policy, &body, Some(etag)).await,
            None => api.put_new_policy(policy, &body).await,
        };
        match done {
            Err(failure) if failure.is_conflict() && left > 0 => is_there = true,
            other => return other.map(drop).map_err(|failure| (failure.may_be_done(), failure)),
        }
    }
    Ok(())
}

/// The machines that the policy has, as they stand there.
fn others(policy: &str) -> Vec<String> {
    Json::read(policy, |json| {
        json.get("properties").get("virtualMachines").list().map(|one| one.raw().to_owned()).collect()
    })
}

fn body(mut machines: Vec<String>, machine: &ResourceId, port: u16) -> String {
    let id = quoted(machine.text());
    machines.push(format!(
        "{{\"id\":{id},\"ports\":[{{\"number\":{port},\"protocol\":\"*\",\"allowedSourceAddressPrefix\":\"*\",\"maxRequestAccessDuration\":\"PT3H\"}}]}}"
    ));
    format!("{{\"kind\":\"Basic\",\"properties\":{{\"virtualMachines\":[{}]}}}}", machines.join(","))
}
