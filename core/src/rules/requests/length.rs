//! For how long a port is asked.

use core::time::Duration;

use crate::json::NodeId;
use crate::model::{RequestPort, Timestamp};

/// How long each member that sets an end makes the access, and its value. An end that has passed, or
/// whose distance is not known for want of the present, makes none.
pub(super) fn lengths(
    port: &RequestPort,
    now: Option<Timestamp>,
) -> impl Iterator<Item = (Duration, NodeId)> {
    let duration = port.duration.given().and_then(|(text, node)| Some((text.length()?, node)));
    let end = port.end.given().and_then(|(text, node)| {
        let left = text.time()?.since(now?)?;
        (!left.is_zero()).then_some((left, node))
    });
    duration.into_iter().chain(end)
}
