//! The user of this browser's data: whoever sits in front of it.
use jitgate_core::ledger::{ActorKind, Principal};

use crate::browser::{Keep, guid, keep, kept};

const ID: &str = "jitgate-user-id";
const NAME: &str = "jitgate-user-name";
const ADDRESS: &str = "jitgate-user-address";

/// What a user is called who has said nothing.
pub const NAMELESS: &str = "you";

/// The user, with an id that is made once.
pub fn principal() -> Principal {
    let id = kept(Keep::Always, ID).unwrap_or_else(|| {
        let id = guid();
        // Where it cannot be kept, neither is the ledger.
        let _kept = keep(Keep::Always, ID, &id);
        id
    });
    Principal { id: id.into(), name: name().into(), kind: ActorKind::User }
}

pub fn name() -> String {
    kept(Keep::Always, NAME).unwrap_or_else(|| NAMELESS.to_owned())
}

/// The user's address, where it was told: a page cannot find it out by itself. Empty otherwise.
pub fn address() -> String {
    kept(Keep::Always, ADDRESS).unwrap_or_default()
}

/// What the user says of himself; an empty name is none.
pub fn introduce(name: &str, address: &str) -> bool {
    let name = if name.trim().is_empty() { NAMELESS } else { name.trim() };
    keep(Keep::Always, NAME, name) && keep(Keep::Always, ADDRESS, address.trim())
}
