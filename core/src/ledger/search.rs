//! What is asked of the activity log: which records may hold it, and which of their events are it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::activity::{Activity, activities};
use super::filter::{self, Condition, Operator, nanoseconds, wrong};
use super::{Event, Mention, Record, Refusal, ResourceId, operation};
use crate::wire::activity::{CATEGORY, CHANNEL};

/// What records must have, and what their events must be. Texts are compared in lower case.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What records must have.
    pub records: Wanted,
    /// Of one of these statuses, levels and operations alone: words with commas between them.
    status: Option<String>,
    level: Option<String>,
    operations: Option<String>,
    /// Of one of these providers and categories alone.
    provider: Option<String>,
    category: Option<String>,
    /// In one of these channels alone.
    channels: Option<String>,
}

/// What records must have. Texts are in lower case.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this subscription.
    pub subscription: String,
    /// About this.
    pub place: Place,
    /// Not before, in nanoseconds since 1970.
    pub from: Option<i64>,
    /// Not after.
    pub until: Option<i64>,
    /// By this caller.
    pub caller: Option<String>,
    /// By a caller whose name has this in it.
    pub caller_holds: Option<String>,
    /// Of this call.
    pub correlation: Option<String>,
}

/// What a record is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Anything in the subscription.
    #[default]
    Any,
    /// Anything in this resource group.
    Group(String),
    /// This resource or what is below it, even if it was only touched.
    Resource(String),
}

impl Wanted {
    /// True where a record that has this mention may hold what is asked for, by its place alone.
    pub fn is_about(&self, mention: &Mention) -> bool {
        let below = |id: &str| mention.resource.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'));
        mention.subscription == self.subscription
            && match &self.place {
                Place::Any => mention.subject,
                Place::Group(group) => {
                    mention.subject
                        && below(&format!("/subscriptions/{}/resourcegroups/{group}", self.subscription))
                }
                Place::Resource(id) => mention.resource == *id || below(id),
            }
    }

    /// True where a record is of the time, the caller and the call that are asked for.
    pub fn is_of(&self, record: &Record, time: i64) -> bool {
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_ref().is_none_or(|wanted| own.eq_ignore_ascii_case(wanted))
        };
        self.from.is_none_or(|from| time >= from)
            && self.until.is_none_or(|until| time <= until)
            && is(&self.caller, &record.actor.principal.name)
            && self.is_held(&record.actor.principal.name.to_ascii_lowercase())
            && is(&self.correlation, &record.correlation_id)
    }

    /// True where a caller's name, in lower case, has what is asked for in it.
    pub fn is_held(&self, caller: &str) -> bool {
        self.caller_holds.as_ref().is_none_or(|wanted| caller.contains(wanted.as_str()))
    }
}

impl Search {
    /// Of a subscription, with a `$filter`.
    ///
    /// # Errors
    /// The filter is none, or asks for something in a way that it cannot be asked for.
    pub fn new(subscription: &str, filter: Option<&str>) -> Result<Self, Refusal> {
        let records = Wanted { subscription: subscription.to_ascii_lowercase(), ..Wanted::default() };
        let mut search = Self { records, ..Self::default() };
        for condition in filter.map(filter::parse).transpose()?.unwrap_or_default() {
            search.condition(&condition)?;
        }
        Ok(search)
    }

    fn condition(&mut self, condition: &Condition) -> Result<(), Refusal> {
        let value = condition.value.to_ascii_lowercase();
        let records = &mut self.records;
        match (condition.name.as_str(), condition.operator) {
            ("eventtimestamp", Operator::AtLeast) => records.from = Some(nanoseconds(&condition.value)?),
            ("eventtimestamp", Operator::AtMost) => records.until = Some(nanoseconds(&condition.value)?),
            ("resourcegroupname", Operator::Equal) => records.place = Place::Group(value),
            ("resourceuri" | "resourceid", Operator::Equal) => {
                let id = value.trim_end_matches('/');
                // Everything would be below nothing.
                if id.is_empty() {
                    return Err(wrong(&format!("'{}' is no id of a resource.", condition.value)));
                }
                records.place = Place::Resource(id.into());
            }
            ("caller", Operator::Equal) => records.caller = Some(value),
            ("caller", Operator::Holds) => {
                if records.caller_holds.replace(value).is_some() {
                    return Err(wrong("contains can be asked for once."));
                }
            }
            ("correlationid", Operator::Equal) => records.correlation = Some(value),
            ("operations" | "operationname", Operator::Equal) => self.operations = Some(value),
            ("status", Operator::Equal) => self.status = Some(value),
            ("level" | "levels", Operator::Equal) => self.level = Some(value),
            ("resourceprovider", Operator::Equal) => self.provider = Some(value),
            ("category", Operator::Equal) => self.category = Some(value),
            ("eventchannels" | "channels", Operator::Equal) => self.channels = Some(value),
            (name, _) => return Err(wrong(&format!("'{name}' cannot be asked for in that way."))),
        }
        Ok(())
    }

    /// The events of a record that are asked for, the latest first. `found` is the resource by which the record was
    /// found.
    pub fn events<'r>(&self, record: &'r Record, found: &str) -> Vec<Activity<'r>> {
        let is = |wanted: &Option<String>, own: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.split(',').any(|one| one.trim().eq_ignore_ascii_case(own)))
        };
        let about = |event: &Activity| match &self.records.place {
            Place::Resource(id) => {
                let below = event.resource.to_ascii_lowercase();
                event.concerns(&ResourceId::new(id))
                    || below.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('/'))
            }
            // An expiry is found by each of its machines.
            _ if matches!(record.event, Event::AccessExpired(_)) => {
                event.resource.eq_ignore_ascii_case(found)
            }
            _ => true,
        };
        let mut events = activities(record);
        events.reverse();
        events.retain(|event| {
            is(&self.status, event.status.as_str())
                && is(&self.level, event.level.as_str())
                && is(&self.operations, event.operation)
                && is(&self.provider, operation::provider(event.operation))
                && is(&self.category, CATEGORY)
                && is(&self.channels, CHANNEL)
                && about(event)
        });
        events
    }
}
