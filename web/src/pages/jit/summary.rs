//! How things stand, in numbers that lead to the machines behind them.
use leptos::prelude::*;

use super::narrowing::Show;
use super::state::Jit;
use super::words::number;
use crate::dom::view;
use crate::state::Fleet;

/// The numbers, with the tab where most of the machines behind them are.
const NUMBERS: [(Show, &str, &str); 3] = [
    (Show::Open, "configured", "Somebody has access to them through JIT."),
    (Show::Exposed, "configured", "A rule lets somebody in to a port that JIT protects."),
    (Show::Unprotected, "notConfigured", "A management port can be reached, and no policy protects it."),
];

#[component]
pub fn Summary(jit: Jit) -> impl IntoView {
    let whole = expect_context::<Fleet>().whole;
    let counts = Memo::new(move |_| {
        jit.inventory.with(|inventory| {
            Show::ALL.map(|show| inventory.all().filter(|(_, row)| show.takes(&row.machine)).count())
        })
    });
    let item = move |(at, (show, tab, what)): (usize, (Show, &'static str, &'static str))| {
        let count = Memo::new(move |_| counts.with(|counts| counts.get(at).copied().unwrap_or_default()));
        // While machines still come, there may be more.
        let words =
            move || if whole.get() { number(count.get()) } else { format!("{}+", number(count.get())) };
        let chosen = move || jit.narrowing.with(|narrowing| narrowing.show == Some(show));
        view! {
            <li>
                <a
                    class="jit-figure"
                    data-show=show.key()
                    class:jit-none=move || count.get() == 0
                    href=format!("/?tab={tab}&show={}", show.key())
                    aria-current=move || chosen().then_some("true")
                    title=what
                >
                    <span class="jit-count">{words}</span>
                    <span>{show.name()}</span>
                </a>
            </li>
        }
    };
    view! { <ul class="jit-summary" aria-label="Summary">{NUMBERS.into_iter().enumerate().map(item).collect_view()}</ul> }
}
