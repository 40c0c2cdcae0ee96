//! Whoever keeps the data.
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use jitgate_logic::Touched;

use super::{Answer, Call, Failure};

/// The two kinds of backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// `jitgate serve`.
    Server,
    /// This browser.
    Browser,
}

/// An answer that is under way.
pub type Answered = Pin<Box<dyn Future<Output = Result<Answer, Failure>>>>;

/// Something happened that may change what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A policy was put or deleted, access was opened or closed, an inventory imported.
    Happened(Touched),
    /// News come in from now on; what happened before is not told.
    Connected,
    /// News come in again, from where they stopped: none are missed.
    Resumed,
    /// No news come in: what is shown may be old.
    Lost,
}

/// Keeps a listener listening; dropped, it ends.
pub struct Listening(#[expect(dead_code, reason = "ends when it is dropped")] pub Box<dyn std::any::Any>);

/// Answers the calls of Azure's REST API, and those of our own beside them (`docs/server.md`).
pub trait Backend {
    /// Has a call answered. An answer with a status of 400 or more is a [`Failure`].
    fn send(&self, call: Call) -> Answered;

    /// Tells of changes from now on.
    fn listen(&self, heard: Rc<dyn Fn(Change)>) -> Listening;
}
