//! Where the ledger's records are kept: appended in whole batches, never changed.
//!
//! [`Store`] and [`Reader`] are all that the rest of the server knows of a database, so that another one can follow
//! SQLite. The one writer ([`writer`]) owns the `Store`; any number of threads may hold a `Reader`.

mod activity;
mod audit;
mod backup;
mod fault;
mod folder;
mod mentions;
mod place;
mod reader;
mod schema;
mod sqlite;
pub mod writer;

pub use activity::{ActivityQuery, Found};
pub use audit::{Derive, Stray};
pub use backup::backup;
pub use fault::Fault;
pub use folder::DataFolder;
pub use jitgate_core::ledger::Mention;
pub use reader::SqliteReader;
pub use sqlite::Sqlite;

/// One record as it is stored: the JSON is the truth, the rest is made from it for the activity log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its place in the ledger, counted from 1 without gaps.
    pub seq: u64,
    /// When, in nanoseconds since 1970.
    pub time: i64,
    /// Azure's name of the operation in lower case, as in `microsoft.security/…/write`.
    pub operation: String,
    /// Who asked, in lower case.
    pub caller: String,
    /// What ties the records of one call together.
    pub correlation: String,
    /// The record itself: a line of canonical JSON, over which the chain of digests runs.
    pub json: String,
    /// The resources that it is about, by which the activity log finds it.
    pub mentions: Vec<Mention>,
}

/// Bytes that a record refers to by their SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The SHA-256 in lower-case hexadecimal.
    pub digest: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Takes records one by one: `seq` and JSON. An error ends the reading.
pub type Each<'a> = &'a mut dyn FnMut(u64, &str) -> Result<(), Fault>;

/// The writing side.
pub trait Store: Send {
    /// Hands over the JSON of every record whose `seq` is over `after`, in order, until one is refused.
    fn load(&mut self, after: u64, each: Each) -> Result<(), Fault>;

    /// Takes the place for a batch: until [`Self::append`] or [`Self::abandon`], nobody else writes there, and what
    /// others wrote before can be loaded. False where surely nobody has written since the last time. Where nobody else
    /// can write, there is nothing to do.
    fn begin(&mut self) -> Result<bool, Fault> {
        Ok(false)
    }

    /// Lets go of the place without a batch.
    fn abandon(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    /// Puts all of it on disk, or nothing of it. When this returns, a power cut loses none of it.
    fn append(&mut self, rows: &[Row], blobs: &[Blob]) -> Result<(), Fault>;

    /// Fails where nothing can be put on disk now.
    fn check(&mut self) -> Result<(), Fault> {
        self.abandon()
    }

    /// Lets the activity log find all records that are there quickly. `derive` makes a record's row of its JSON. Until then
    /// new records are read one by one, and after a power cut that may be so again: nothing is lost by it, since it can be
    /// made of the records.
    fn settle(&mut self, derive: Derive) -> Result<(), Fault> {
        let _ = derive;
        Ok(())
    }

    /// Begins anew after a fault: whatever handles were open are dropped.
    fn reopen(&mut self) -> Result<(), Fault>;
}

/// The reading side: sees what was committed, never half of a batch.
pub trait Reader: Send + Sync {
    /// The bytes of that digest.
    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// The records that match, the latest first.
    fn activity(&self, query: &ActivityQuery) -> Result<Vec<Found>, Fault>;

    /// Hands over the JSON of every record whose `seq` is over `after`, in order, until one is refused.
    fn since(&self, after: u64, each: Each) -> Result<(), Fault>;
}
