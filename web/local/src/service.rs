//! The ledger with its records and files, and what becomes of a call.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jitgate_core::inventory::{Cache, Present, View};
use jitgate_core::ledger::{Answer, Command, Refusal, State};
use jitgate_core::rest::{self, Action, Asked, Caller, Path, Query, Route, check_version};
use jitgate_core::wire;
use jitgate_core::wire::inventory::ArmKind;

use crate::ask::{Ask, Situation};
use crate::reply::{Content, Outcome, Reply};

/// The number of the last record that the caller has; and how many records, or bytes of them, an answer has at most.
const AFTER: &str = "after";
const MOST_RECORDS: usize = 1000;
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Resource Manager's limit for a body.
const LARGEST: usize = 4 * 1024 * 1024;
/// How many items a page of a list has that asks for no number.
const PAGE: usize = 100;

/// What is to be stored: all of it, or nothing of it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The number of the record that it follows on; none for what takes the place of everything.
    pub after: Option<u64>,
    /// The records: a line of JSON each.
    pub lines: Vec<Arc<str>>,
    /// Files by their SHA-256.
    pub files: Vec<(String, Arc<[u8]>)>,
    /// The ledger behind it.
    pub(crate) state: State,
    /// The key of the policy that the answer shows.
    pub(crate) shown: Option<String>,
}

/// The ledger.
#[derive(Debug, Default)]
pub struct Service {
    pub(crate) state: State,
    pub(crate) lines: Vec<Arc<str>>,
    pub(crate) files: BTreeMap<String, Arc<[u8]>>,
    cache: Cache,
    /// In which state the user was last shown each policy, by its key.
    shown: BTreeMap<String, u64>,
}

impl Service {
    /// An empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of the last record; 0 before the first.
    pub fn seq(&self) -> u64 {
        self.state.seq()
    }

    /// The record of that number.
    pub fn line(&self, seq: u64) -> Option<&Arc<str>> {
        self.lines.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// True where the last record is still the one that it was: a ledger that was begun anew meanwhile is another one.
    pub fn ends_with(&self, last: Option<&str>) -> bool {
        self.lines.last().map(|line| &**line) == last
    }

    /// Takes up a record that somebody else stored.
    ///
    /// # Errors
    /// It is none, was edited, or does not follow on the last one.
    pub fn take(&mut self, line: &str) -> Result<(), String> {
        let seq = self.seq().saturating_add(1);
        if !wire::ledger::is_intact(line) {
            return Err(format!("The chain of records is broken: record {seq} was edited."));
        }
        let broken =
            |why: &dyn fmt::Display| format!("The chain of records is broken at record {seq}: {why}.");
        let record = wire::ledger::parse_record(line).map_err(|error| broken(&error))?;
        self.state.apply(&record).map_err(|error| broken(&error))?;
        self.lines.push(line.into());
        Ok(())
    }

    /// The files of the inventory in use that were not handed over yet, by their SHA-256.
    pub fn missing(&self) -> Vec<String> {
        let files = self.state.inventory().map(|inventory| inventory.files.as_slice()).unwrap_or_default();
        let missing = files.iter().filter(|file| !self.files.contains_key(&file.sha256));
        missing.map(|file| file.sha256.clone()).collect()
    }

    /// Hands over a file.
    pub fn give(&mut self, sha256: String, bytes: Arc<[u8]>) {
        self.files.insert(sha256, bytes);
    }

    /// Takes up a change that was stored. One that is behind the ledger is known already.
    pub fn commit(&mut self, change: Change) {
        let Change { after, lines, files, state, shown } = change;
        if after.is_none() {
            *self = Self { state, lines, files: files.into_iter().collect(), ..Self::default() };
            return;
        }
        if after == Some(self.seq()) {
            self.lines.extend(lines);
            self.state = state;
        }
        self.files.extend(files);
        if let Some(key) = shown {
            self.shown.insert(key, self.seq());
        }
    }

    /// Answers a call. What has to be stored for it is not in the ledger yet.
    pub fn answer(&mut self, ask: &Ask, situation: &Situation) -> (Reply, Option<Change>) {
        let mut change = None;
        let outcome = self.outcome(ask, situation, &mut change);
        (outcome.unwrap_or_else(|refusal| Reply::refusal(&refusal)), change)
    }

    /// In the order in which Resource Manager judges: the path, the method, the version, the body, and what is there.
    fn outcome(&mut self, ask: &Ask, situation: &Situation, change: &mut Option<Change>) -> Outcome {
        let (path, query) = ask.target.split_once('?').unwrap_or((ask.target, ""));
        // What is about a server (its health, its tokens, its stream of changes) has nothing to be about here; a list of
        // resources of all types, and many calls in one, are for other clients than the portal.
        let is_here = |route: &Route| {
            !route.is_public()
                && !matches!(
                    route,
                    Route::Events | Route::Metrics | Route::Graph(_) | Route::Resources(_) | Route::Batch
                )
        };
        let route = Route::parse(&Path::parse(path)?)?.filter(is_here).ok_or_else(|| {
            Refusal::new(404, "InvalidResourceType", format!("There is nothing at the path '{path}'."))
        })?;
        if !route.methods().contains(&ask.method) {
            let message = format!("The HTTP method '{}' is not supported at this path.", ask.method);
            return Err(Refusal::new(405, "HttpMethodNotSupported", message));
        }
        let query = Query::parse(query);
        if let Some(jit) = route.versioned() {
            check_version(&query, jit)?;
        }
        if ask.body.len() > LARGEST {
            let message = format!("The body of the request is larger than {LARGEST} bytes.");
            return Err(Refusal::new(413, "RequestContentTooLarge", message));
        }
        let caller = situation.caller();
        let mut call = Call { service: self, ask, path, query: &query, caller: &caller, situation, change };
        match &route {
            Route::Policies(place, location) => call.policies(place, location.as_deref()),
            Route::Policy(id) => call.policy(id),
            Route::PolicyAction(id, Action::Initiate) => call.initiate(id),
            Route::PolicyAction(id, Action::Revoke) => call.revoke(id),
            Route::PolicyAction(id, Action::Decide) => call.decide(id),
            Route::PolicyAction(id, Action::Preview) => call.preview(id),
            Route::Exposure(place, None) => call.exposures(place),
            Route::Exposure(place, Some(machine)) => call.exposure(place, machine),
            Route::Inventory(kind, place, None) => call.resources(*kind, place, None),
            Route::Region(place, region) => call.resources(ArmKind::VirtualMachine, place, Some(region)),
            Route::InstanceView(place, name) => call.instance_view(place, name),
            Route::Inventory(kind, place, Some(name)) => call.resource(*kind, place, name),
            Route::Parts(part, place, whole, name) => call.parts(*part, place, whole, name.as_deref()),
            Route::Activity(subscription) => call.activity(subscription),
            Route::Records => call.records(),
            Route::Tenants => query.unfiltered().map(|()| Reply::json(rest::tenants())),
            Route::Me => Ok(Reply::json(rest::me(&situation.user, situation.address))),
            route => call.places(route),
        }
    }

    /// Has a command carried out on a copy of the ledger: the outcome, and what has to be stored.
    pub(crate) fn execute(
        &self,
        command: &Command,
        situation: &Situation,
        id: Option<&str>,
    ) -> (Result<Answer, Refusal>, Change) {
        let mut state = self.state.clone();
        let executed = state.execute(command, &situation.context(id));
        let lines = executed.records.into_iter().map(|sealed| sealed.json.into()).collect();
        (executed.outcome, Change { after: Some(self.seq()), lines, state, ..Change::default() })
    }

    /// What has reached its end is written down; nothing where nothing has.
    pub fn expire(&self, situation: &Situation) -> Option<Change> {
        let due = self.state.next_ending().is_some_and(|end| end <= self.state.present(situation.now));
        let change = due.then(|| self.execute(&Command::Expire, situation, None).1);
        change.filter(|change| !change.lines.is_empty())
    }
}

/// One call that is being answered.
pub(crate) struct Call<'c> {
    pub service: &'c mut Service,
    pub ask: &'c Ask<'c>,
    pub path: &'c str,
    pub query: &'c Query,
    pub caller: &'c Caller,
    pub situation: &'c Situation,
    pub change: &'c mut Option<Change>,
}

impl Call<'_> {
    pub fn state(&self) -> &State {
        &self.service.state
    }

    /// How many items a page has.
    pub fn page(&self) -> Result<usize, Refusal> {
        self.query.page(PAGE)
    }

    /// The link to the page after `key`.
    pub fn next_link(&self, key: &str) -> String {
        self.query.next_link(&self.situation.origin, self.path, key)
    }

    /// What answers about places, roles and resources hang on.
    pub fn asked<'a>(&'a self, view: Option<&'a View>) -> Asked<'a> {
        Asked {
            state: self.state(),
            view,
            caller: self.caller,
            query: self.query,
            page: PAGE,
            address: [&self.situation.origin, self.path],
        }
    }

    /// Subscriptions, groups, providers, roles.
    fn places(&mut self, route: &Route) -> Outcome {
        let present = match route {
            Route::Permissions(_) | Route::Roles(..) | Route::Categories => None,
            _ => Some(self.present()?),
        };
        let asked = self.asked(present.as_ref().map(|present| &*present.view));
        let nothing = || {
            Err(Refusal::new(
                404,
                "InvalidResourceType",
                format!("There is nothing at the path '{}'.", self.path),
            ))
        };
        asked.answer(route).unwrap_or_else(nothing).map(Reply::json)
    }

    /// The inventory as it stands.
    pub fn present(&mut self) -> Result<Arc<Present>, Refusal> {
        let state = self.state().clone();
        self.present_of(&state)
    }

    /// The inventory under a ledger.
    pub fn present_of(&mut self, state: &State) -> Result<Arc<Present>, Refusal> {
        let Service { files, cache, .. } = &mut *self.service;
        cache.present(state, self.situation.now, |file| {
            let missing = || {
                let message =
                    format!("the data is damaged: the imported file `{}` is not in the data", file.name);
                Refusal::new(503, "StorageUnavailable", message)
            };
            files.get(&file.sha256).cloned().ok_or_else(missing)
        })
    }

    /// Has a command carried out; a refusal of it is on record as well. The state is the one right after it.
    pub fn send(&mut self, command: &Command) -> Result<(Answer, State), Refusal> {
        let (outcome, change) = self.service.execute(command, self.situation, self.ask.id);
        let state = change.state.clone();
        if !change.lines.is_empty() {
            *self.change = Some(change);
        }
        Ok((outcome?, state))
    }

    /// The user was shown a policy: as it is stored, or as the change behind this call leaves it.
    pub fn shows(&mut self, key: &str) {
        match self.change {
            Some(change) => change.shown = Some(key.to_owned()),
            None => drop(self.service.shown.insert(key.to_owned(), self.service.seq())),
        }
    }

    /// In which state the user was last shown the policy.
    pub fn last_shown(&self, key: &str) -> Option<u64> {
        self.service.shown.get(key).copied()
    }

    /// The records behind the one that the caller has, a line each; none where there are no more.
    fn records(&self) -> Outcome {
        let after: usize = match self.query.get(AFTER) {
            None => 0,
            Some(number) => number.parse().map_err(|_| {
                let message =
                    format!("'{number}' is no number of a record: it is a whole number, and not negative.");
                Refusal::bad_request("BadRequest", message).about(AFTER)
            })?,
        };
        let lines = self.service.lines.get(after..).unwrap_or_default();
        let mut body = String::new();
        for line in lines.iter().take(MOST_RECORDS) {
            if body.len() >= MOST_BYTES {
                break;
            }
            body.extend([&**line, "\n"]);
        }
        Ok(Reply { status: 200, body, content: Content::Lines, etag: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_that_was_begun_anew_is_another_one() {
        let with = |lines: &[&str]| Service {
            lines: lines.iter().map(|line| Arc::from(*line)).collect(),
            ..Service::default()
        };
        let cases: [(&[&str], Option<&str>, bool); 5] = [
            (&[], None, true),
            (&["a"], None, false),
            (&["a", "b"], Some("b"), true),
            // As many records, and others.
            (&["a", "c"], Some("b"), false),
            (&["a", "b", "c"], Some("b"), false),
        ];
        for (lines, last, expected) in cases {
            assert_eq!(with(lines).ends_with(last), expected, "{lines:?} {last:?}");
        }
    }
}
