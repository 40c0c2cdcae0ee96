//! The activity log, as JSON or as CSV, read from the records themselves.

use jitgate_core::access::Scope;
use jitgate_core::ledger::activity::Activity;
use jitgate_core::ledger::filter::{nanoseconds_of, wrong};
use jitgate_core::ledger::search::Search;
use jitgate_core::ledger::{Mention, Record, Refusal, mentions};
use jitgate_core::order;
use jitgate_core::rest::Place;
use jitgate_core::wire;

use crate::reply::{Content, Outcome, Reply};
use crate::service::{Call, Service};

/// Records that are looked at between two looks at how many events there are: as many as an ordinary page has events.
const BATCH: usize = 100;

/// A record, and the resource by which it was found.
type Found = (Record, String);

impl Call<'_> {
    /// The events that match, the latest first.
    pub fn activity(&mut self, subscription: &str) -> Outcome {
        let search = Search::new(subscription, self.query.filter())?;
        let csv = self.query.get("$format").is_some_and(|format| format.eq_ignore_ascii_case("csv"));
        let found = Finder { service: &*self.service, search: &search };
        if csv {
            let (mut body, mut any) = (wire::activity::csv_header(), false);
            found.after(None, |found| {
                any = true;
                events(&search, found).iter().for_each(|event| body += &wire::activity::csv_line(event));
                true
            })?;
            if !any {
                self.find_log(subscription)?;
            }
            return Ok(Reply { status: 200, body, content: Content::Csv, etag: None });
        }
        let after = self.query.after()?.map(|key| {
            let (seq, resource) = key.split_once(' ')?;
            // As far as a server's database counts.
            let seq = u64::try_from(seq.parse::<i64>().ok()?).ok()?;
            Some((seq, resource.to_owned()))
        });
        let after = match after {
            Some(None) => return Err(wrong("The $skiptoken is none of this list's.")),
            Some(Some(after)) => Some(after),
            None => None,
        };
        // A page is a whole number of batches, as a server reads them from its disk.
        let (mut all, mut seen, mut count, mut last) = (Vec::new(), 0_usize, 0_usize, None);
        found.after(after.as_ref(), |found| {
            seen = seen.saturating_add(1);
            count = count.saturating_add(events(&search, found).len());
            let full = seen.checked_rem(BATCH) == Some(0) && count >= BATCH;
            last = full.then(|| format!("{} {}", found.0.seq, found.1));
            all.push(found.clone());
            !full
        })?;
        if all.is_empty() && after.is_none() {
            self.find_log(subscription)?;
        }
        let next = last.map(|key| self.next_link(&key));
        let events: Vec<Activity> = all.iter().flat_map(|found| events(&search, found)).collect();
        Ok(Reply::json(wire::activity::list(&events, next.as_deref())))
    }

    /// 404 for a subscription that is not there: asked where its log has nothing to show.
    fn find_log(&mut self, subscription: &str) -> Result<(), Refusal> {
        let present = self.present()?;
        let place = Place { subscription: subscription.to_owned(), resource_group: None };
        self.asked(Some(&present.view)).find_place(&place)
    }
}

/// The events of a record that are asked for and that are about something that somebody can have a right at.
fn events<'r>(search: &Search, (record, resource): &'r Found) -> Vec<Activity<'r>> {
    let mut events = search.events(record, resource);
    events.retain(|event| Scope::new(event.resource).is_some());
    events
}

struct Finder<'f> {
    service: &'f Service,
    search: &'f Search,
}

impl Finder<'_> {
    /// Hands over the records that match, the latest first, until enough is had.
    fn after(
        &self,
        after: Option<&(u64, String)>,
        mut each: impl FnMut(&Found) -> bool,
    ) -> Result<(), Refusal> {
        for line in self.service.lines.iter().rev() {
            let damaged = |error: &dyn std::fmt::Display| {
                Refusal::new(503, "StorageUnavailable", format!("the data is damaged: {error}"))
            };
            let record = wire::ledger::parse_record(line).map_err(|error| damaged(&error))?;
            if !self.search.records.is_of(&record, nanoseconds_of(record.time)) {
                continue;
            }
            let mut about: Vec<Mention> = mentions(&record.event);
            about.retain(|mention| self.search.records.is_about(mention));
            order::sort_by(&mut about, |one, other| one.resource.cmp(&other.resource));
            for Mention { resource, .. } in about {
                let behind = after
                    .is_none_or(|(seq, last)| record.seq < *seq || (record.seq == *seq && resource > *last));
                if behind && !each(&(record.clone(), resource)) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
