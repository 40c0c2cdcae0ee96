//! Where a machine is reached: its addresses by the inventory.
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::machine::Known;
use crate::api::{Failure, MachineAddresses, Open};
use crate::state::Session;

/// What is known of a machine's addresses.
#[derive(Clone, Debug, PartialEq)]
pub enum Addresses {
    Asking,
    Known(MachineAddresses),
    /// The user may not read them, or they are not in the inventory.
    Unknown(String),
}

impl Addresses {
    /// Those of a kind in a line.
    pub fn text(&self, kind: impl Fn(&MachineAddresses) -> &Vec<String>) -> String {
        match self {
            Self::Asking => "…".to_owned(),
            Self::Known(found) if kind(found).is_empty() => "None known".to_owned(),
            Self::Known(found) => kind(found).join(", "),
            Self::Unknown(_) => "Not known".to_owned(),
        }
    }

    /// The address to connect to: the public one, if there is any.
    pub fn best(&self) -> Option<&str> {
        let Self::Known(found) = self else { return None };
        found.public.first().or_else(|| found.private.first()).map(String::as_str)
    }
}

/// Asks for a machine's addresses, once.
pub fn use_addresses(machine: Known) -> RwSignal<Addresses> {
    let session = expect_context::<Session>();
    let addresses = RwSignal::new(Addresses::Asking);
    let id = Memo::new(move |_| {
        // Instances of EC2, and machines that are only in a policy, have no place in the inventory.
        machine.with(|machine| {
            machine.as_ref().filter(|it| !it.is_ec2 && !it.location.is_empty()).map(|it| it.id.clone())
        })
    });
    Effect::new(move |_| {
        let Some(id) = id.get() else {
            return addresses.set(Addresses::Unknown("The inventory does not have it.".to_owned()));
        };
        // Where the sign-in has ended, what is known stays.
        let Some(api) = session.api.get() else { return };
        spawn_local(async move {
            let found = match api.addresses(&id).await {
                Ok(found) => Addresses::Known(found),
                Err(failure) => Addresses::Unknown(words(&failure)),
            };
            // The page may be left by now, or somebody have signed in anew: then it is asked for once more.
            let is_asked = || addresses.try_with_untracked(|known| *known == Addresses::Asking) == Some(true);
            if session.api.get_untracked() == Some(api) || is_asked() {
                addresses.try_set(found);
            }
        });
    });
    addresses
}

fn words(failure: &Failure) -> String {
    failure.to_string()
}

/// The address and port that lead to a grant's port, and whether a firewall maps it.
pub fn target(open: &Open, addresses: &Addresses) -> (Option<String>, u16, bool) {
    match &open.mapped {
        Some((address, port)) => (Some(address.clone()), *port, true),
        None => (addresses.best().map(str::to_owned), open.port, false),
    }
}
