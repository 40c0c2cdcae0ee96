//! What is shown of the log, and how it is loaded.
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::feed::Feed;
use super::filter::Asked;
use super::news::Looking;
use crate::api::{Failure, Logged, log_path};
use crate::browser::{Debounce, download_as};
use crate::state::{Fleet, Loading, Session};
use crate::ui::Toast;

/// Events that are shown at first, and so many more each time.
pub const COUNT: usize = 100;
/// Letters typed in a row are asked for together.
const SOON: std::time::Duration = std::time::Duration::from_millis(300);

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    Loading,
    /// True where there is more.
    Ready(bool),
    Failed(Failure),
    /// What comes after the events that are shown could not be loaded.
    Stopped(Failure),
    /// What is asked for makes no sense; why.
    Wrong(String),
}

impl Progress {
    /// True where events are shown, and none are on their way.
    pub fn is_shown(&self) -> bool {
        matches!(self, Self::Ready(_) | Self::Stopped(_))
    }
}

/// The log.
#[derive(Clone, Copy)]
pub struct Log {
    pub events: RwSignal<Arc<Vec<Arc<Logged>>>>,
    pub progress: RwSignal<Progress>,
    pub subscriptions: RwSignal<Vec<String>>,
    pub saving: RwSignal<bool>,
    /// What has come since, and passes the filters; shown when the user says so.
    pub news: RwSignal<Vec<Arc<Logged>>>,
    pub(super) looking: Looking,
    asked: Memo<Asked>,
    /// What stands in the way of asking: a name is looked up in the fleet, which has not come.
    blocked: Memo<Option<Progress>>,
    /// What was asked for by which the events that are shown were loaded, and the filter that came of it.
    pub(super) shown: StoredValue<(Asked, String)>,
    feed: StoredValue<Feed>,
    /// Counts the loads, so that one overtaken by the next shows nothing.
    pub(super) load: StoredValue<u32>,
    /// The last one was for what comes after the events that are shown.
    goes_on: StoredValue<bool>,
    pub(super) session: Session,
    pub(super) fleet: Fleet,
    toast: Toast,
}

impl Log {
    /// Loads what is asked for, now and whenever that changes.
    pub fn new(asked: Memo<Asked>) -> Self {
        let fleet = expect_context::<Fleet>();
        let blocked = Memo::new(move |_| {
            let is_blocked = asked.with(Asked::is_by_name) && !fleet.whole.get();
            is_blocked.then(|| match fleet.loading.get() {
                Loading::Failed(failure) => Progress::Failed(failure),
                _ => Progress::Loading,
            })
        });
        let log = Self {
            events: RwSignal::default(),
            progress: RwSignal::new(Progress::Loading),
            subscriptions: RwSignal::default(),
            saving: RwSignal::new(false),
            news: RwSignal::default(),
            looking: Looking::new(),
            asked,
            blocked,
            shown: StoredValue::default(),
            feed: StoredValue::default(),
            load: StoredValue::new(0),
            goes_on: StoredValue::new(false),
            session: expect_context::<Session>(),
            fleet,
            toast: expect_context::<Toast>(),
        };
        let soon = Debounce::new();
        Effect::new(move |before: Option<()>| {
            asked.track();
            log.session.api.track();
            blocked.track();
            match before {
                None => log.reload(),
                Some(()) => soon.after(SOON, move || log.reload()),
            }
        });
        on_cleanup(move || soon.cancel());
        log.follow();
        log
    }

    fn filter(self) -> Result<String, String> {
        untrack(|| self.asked.get().filter(self.fleet, self.fleet.now.get().unwrap_or_default()))
    }

    /// The number of a load, which overtakes the others.
    fn next_load(self, goes_on: bool) -> u32 {
        let number = self.load.with_value(|load| load.wrapping_add(1));
        self.load.set_value(number);
        self.goes_on.set_value(goes_on);
        self.looking.overtake();
        number
    }

    /// Asks once more for what is being loaded.
    pub fn again(self) {
        if self.blocked.with_untracked(Option::is_some) {
            self.fleet.refresh();
        } else if self.goes_on.get_value() {
            self.load_more();
        } else {
            self.reload();
        }
    }

    /// From the latest event on.
    pub fn reload(self) {
        let number = self.next_load(false);
        let Some(api) = self.session.api.get_untracked() else {
            // Nothing is waited for any more.
            if !self.events.with_untracked(|events| events.is_empty()) {
                self.progress.set(Progress::Ready(self.feed.with_value(Feed::goes_on)));
            }
            return;
        };
        self.news.set(Vec::new());
        if let Some(progress) = self.blocked.get_untracked() {
            return self.progress.set(progress);
        }
        let filter = match self.filter() {
            Ok(filter) => filter,
            Err(why) => {
                // What was asked for before would stand for what is asked for now.
                self.events.set(Arc::default());
                return self.progress.set(Progress::Wrong(why));
            }
        };
        self.progress.set(Progress::Loading);
        spawn_local(async move {
            let loaded = async {
                let all = api.subscriptions().await?;
                let asked = self.asked.try_get_untracked().unwrap_or_default();
                let mut feed = Feed::new(&asked.subscriptions(&all), &filter);
                let events = feed.more(api, COUNT).await?;
                Ok((all, asked, feed, events))
            };
            let loaded = loaded.await;
            if self.load.try_get_value() != Some(number) {
                return;
            }
            match loaded {
                Ok((all, asked, feed, events)) => {
                    self.subscriptions.set(all);
                    self.shown.set_value((asked, filter));
                    self.progress.set(Progress::Ready(feed.goes_on()));
                    self.feed.set_value(feed);
                    self.events.set(Arc::new(events.into_iter().map(Arc::new).collect()));
                }
                Err(failure) => self.progress.set(Progress::Failed(failure)),
            }
        });
    }

    /// What comes after the last event that is shown.
    pub fn more(self) {
        if matches!(self.progress.get_untracked(), Progress::Ready(true) | Progress::Stopped(_)) {
            self.load_more();
        }
    }

    fn load_more(self) {
        let Some(api) = self.session.api.get_untracked() else { return };
        let number = self.next_load(true);
        self.progress.set(Progress::Loading);
        spawn_local(async move {
            let mut feed = self.feed.get_value();
            let more = feed.more(api, COUNT).await;
            if self.load.try_get_value() != Some(number) {
                return;
            }
            match more {
                Ok(more) => {
                    self.progress.set(Progress::Ready(feed.goes_on()));
                    self.feed.set_value(feed);
                    self.events.update(|events| Arc::make_mut(events).extend(more.into_iter().map(Arc::new)));
                }
                Err(failure) => self.progress.set(Progress::Stopped(failure)),
            }
        });
    }

    /// All that is asked for as a table, into a file.
    pub fn save(self) {
        if self.saving.get_untracked() || self.blocked.with_untracked(Option::is_some) {
            return;
        }
        let Ok(filter) = self.filter() else { return };
        let Some(api) = self.session.api.get_untracked() else { return self.session.ask() };
        self.saving.set(true);
        let teller = self.toast.teller();
        let asked = self.asked.get_untracked();
        spawn_local(async move {
            // The log that is shown may not have come yet.
            let made = async {
                let mut text = String::new();
                for subscription in asked.subscriptions(&api.subscriptions().await?) {
                    let table = api.log_csv(&log_path(&subscription, &filter)).await?;
                    // One head is enough.
                    text += if text.is_empty() {
                        &table
                    } else {
                        table.split_once('\n').map_or("", |(_, lines)| lines)
                    };
                }
                Ok::<_, Failure>(text)
            };
            let made = made.await;
            self.saving.try_set(false);
            // It is for nobody who has signed in meanwhile.
            if !teller.is_heard() {
                return;
            }
            teller.say(match made {
                Err(failure) => format!("The file could not be made. {failure}"),
                Ok(text) if download_as("QueryResult.csv", "text/csv;charset=utf-8", &text).is_err() => {
                    "The browser did not take the file".to_owned()
                }
                Ok(text) => {
                    let lines = text.lines().count().saturating_sub(1);
                    format!("Downloaded: {}", crate::parts::plural(lines, "line", "lines"))
                }
            });
        });
    }
}
