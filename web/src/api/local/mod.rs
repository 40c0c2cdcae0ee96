//! The backend that is this browser: the same ledger as the server's, kept in the browser's database.
mod door;
mod store;
mod who;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use jitgate_core::rest::Query;
use jitgate_local::{
    Archive, Ask, BadArchive, Change as Unstored, Content, Demo, Imported, Kept, Reply, Service, Situation,
};
use jitgate_logic::Touched;
use leptos::prelude::{IntervalHandle, set_interval_with_handle, window};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::BroadcastChannel;

use super::backend::Answered;
use super::call::NO_ROOM;
use super::{Answer, Backend, Call, Change, Failure, Listening, Method, Refusal, read};
use crate::browser::{guid, now};
use door::BrowserData;
pub use door::{Doing, Local, delete_unopened, open as open_local, unopened_records};
use store::{Store, Stored, unopened, words};
pub use who::{NAMELESS, address, introduce, name};

/// By which windows tell each other that there are new records.
const CHANNEL: &str = "jitgate";
/// How often it is looked whether something has ended.
const TICK: Duration = Duration::from_secs(1);
/// How often a call is tried that others overtook.
const TRIES: usize = 20;

/// What hears of changes, and the number by which it is taken away.
type Listener = (u32, Rc<dyn Fn(Change)>);

/// The ledger in this browser.
#[derive(Clone)]
pub struct Ledger(Rc<Inner>);

struct Inner {
    service: RefCell<Service>,
    store: Store,
    channel: Option<BroadcastChannel>,
    listeners: RefCell<Vec<Listener>>,
    next: Cell<u32>,
    /// What has ended is being written down.
    expiring: Cell<bool>,
    tick: Cell<Option<IntervalHandle>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(tick) = self.tick.take() {
            tick.clear();
        }
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

impl Ledger {
    /// Opens what this browser keeps.
    pub async fn open() -> Result<Self, String> {
        let store = Store::open().await.map_err(unopened)?;
        let inner = Inner {
            service: RefCell::default(),
            store,
            channel: BroadcastChannel::new(CHANNEL).ok(),
            listeners: RefCell::default(),
            next: Cell::new(0),
            expiring: Cell::new(false),
            tick: Cell::new(None),
        };
        let local = Self(Rc::new(inner));
        local.0.catch_up().await?;
        local.0.clone().live();
        Ok(local)
    }

    /// Forgets everything where it cannot even be opened.
    pub async fn delete_unopened() -> Result<(), String> {
        if Store::delete().await.map_err(unopened)? {
            return Ok(());
        }
        Err("Another window of the portal has it open: close that one, and it is deleted.".to_owned())
    }

    /// The records where they cannot be read, as they are: a line each.
    pub async fn unopened_records() -> Result<String, String> {
        let store = Store::open().await.map_err(unopened)?;
        let lines = store.records(1, ALL).await.map_err(words)?;
        Ok(lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect())
    }

    /// Has something done with the ledger.
    fn doing<T>(&self, work: impl AsyncFnOnce(&Inner) -> Result<T, String> + 'static) -> Doing<T> {
        let inner = Rc::clone(&self.0);
        Box::pin(async move { work(&inner).await })
    }
}

impl BrowserData for Ledger {
    fn is_empty(&self) -> bool {
        self.0.service.borrow().seq() == 0
    }

    fn kept(&self) -> Kept {
        self.0.service.borrow().kept(now())
    }

    fn archive(&self) -> String {
        self.0.service.borrow().archive()
    }

    fn read_archive(&self, text: &str) -> Result<Archive, BadArchive> {
        Archive::read(text)
    }

    fn restore(&self, archive: &Archive, over: bool) -> Doing<bool> {
        let change = archive.change.clone();
        self.doing(async move |inner| inner.replace(change, over).await)
    }

    fn demo(&self, file: String, over: bool) -> Doing<bool> {
        self.doing(async move |inner| {
            let now = now().ok_or("This computer's clock shows no time.")?;
            let change = Demo { file: &file, now, guid: &guid }.change();
            inner.replace(change.ok_or("The file of the demo fleet could not be read.")?, over).await
        })
    }

    fn begin_anew(&self) -> Doing<()> {
        self.doing(async |inner| inner.replace(Unstored::default(), true).await.map(drop))
    }

    fn import(&self, files: Vec<(String, Vec<u8>)>, add: bool) -> Doing<Imported> {
        self.doing(async move |inner| {
            for _ in 0..TRIES {
                let situation = situation()?;
                let (imported, change) = inner.service.borrow().import(files.clone(), add, &situation);
                let kept = match change {
                    Some(change) => inner.keep(change).await?,
                    None => true,
                };
                if kept {
                    return Ok(imported);
                }
            }
            Err(BUSY.to_owned())
        })
    }
}

/// As many records as there are.
const ALL: u32 = u32::MAX;

const BUSY: &str = "Other windows write all the time. Try again.";

/// Who calls, when and from where.
fn situation() -> Result<Situation, String> {
    Ok(Situation {
        now: now().ok_or("This computer's clock shows no time.")?,
        user: who::principal(),
        address: address().parse().ok(),
        correlation: guid(),
        origin: window().location().origin().unwrap_or_default(),
    })
}

impl Inner {
    /// Takes up what is in the database and not in the ledger yet: what it touches.
    async fn catch_up(&self) -> Result<Touched, String> {
        let mut news = Touched::default();
        loop {
            let seq = self.service.borrow().seq();
            let before = self.service.borrow().line(seq).cloned();
            let mut lines = self.store.records(seq.max(1), ALL).await.map_err(words)?.into_iter();
            let follows = seq == 0 || {
                let last = lines.next();
                before.as_deref() == last.as_deref()
            };
            if !follows {
                // Another window has begun anew.
                news = Touched::everything();
                let all = self.store.records(1, ALL).await.map_err(words)?;
                let mut new = Service::new();
                all.iter().try_for_each(|line| new.take(line))?;
                let mut service = self.service.borrow_mut();
                if service.ends_with(before.as_deref()) {
                    *service = new;
                    break;
                }
                continue;
            }
            let mut service = self.service.borrow_mut();
            if service.ends_with(before.as_deref()) {
                lines.try_for_each(|line| {
                    news.add(Touched::of_record(&line));
                    service.take(&line)
                })?;
                break;
            }
            // Another call of this window came here first, and may have read less than there is by now.
        }
        let missing = self.service.borrow().missing();
        for sha256 in missing {
            if let Some(bytes) = self.store.file(&sha256).await.map_err(words)? {
                self.service.borrow_mut().give(sha256, bytes);
            }
        }
        Ok(news)
    }

    /// Stores a change, and takes it up; false where others were faster, and it has to be made anew.
    async fn keep(&self, change: Unstored) -> Result<bool, String> {
        let last = change.after.and_then(|after| self.service.borrow().line(after).cloned());
        let touched = match change.after {
            None | Some(0) => Touched::everything(),
            Some(_) => touched(&change.lines),
        };
        match self.store.append(&change, last.as_deref()).await {
            Ok(Stored::Done) => {
                self.service.borrow_mut().commit(change);
                self.tell_others();
                self.tell(&Change::Happened(touched));
                Ok(true)
            }
            Ok(Stored::Overtaken) => {
                let touched = self.catch_up().await?;
                self.tell(&Change::Happened(touched));
                Ok(false)
            }
            Err(fault) => Err(format!("This browser could not keep it. {}", words(fault))),
        }
    }

    /// Puts a change that follows on nothing in place of everything. Where it is not to go `over` what is there, false
    /// says that there is something, of another window perhaps.
    async fn replace(&self, mut change: Unstored, over: bool) -> Result<bool, String> {
        if !over {
            change.after = Some(0);
            if self.service.borrow().seq() != 0 {
                return Ok(false);
            }
        }
        self.keep(change).await
    }

    async fn answer(&self, call: Call) -> Result<Answer, Failure> {
        let method = match call.method {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        for _ in 0..TRIES {
            let situation = situation().map_err(not_kept)?;
            let ask = Ask {
                method,
                target: &call.path,
                body: call.body.as_deref().unwrap_or_default().as_bytes(),
                id: call.id.as_deref(),
                if_match: call.if_match.as_deref(),
                if_none_match: call.is_new.then_some("*"),
            };
            let (reply, change) = self.service.borrow_mut().answer(&ask, &situation);
            if let Some(change) = change
                && !self.keep(change).await.map_err(not_kept)?
            {
                continue;
            }
            let reply = self.as_stored(&call.path, reply).await?;
            return match reply.status {
                400.. => Err(Failure::Refused(Box::new(read::refusal(reply.status, &reply.body)))),
                _ => Ok(Answer { body: reply.body, etag: reply.etag }),
            };
        }
        Err(not_kept(BUSY.to_owned()))
    }

    /// Records are read from the database, not from what this page remembers: who wants to see whether the chain is whole
    /// wants to know what is kept.
    async fn as_stored(&self, path: &str, reply: Reply) -> Result<Reply, Failure> {
        if reply.content != Content::Lines {
            return Ok(reply);
        }
        let (_, query) = path.split_once('?').unwrap_or_default();
        let after: u64 =
            Query::parse(query).get("after").and_then(|after| after.parse().ok()).unwrap_or_default();
        let count = u32::try_from(reply.body.lines().count()).unwrap_or(ALL);
        if count == 0 {
            return Ok(reply);
        }
        let stored = self.store.records(after.saturating_add(1), count).await;
        let stored = stored.map_err(|fault| not_kept(words(fault)))?;
        let body = stored.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
        Ok(Reply { body, ..reply })
    }

    /// Follows the other windows, and writes down what has ended, as long as anybody holds it.
    fn live(self: Rc<Self>) {
        let weak = Rc::downgrade(&self);
        let heard = Closure::<dyn Fn()>::new(move || {
            if let Some(inner) = weak.upgrade() {
                spawn_local(async move {
                    let told = inner.catch_up().await.map_or(Change::Lost, Change::Happened);
                    inner.tell(&told);
                });
            }
        });
        if let Some(channel) = &self.channel {
            channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        }
        let weak = Rc::downgrade(&self);
        let tick = set_interval_with_handle(move || expire(&weak), TICK);
        self.tick.set(tick.ok());
    }

    fn tell(&self, change: &Change) {
        // Whoever listens may begin or end to listen meanwhile.
        let listeners = self.listeners.borrow().clone();
        listeners.iter().for_each(|(_, heard)| heard(change.clone()));
    }

    fn tell_others(&self) {
        if let Some(channel) = &self.channel {
            // Fails only for a channel that is closed.
            let _told = channel.post_message(&true.into());
        }
    }
}

fn expire(weak: &Weak<Inner>) {
    let Some(inner) = weak.upgrade().filter(|inner| !inner.expiring.get()) else { return };
    let Ok(situation) = situation() else { return };
    let Some(change) = inner.service.borrow().expire(&situation) else { return };
    inner.expiring.set(true);
    spawn_local(async move {
        // What is not written down now is in a second.
        let _kept = inner.keep(change).await;
        inner.expiring.set(false);
    });
}

/// What new records touch.
fn touched(lines: &[Arc<str>]) -> Touched {
    let mut all = Touched::default();
    lines.iter().for_each(|line| all.add(Touched::of_record(line)));
    all
}

/// It was not done.
fn not_kept(message: String) -> Failure {
    let code = "StorageUnavailable".to_owned();
    Failure::Refused(Box::new(Refusal { status: NO_ROOM, code, message, ..Refusal::default() }))
}

impl Backend for Ledger {
    fn send(&self, call: Call) -> Answered {
        let inner = Rc::clone(&self.0);
        Box::pin(async move { inner.answer(call).await })
    }

    fn listen(&self, heard: Rc<dyn Fn(Change)>) -> Listening {
        let inner = &self.0;
        let number = inner.next.replace(inner.next.get().wrapping_add(1));
        inner.listeners.borrow_mut().push((number, heard));
        Listening(Box::new(Stop { inner: Rc::downgrade(inner), number }))
    }
}

/// Ends the listening when it is dropped.
struct Stop {
    inner: Weak<Inner>,
    number: u32,
}

impl Drop for Stop {
    fn drop(&mut self) {
        if let Some(inner) = self.inner.upgrade() {
            inner.listeners.borrow_mut().retain(|(number, _)| *number != self.number);
        }
    }
}
