//! What has come to the log since it was loaded. It is counted, and stays away from what the user reads until it is asked
//! for.
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::feed::Feed;
use super::log::{COUNT, Log, Progress};
use crate::browser::focus_first;
use crate::dom::view;
use crate::parts::plural;
use crate::ui::focus_content;

/// What happens together is looked for together.
const SOON: Duration = Duration::from_millis(500);

/// The first event that is shown.
const FIRST: &str = ".page tbody button";

/// How news are looked for.
#[derive(Clone, Copy)]
pub struct Looking {
    /// They are about to be.
    is_due: StoredValue<bool>,
    /// Something has happened while events were being loaded, or looked for.
    is_missed: StoredValue<bool>,
    /// They are being looked for: one look at a time, or none would come to its end where much happens.
    under_way: StoredValue<bool>,
}

impl Looking {
    pub fn new() -> Self {
        Self {
            is_due: StoredValue::new(false),
            is_missed: StoredValue::new(false),
            under_way: StoredValue::new(false),
        }
    }

    /// Events are loaded from now on: a look that is under way is of no account, and is made up for after that.
    pub fn overtake(self) {
        if self.under_way.get_value() {
            self.under_way.set_value(false);
            self.is_missed.set_value(true);
        }
    }
}

impl Log {
    /// From now on news are looked for whenever something has happened.
    pub(super) fn follow(self) {
        let fleet = self.fleet;
        Effect::new(move |first: Option<()>| {
            fleet.news.track();
            if first.is_some() {
                self.look_soon();
            }
        });
        let is_missed = self.looking.is_missed;
        Effect::new(move |_| {
            let is_shown = self.progress.with(Progress::is_shown);
            if is_shown && is_missed.try_update_value(std::mem::take) == Some(true) {
                self.look_soon();
            }
        });
    }

    fn look_soon(self) {
        let is_due = self.looking.is_due;
        if is_due.get_value() {
            return;
        }
        is_due.set_value(true);
        let look = move || {
            // The page may be left by now.
            if is_due.try_set_value(false).is_none() {
                self.look();
            }
        };
        set_timeout(look, SOON);
    }

    /// Compares the latest events with those that are shown.
    fn look(self) {
        let Looking { is_missed, under_way, .. } = self.looking;
        if under_way.get_value() || !self.progress.with_untracked(Progress::is_shown) {
            return is_missed.set_value(true);
        }
        let Some(api) = self.session.api.get_untracked() else { return };
        let load = self.load.get_value();
        // By what is shown: what is being asked for now may be another thing.
        let (asked, filter) = self.shown.get_value();
        under_way.set_value(true);
        spawn_local(async move {
            let found = async {
                let all = api.subscriptions().await?;
                Feed::new(&asked.subscriptions(&all), &filter).more(api, COUNT).await
            };
            let found = found.await;
            // It was overtaken, or the page has been left.
            if self.load.try_get_value() != Some(load) {
                return;
            }
            under_way.set_value(false);
            if is_missed.try_update_value(std::mem::take) == Some(true) {
                self.look_soon();
            }
            // Where that fails, the next news, or the user, asks once more.
            let Ok(mut news) = found else { return };
            self.events.with_untracked(|events| news.retain(|new| events.iter().all(|old| old.id != new.id)));
            self.news.set(news.into_iter().map(Arc::new).collect());
        });
    }

    /// Puts the news above what is shown.
    fn show_news(self) {
        let news = self.news.get_untracked();
        if news.len() >= COUNT {
            // There may be others between these and those that are shown.
            self.reload();
            return focus_content();
        }
        self.news.set(Vec::new());
        self.events.update(|events| drop(Arc::make_mut(events).splice(..0, news)));
        focus_first(FIRST);
    }
}

/// How many there are, beside the commands: nothing moves when they come.
#[component]
pub fn News(log: Log) -> impl IntoView {
    let count = Memo::new(move |_| log.news.with(Vec::len));
    let words = move || match count.get() {
        0 => String::new(),
        count => {
            let more = if count < COUNT { "" } else { " or more" };
            format!("{}{more}", plural(count, "new event", "new events"))
        }
    };
    let button = move || {
        (count.get() > 0).then(|| {
            view! { <button type="button" class="link" on:click=move |_| log.show_news()>"Show"</button> }
        })
    };
    view! {
        <div class="log-news">
            <p role="status">{words}</p>
            {button}
        </div>
    }
}
