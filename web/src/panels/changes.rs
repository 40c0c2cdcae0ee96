//! What an edited configuration lets requesters do that they could not do before, and the other way round: the core's
//! own comparison of both versions.
use jitgate_core::ledger::ResourceId;
use jitgate_core::order;
use jitgate_core::preview::diff;
use leptos::prelude::*;

use crate::dom::view;
use crate::ui::{Glyph, Icon};

/// So many changes are shown.
const MOST: usize = 12;

/// Two versions of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub before: String,
    pub after: String,
}

/// A change: whether it opens, what becomes of it, and what it is about.
type Line = (bool, &'static str, String);

fn lines(versions: &[Compared]) -> (Vec<Line>, bool) {
    let (mut all, mut complete) = (Vec::new(), true);
    for Compared { before, after } in versions {
        if before == after {
            continue;
        }
        let found = diff(&[before.as_bytes()], &[after.as_bytes()], &[], None);
        complete &= found.complete;
        let line = |change: &jitgate_core::preview::OpenableChange| {
            let stays = change.before.is_some() && change.after.is_some();
            let word = match (change.opens(), stays) {
                (true, true) => "Longer: ",
                (true, false) => "Becomes possible: ",
                (false, true) => "Shorter: ",
                (false, false) => "No longer possible: ",
            };
            (change.opens(), word, format!("{}: {change}", ResourceId::new(&change.machine).name()))
        };
        all.extend(found.openable.iter().map(line));
    }
    order::sort(&mut all, |(opens, ..)| (!opens).into());
    (all, complete)
}

#[component]
pub fn Changes(compared: Signal<Vec<Compared>>) -> impl IntoView {
    let found = Memo::new(move |_| compared.with(|compared| lines(compared)));
    let line = |(opens, word, text): Line| {
        let glyph = if opens { Glyph::Add } else { Glyph::Close };
        view! {
            <li class="change" data-opens=opens.to_string()>
                <Icon glyph />
                <span>{word}<bdi>{text}</bdi></span>
            </li>
        }
    };
    move || {
        let (all, complete) = found.get();
        let left = all.len().saturating_sub(MOST);
        (!all.is_empty() && complete).then(|| {
            view! {
                <section class="changes" aria-labelledby="changes-title">
                    <h3 class="form-title" id="changes-title">"What requesters may do"</h3>
                    <ul class="change-lines">
                        {all.into_iter().take(MOST).map(line).collect::<Vec<_>>()}
                        {(left > 0).then(|| view! { <li class="change">{format!("and {left} more changes")}</li> })}
                    </ul>
                </section>
            }
        })
    }
}
