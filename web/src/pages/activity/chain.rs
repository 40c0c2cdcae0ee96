//! The chain of records, verified in this browser: nobody has to take the server's word for it.
use jitgate_core::ledger::ChainCheck;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Api, Failure, Json};
use crate::dom::view;
use crate::parts::{grouped, plural};
use crate::state::Session;
use crate::ui::{Busy, Glyph, Icon, Notice, Tone};

/// What is known of the chain.
#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Unasked,
    /// So many records were looked at.
    Under(u64),
    /// How many, and the digest of the last.
    Whole(u64, String),
    /// The first place where it is broken.
    Broken(String),
    Failed(Failure),
}

#[component]
pub fn Chain() -> impl IntoView {
    let session = expect_context::<Session>();
    let verdict = RwSignal::new(Verdict::Unasked);
    let verify = move |_| {
        let Some(api) = session.api.get_untracked() else { return };
        if matches!(verdict.get_untracked(), Verdict::Under(_)) {
            return;
        }
        verdict.set(Verdict::Under(0));
        spawn_local(async move {
            let found = follow(api, move |count| drop(verdict.try_set(Verdict::Under(count)))).await;
            // The page may be left by now.
            verdict.try_set(found.unwrap_or_else(Verdict::Failed));
        });
    };
    view! {
        <section class="chain" aria-labelledby="chain-title">
            <h2 class="section-part" id="chain-title">"Chain of records"</h2>
            <p class="note">
                "Each record holds the digest of the one before it. Your browser reads all of them and works out every digest by itself: an edited, removed or moved record shows. Keep the head elsewhere, and a log that is cut off or written anew shows as well."
            </p>
            <button type="button" class="button" on:click=verify>
                <Icon glyph=Glyph::Shield />
                <span>"Verify the chain"</span>
            </button>
            {move || told(&verdict.get())}
        </section>
    }
}

/// Looks at every record, a page at a time.
async fn follow(api: Api, seen: impl Fn(u64)) -> Result<Verdict, Failure> {
    let (mut chain, mut after, mut count) = (ChainCheck::new(None), 0_u64, 0_u64);
    loop {
        let page = api.records(after).await?;
        let lines = page.lines().inspect(|_| count = count.saturating_add(1));
        let last = lines.fold(None, |_, line| {
            chain.line(line);
            Some(line)
        });
        seen(count);
        // A number that does not go on is that of an edited record: the chain is broken, and there is no place to go on.
        let number = last.and_then(|line| Json::read(line, |json| json.get("seq").number()));
        match number.filter(|number| *number > after) {
            Some(number) => after = number,
            None => break,
        }
    }
    Ok(match chain.end() {
        Ok(head) => Verdict::Whole(head.seq, head.digest.to_string()),
        Err(broken) => Verdict::Broken(broken.to_string()),
    })
}

fn told(verdict: &Verdict) -> Option<AnyView> {
    Some(match verdict {
        Verdict::Unasked => return None,
        Verdict::Under(count) => {
            let words = format!("Verifying: {} so far…", plural_of(*count));
            view! { <Busy words /> }.into_any()
        }
        Verdict::Whole(0, _) => {
            view! { <Notice tone=Tone::Info><p>"There are no records yet."</p></Notice> }.into_any()
        }
        Verdict::Whole(count, head) => {
            let (count, head) = (plural_of(*count), head.clone());
            view! {
                <Notice tone=Tone::Success>
                    <p>{count}", unbroken, head "<code class="digest">{head}</code></p>
                </Notice>
            }
            .into_any()
        }
        Verdict::Broken(why) => {
            let why = why.clone();
            view! {
                <Notice tone=Tone::Error>
                    <p><strong>"The chain is broken: "</strong>{why}"."</p>
                </Notice>
            }
            .into_any()
        }
        Verdict::Failed(failure) => {
            let why = match failure {
                Failure::Refused(refusal) if refusal.status == 403 => {
                    "Only who may read the activity log of everything can read all records.".to_owned()
                }
                other => other.to_string(),
            };
            view! { <Notice tone=Tone::Error><p>"The records could not be read. "{why}</p></Notice> }
                .into_any()
        }
    })
}

fn plural_of(count: u64) -> String {
    usize::try_from(count)
        .map_or_else(|_| grouped(&count.to_string()), |count| plural(count, "record", "records"))
}
