//! Records: a line of JSON each, whose last member is the SHA-256 of the line without it.
//!
//! The JSON is canonical: the members always stand in the same order, without white space, and what is absent is
//! left out.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::fmt;

use serde::{Deserialize, Serialize};

use super::event::EventJson;
use super::role::PrincipalJson;
use crate::ledger::{Actor, Digest, Record};
use crate::model::Timestamp;
use crate::wire::json;

/// A line that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRecord {
    /// It is not the JSON of one; what is wrong.
    Unreadable(String),
    /// Its digest is not that of the line: it was changed.
    Changed,
}

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "the record cannot be read: {why}"),
            Self::Changed => f.write_str("the record is not as it was written: its digest is another"),
        }
    }
}

impl core::error::Error for BadRecord {}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordJson<'a> {
    seq: u64,
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    actor: ActorJson<'a>,
    #[serde(borrow)]
    correlation_id: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    client_request_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow)]
    event: EventJson<'a>,
    previous: Cow<'a, str>,
    /// It is put in behind the rest.
    #[serde(borrow, default, skip_serializing)]
    digest: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct ActorJson<'a> {
    #[serde(borrow)]
    principal: PrincipalJson<'a>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    address: Option<Cow<'a, str>>,
}

/// A record's JSON with the digest that it should have, and that digest.
pub fn seal(record: &Record) -> (String, Digest) {
    let text = json(&RecordJson::from(record));
    let digest = Digest::of(text.as_bytes());
    (with_digest(text, &digest), digest)
}

/// A record's JSON.
pub fn record(record: &Record) -> String {
    with_digest(json(&RecordJson::from(record)), &record.digest)
}

/// Puts the digest in as the last member.
fn with_digest(mut text: String, digest: &Digest) -> String {
    // The object's own bracket.
    text.pop();
    text.push_str(",\"digest\":\"");
    text.push_str(&digest.to_string());
    text.push_str("\"}");
    text
}

/// Reads a record from its JSON. Its digest is not checked: [`verify`](crate::ledger::verify) does that.
///
/// # Errors
/// It is none.
pub fn parse_record(line: &str) -> Result<Record, BadRecord> {
    let unreadable = |why: &dyn fmt::Display| BadRecord::Unreadable(why.to_string());
    let json: RecordJson = serde_json::from_str(line).map_err(|error| unreadable(&error))?;
    json.into_record().ok_or_else(|| unreadable(&"a word, a time or a digest in it is none"))
}

/// What ties a record to the one before it.
#[derive(Deserialize)]
struct LinkJson<'a> {
    seq: u64,
    #[serde(borrow)]
    previous: Cow<'a, str>,
}

/// The same, read.
pub(crate) struct Link {
    pub seq: u64,
    pub previous: Digest,
}

/// What ties a record to the one before it; none where the line is no JSON of one.
pub(crate) fn parse_link(line: &str) -> Option<Link> {
    let json: LinkJson = serde_json::from_str(line).ok()?;
    Some(Link { seq: json.seq, previous: Digest::parse(&json.previous)? })
}

/// The digest that a line should have, and the one that it has: the last member. None for a line without one.
pub(crate) fn digests(line: &str) -> Option<(Digest, Digest)> {
    let before = line.len().checked_sub(DIGEST_MEMBER)?;
    let (text, member) = line.split_at_checked(before)?;
    let found = member.strip_prefix(",\"digest\":\"")?.strip_suffix("\"}")?;
    let mut text = String::from(text);
    text.push('}');
    Some((Digest::of(text.as_bytes()), Digest::parse(found)?))
}

/// Whether a line has the digest that it should have: it is as it was written.
pub fn is_intact(line: &str) -> bool {
    digests(line).is_some_and(|(due, found)| due == found)
}

/// The length of `,"digest":"…"}`.
const DIGEST_MEMBER: usize = 11 + 64 + 2;

impl<'a> From<&'a Record> for RecordJson<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            seq: record.seq,
            time: record.time.to_service_form().into(),
            actor: ActorJson {
                principal: PrincipalJson::from(&record.actor.principal),
                address: record.actor.address.map(|address| address.to_string().into()),
            },
            correlation_id: (&*record.correlation_id).into(),
            client_request_id: record.client_request_id.as_deref().map(Cow::Borrowed),
            operation: record.event.operation().into(),
            event: EventJson::from(&record.event),
            previous: record.previous.to_string().into(),
            digest: Cow::Borrowed(""),
        }
    }
}

impl RecordJson<'_> {
    fn into_record(self) -> Option<Record> {
        let address = match self.actor.address {
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        Some(Record {
            seq: self.seq,
            time: Timestamp::parse(&self.time)?,
            actor: Actor { principal: self.actor.principal.into_principal()?, address },
            correlation_id: self.correlation_id.into_owned(),
            client_request_id: self.client_request_id.map(Cow::into_owned),
            event: self.event.into_event()?,
            previous: Digest::parse(&self.previous)?,
            digest: Digest::parse(&self.digest)?,
        })
    }
}
