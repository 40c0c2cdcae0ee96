//! The made-up fleet: through the ordinary import and the ordinary commands, at the times that they were made.

use std::sync::Arc;

use jitgate_core::Timestamp;
use jitgate_core::access::built_in;
use jitgate_core::inventory::count;
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Expects, Knows, Principal, PutPolicy, ResourceId, RoleAssignment,
    State,
};
use jitgate_core::preview::Loaded;

use crate::Json;
use crate::import::import;
use crate::service::Change;

/// A month of a company's life.
pub struct Demo<'d> {
    /// The file of it, which the build makes.
    pub file: &'d str,
    /// The present: what the file's own is moved to.
    pub now: Timestamp,
    /// Makes GUIDs.
    pub guid: &'d dyn Fn() -> String,
}

/// Somebody who works there.
struct Person {
    principal: Principal,
    address: Option<std::net::IpAddr>,
    role: String,
}

impl Demo<'_> {
    /// The ledger with all of it, in place of what is there; none where the file is none.
    pub fn change(&self) -> Option<Change> {
        Json::read(self.file, |json| self.made(json))
    }

    fn made(&self, json: Json) -> Option<Change> {
        let then = json.get("now").time()?;
        let people: Vec<Person> = json.get("people").list().map(person).collect();
        let mut ledger = Ledger { demo: self, state: State::new(), lines: Vec::new() };
        let begin = self.moved(json.get("policies").list().next()?.get("at").time()?, then)?;

        let files = json.get("files").list();
        let files: Vec<(String, Arc<[u8]>)> = files
            .map(|file| (file.get("name").string(), file.get("text").string().into_bytes().into()))
            .collect();
        let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| &**bytes).collect();
        let counts = count(Loaded::read(&contents).engine.network(), None);
        let (command, files) = import(files, counts);
        ledger.execute(&command, None, begin);

        for person in &people {
            for subscription in json.get("subscriptions").strings() {
                ledger.execute(
                    &Command::PutRoleAssignment(RoleAssignment {
                        id: (self.guid)(),
                        role_definition_id: built_in(&person.role)?.id.clone(),
                        principal_id: person.principal.id.to_string(),
                        scope: format!("/subscriptions/{subscription}"),
                    }),
                    None,
                    begin,
                );
            }
        }
        for put in json.get("policies").list() {
            let at = self.moved(put.get("at").time()?, then)?;
            let command = Command::PutPolicy(PutPolicy {
                policy: ResourceId::new(&put.get("id").string()),
                body: put.get("body").string().into_bytes(),
                expects: Expects::Anything,
                knows: Knows::at(ledger.state.seq()),
            });
            ledger.execute(&command, by(&people, put), at);
        }
        for request in json.get("requests").list() {
            let before = request.get("at").time()?;
            let at = self.moved(before, then)?;
            let body = moved_end(&request.get("body").string(), before, at)?;
            let policy = ResourceId::new(&request.get("policy").string());
            ledger.end_until(at);
            // Some ask for too much; that they were refused is on record.
            ledger.execute(
                &Command::Initiate { policy, body: body.into_bytes(), expects: Expects::Anything },
                by(&people, request),
                at,
            );
        }
        ledger.end_until(self.now);
        let Ledger { state, lines, .. } = ledger;
        Some(Change { lines, files, state, ..Change::default() })
    }

    /// A time as long before the present as it was before the file's own, in whole seconds.
    fn moved(&self, time: Timestamp, then: Timestamp) -> Option<Timestamp> {
        let ago = then.since(time)?;
        let since = self.now.since(Timestamp::EPOCH)?.checked_sub(ago)?;
        Timestamp::EPOCH.checked_add(std::time::Duration::from_secs(since.as_secs()))
    }
}

/// The ledger while it is made.
struct Ledger<'l> {
    demo: &'l Demo<'l>,
    state: State,
    lines: Vec<Arc<str>>,
}

impl Ledger<'_> {
    fn execute(&mut self, command: &Command, by: Option<&Person>, now: Timestamp) {
        let actor = match by {
            Some(person) => Actor { principal: person.principal.clone(), address: person.address },
            None => Actor { principal: Principal::system(), address: None },
        };
        let context = Context { now, actor, correlation_id: (self.demo.guid)(), client_request_id: None };
        let records = self.state.execute(command, &context).records;
        self.lines.extend(records.into_iter().map(|sealed| Arc::from(sealed.json)));
    }

    /// What has ended by then is on record from when it ended.
    fn end_until(&mut self, at: Timestamp) {
        while let Some(end) = self.state.next_ending().filter(|end| *end <= at) {
            self.execute(&Command::Expire, None, end);
        }
    }
}

fn person(json: Json) -> Person {
    let kind = if json.get("application").is_true() { ActorKind::Application } else { ActorKind::User };
    let principal =
        Principal { id: json.get("id").string().into(), name: json.get("name").string().into(), kind };
    Person { principal, address: json.get("address").string().parse().ok(), role: json.get("role").string() }
}

/// Who did it.
fn by<'p>(people: &'p [Person], json: Json) -> Option<&'p Person> {
    people.get(usize::try_from(json.get("by").number()?).ok()?)
}

/// The body of a request that was made then, made now: the end that it asks for is as long after it.
fn moved_end(body: &str, then: Timestamp, now: Timestamp) -> Option<String> {
    const END: &str = "\"endTimeUtc\":\"";
    let Some((before, rest)) = body.split_once(END) else { return Some(body.to_owned()) };
    let (end, after) = rest.split_once('"')?;
    let end = now.checked_add(Timestamp::parse(end)?.since(then)?)?;
    Some(format!("{before}{END}{end}\"{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn it_is_the_same_fleet_at_any_time() {
        let now = time("2026-11-29T07:12:33.25Z");
        let file = jitgate_demo::asset(time("2026-01-01T00:00:00Z"));
        let guid = || "1".to_owned();
        let change = Demo { file: &file, now, guid: &guid }.change().unwrap();
        let expected = jitgate_demo::Demo::new(now, jitgate_demo::SPOKES);
        assert_eq!(change.files.len(), expected.files.len());
        let mut again = crate::Service::new();
        change.lines.iter().for_each(|line| again.take(line).unwrap());
        assert_eq!(again.seq(), u64::try_from(change.lines.len()).unwrap());
        assert_eq!(again.state, change.state);
        assert_eq!(again.missing().len(), expected.files.len());

        assert_eq!(change.state.policy_count(), expected.policies.len());
        let granted: Vec<_> = expected.requests.iter().filter(|request| request.granted).collect();
        assert_eq!(change.state.request_count(), granted.len());
        let policies = change.state.all_policies();
        let requests = policies.flat_map(|policy| change.state.requests_of(&policy.id));
        let starts: Vec<Timestamp> = requests.map(|request| request.start).collect();
        assert!(granted.iter().all(|request| starts.contains(&request.at)));
        assert!(change.state.live(now).count() > 0, "some of it is open right now");
        assert!(change.state.next_ending() > Some(now), "what has ended is written down");
    }

    #[test]
    fn what_is_no_fleet_is_none() {
        let guid = String::new;
        for file in ["", "{}", "<!doctype html>"] {
            assert!(
                Demo { file, now: time("2026-01-01T00:00:00Z"), guid: &guid }.change().is_none(),
                "{file}"
            );
        }
    }
}
