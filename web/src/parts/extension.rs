//! Extending open access: the button says until when before it is pressed.
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::model::duration::canonical;
use jitgate_logic::draft::time_words;
use jitgate_logic::{Allows, Extension, Granted, quoted};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Access, Held, both, clock, local_minute};
use crate::api::Json;
use crate::browser;
use crate::dom::view;

const DAY: Duration = Duration::from_hours(24);

impl Held {
    /// The body of the request that opens the same again, until a time or for a while.
    fn again(&self, asked: &str) -> String {
        let sources: Vec<String> = self.sources.iter().map(|source| quoted(source)).collect();
        let sources = match sources.as_slice() {
            [one] => format!("\"allowedSourceAddressPrefix\":{one}"),
            all => format!("\"allowedSourceAddressPrefixes\":[{}]", all.join(",")),
        };
        let why = match self.justification.as_str() {
            "" => String::new(),
            why => format!(",\"justification\":{}", quoted(why)),
        };
        format!(
            "{{\"virtualMachines\":[{{\"id\":{},\"ports\":[{{\"number\":{},{sources},{asked}}}]}}]{why}}}",
            quoted(self.machine.text()),
            self.port,
        )
    }
}

impl Access {
    /// The longest time at once for which its policy grants all of it; none where it does not.
    fn longest(self, held: &Held) -> Option<Duration> {
        let policy = self.fleet.policy(&held.policy)?;
        let (start, end) = held.start.zip(held.end)?;
        let protocols = self.protocols(held);
        let granted = Granted { protocols: &protocols, sources: &held.sources, start, end };
        let rules = policy.rules_of(&held.machine)?.ports.iter().filter(|rule| rule.number == held.port);
        granted.longest(rules.map(|rule| Allows {
            protocol: rule.protocol,
            sources: &rule.sources,
            longest: &rule.longest,
        }))
    }

    /// Asks for the same again; the newer request takes the older one's place.
    fn extend(self, held: Held, asked: String) {
        let Some(api) = self.api() else { return };
        let begun = self.begin(&held);
        spawn_local(async move {
            let done = api.initiate(&held.policy, &held.again(&asked), &browser::guid()).await;
            let until = done.as_ref().ok().and_then(|answer| Json::read(&answer.body, end)).map(both);
            let said = format!("Extended: {} is open until {}", held.what(), until.unwrap_or_default());
            self.end(begun, held, done.map(drop), said, "extended");
        });
    }
}

/// The end of the one port that was asked for.
fn end(answer: Json) -> Option<Timestamp> {
    let machine = answer.get("virtualMachines").list().next()?;
    machine.get("ports").list().next()?.get("endTimeUtc").time()
}

/// Why nothing comes of it.
fn why(extension: &Extension) -> String {
    match extension {
        Extension::To { .. } => String::new(),
        Extension::Longest(longest) => {
            let longest = time_words(&canonical(*longest));
            format!("Its policy allows {longest} at a time, which would not end later")
        }
        Extension::NotAllowed => {
            "Its policy cannot be read any more, or does not allow it any more: ask for access anew"
                .to_owned()
        }
    }
}

pub fn extend_button(access: Access, held: &Held) -> AnyView {
    let (what, own, again) = (held.what(), held.clone(), held.clone());
    let span = held.start.zip(held.end);
    let longest = Memo::new(move |_| access.longest(&own));
    let extension = Memo::new(move |_| {
        let (now, (start, end)) = access.fleet.now.get().zip(span)?;
        Some(Extension::of([start, end], longest.get(), now))
    });
    // Within a day the time alone is certain, and leaves room for the rest of the row; the title has the day, too.
    let is_far = move |end: Timestamp| {
        access.fleet.now.get().and_then(|now| end.since(now)).is_some_and(|ahead| ahead > DAY)
    };
    let label = move || match extension.get() {
        Some(Extension::To { end, .. }) if is_far(end) => format!("Extend to {}", clock(end)),
        Some(Extension::To { end, .. }) => format!("Extend to {}", local_minute(end)),
        _ => "Extend".to_owned(),
    };
    let is_off = move || access.busy.get() || !matches!(extension.get(), Some(Extension::To { .. }));
    let title = move || {
        extension.get().map(|extension| match extension {
            Extension::To { end, .. } => format!("Until {}", both(end)),
            extension => why(&extension),
        })
    };
    let press = move |_| {
        if access.busy.get_untracked() {
            return;
        }
        match extension.get_untracked() {
            Some(Extension::To { asked, .. }) => access.extend(again.clone(), asked),
            Some(extension) => access.toast.say(why(&extension)),
            None => {}
        }
    };
    view! {
        <button
            type="button"
            class="button button-small"
            aria-label=move || format!("{}: {what}", label())
            aria-disabled=move || is_off().then_some("true")
            title=title
            on:click=press
        >
            {label}
        </button>
    }
    .into_any()
}
