//! *Enable just-in-time*: one click, with the settings that Azure's page of a virtual machine has.
use jitgate_core::ledger::ResourceId;
use jitgate_logic::{Touched, quoted};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::machine::Known;
use crate::api::{Api, Failure, Json, Machine, Os};
use crate::dom::{Child, view};
use crate::parts::details;
use crate::state::{Fleet, Panel, Panels, Session};
use crate::ui::{Notice, Toast, Tone, focus_heading, is_focus_lost, unique};

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

#[component]
pub fn Enable(machine: Known) -> impl IntoView {
    let (fleet, session, toast) =
        (expect_context::<Fleet>(), expect_context::<Session>(), expect_context::<Toast>());
    let chosen = RwSignal::new(None::<Os>);
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<(String, Failure)>);
    let os = Memo::new(move |_| machine.with(|it| it.as_ref().and_then(|it| it.os)).or_else(|| chosen.get()));
    let is_unknown = Memo::new(move |_| machine.with(|it| it.as_ref().is_some_and(|it| it.os.is_none())));
    let at_home = Memo::new(move |_| machine.with(|it| it.as_ref().is_some_and(|it| home(it).is_some())));
    let enable = move |_| {
        let Some(machine) = machine.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        let (Some(api), Some(os), Some(policy)) =
            (session.api.get_untracked(), os.get_untracked(), home(&machine))
        else {
            return;
        };
        busy.set(true);
        fault.set(None);
        let is_there = untrack(|| fleet.policy(&policy).is_some());
        spawn_local(async move {
            let done = put(api, &policy, &machine.id, port(os).0, is_there).await;
            let is_left = busy.try_set(false).is_some();
            if done.as_ref().err().is_none_or(|(may_be_done, _)| *may_be_done) {
                fleet.renew(Touched::policy(policy, [machine.id.clone()]));
            }
            match done {
                Ok(()) => {
                    toast.say(format!("Just-in-time access is enabled on {}", machine.name));
                    // The button goes, or is gone with the news of it.
                    if !is_left || is_focus_lost() {
                        focus_heading();
                    }
                }
                Err((may_be_done, failure)) => {
                    let is_not = if may_be_done {
                        "It is not known whether just-in-time access was"
                    } else {
                        "Just-in-time access could not be"
                    };
                    let words = format!("{is_not} enabled on {}. {failure}", machine.name);
                    if is_left {
                        toast.report(words);
                    } else {
                        fault.set(Some((words, failure)));
                    }
                }
            }
        });
    };
    let panels = expect_context::<Panels>();
    let choose = move |_| {
        if let Some(machine) = machine.get_untracked().filter(|_| !busy.get_untracked()) {
            panels.show(Panel::Enable(vec![machine]));
        }
    };
    let refused = move || {
        fault.get().map(|(words, failure)| {
            view! { <Notice tone=Tone::Error><p>{words}</p>{details(&failure)}</Notice> }
        })
    };
    let ready = move || os.with(Option::is_some) && !busy.get();
    view! {
        {refused}
        {move || if at_home.get() {
            Child::view(view! {
                {move || is_unknown.get().then(|| choice(chosen))}
                {move || settings(os.get())}
                <div class="more">
                    <button
                        type="button"
                        class="button button-primary"
                        aria-disabled=move || (!ready()).then_some("true")
                        on:click=enable
                    >
                        {move || if busy.get() { "Enabling…" } else { "Enable just-in-time" }}
                    </button>
                    <button
                        type="button"
                        class="button"
                        aria-disabled=move || busy.get().then_some("true")
                        on:click=choose
                    >
                        "Choose the ports, see what changes"
                    </button>
                </div>
            })
        } else {
            Child::view(view! {
                <p>
                    "Just-in-time access is not enabled. This machine is in no resource group: it is enabled on the page "
                    <a class="link" href="/?tab=notConfigured">"Just-in-time VM access"</a>
                    ", where the policy can be chosen."
                </p>
            })
        }}
    }
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
