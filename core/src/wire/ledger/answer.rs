//! The bodies of the answers to commands.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::request::{RequestJson, repeated};
use super::{policy, request};
use crate::ledger::{Answer, GrantId, State};
use crate::model::Timestamp;
use crate::order;
use crate::wire::json;

/// The body of an answer, where it has one. `state` is the one that the command left behind, `now` the time of the
/// command.
pub fn answer(state: &State, answer: &Answer, now: Timestamp) -> Option<String> {
    match answer {
        Answer::Policy(id) => Some(policy(state, state.policy(id)?, state.present(now))),
        Answer::Initiated { request: seq, repeated: false } => Some(request(state.request(*seq)?)),
        Answer::Initiated { request: seq, repeated: true } => {
            Some(repeated(state.request(*seq)?, state.present(now)))
        }
        Answer::Revoked(ids) => Some(revoked(state, ids, state.present(now))),
        Answer::Deleted | Answer::NotThere | Answer::Done => None,
    }
}

/// `{"value": […]}`: the requests of the grants that were closed, each with those alone.
fn revoked(state: &State, ids: &[GrantId], now: Timestamp) -> String {
    #[derive(Serialize)]
    struct List<'a> {
        value: Vec<RequestJson<'a>>,
    }
    let mut ids: Vec<_> = ids.to_vec();
    order::sort_by(&mut ids, Ord::cmp);
    let groups = ids.chunk_by(|one, other| one.is_of_request_of(*other));
    let value = groups.filter_map(|group| {
        let request = state.grant(*group.first()?)?.request;
        let wanted = |index: usize| group.iter().any(|id| id.is_at(index));
        Some(RequestJson::part(request, wanted, now))
    });
    json(&List { value: value.collect() })
}
