//! An answer: what a server would send.

use jitgate_core::ledger::Refusal;
use jitgate_core::wire;

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body; empty where there is none.
    pub body: String,
    /// What the body is.
    pub content: Content,
    /// `ETag`, of a policy.
    pub etag: Option<String>,
}

/// What a body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// `application/json`
    #[default]
    Json,
    /// `text/csv`
    Csv,
    /// `application/x-ndjson`: a record in each line.
    Lines,
}

/// What comes of a call: an answer, or a refusal in Resource Manager's form.
pub(crate) type Outcome = Result<Reply, Refusal>;

impl Reply {
    /// 200 with JSON.
    pub(crate) fn json(body: String) -> Self {
        Self { status: 200, body, ..Self::default() }
    }

    /// A refusal.
    pub(crate) fn refusal(refusal: &Refusal) -> Self {
        Self { status: refusal.status, body: wire::ledger::refusal(refusal), ..Self::default() }
    }
}
