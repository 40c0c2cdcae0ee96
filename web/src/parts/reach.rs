//! Where a machine is reached, and how what is open on it is told.
use std::sync::Arc;

use jitgate_core::model::Protocol;
use jitgate_logic::{Target, Way, usual_user};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Failure, Machine, MachineAddresses, Open, Os, Through};
use crate::state::{Fleet, Session};

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
pub fn use_addresses(machine: Memo<Option<Arc<Machine>>>) -> RwSignal<Addresses> {
    let session = expect_context::<Session>();
    let addresses = RwSignal::new(Addresses::Asking);
    let id = Memo::new(move |_| {
        // Machines that are only in a policy have no place in the inventory.
        machine.with(|machine| {
            machine.as_ref().filter(|it| !it.is_ec2 && !it.location.is_empty()).map(|it| it.id.clone())
        })
    });
    // Instances of EC2 have none either: theirs come with them.
    let own = Memo::new(move |_| {
        let own = machine.with(|machine| machine.as_ref().map(|it| it.addresses.clone()));
        own.filter(|own| *own != MachineAddresses::default())
    });
    Effect::new(move |_| {
        if let Some(own) = own.get() {
            return addresses.set(Addresses::Known(own));
        }
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

/// Where a grant's port is reached. Nothing is said that cannot work: whom a firewall hides is not reached at its own
/// address.
pub fn target(fleet: Fleet, machine: &Machine, open: &Open, addresses: &Addresses) -> Target {
    let policy = fleet.policy(&open.policy);
    let named = policy.as_ref().and_then(|policy| policy.rules_of(&machine.id)).map(|own| &*own.public_ip);
    let hides = machine.through == Some(Through::Firewall);
    let firewall = named.filter(|address| !address.is_empty()).or_else(|| hides.then_some(""));
    let mapped = open.mapped.as_ref().map(|(address, port)| (&**address, *port));
    Target::new(open.port, mapped, firewall, addresses.best())
}

/// The line that leads there, with what it is; none where no address is known.
pub fn line(machine: &Machine, open: &Open, target: &Target, user: &str) -> Option<(&'static str, String)> {
    let Target::At { address, port: at, .. } = target else { return None };
    let way = Way {
        port: open.port,
        udp: open.protocol == Protocol::Udp,
        address,
        at: *at,
        windows: machine.os != Some(Os::Linux),
        usual: usual_user(machine.is_ec2),
    };
    Some(way.line(user))
}

/// `22`; `22/UDP` where it is open for that alone, and `22/TCP` beside such a one.
pub fn open_port(open: &Open, all: &[Open]) -> String {
    let mut same = all.iter().filter(|one| one.port == open.port);
    match open.protocol {
        Protocol::Tcp if same.all(|one| one.protocol == Protocol::Tcp) => open.port.to_string(),
        Protocol::Any => open.port.to_string(),
        protocol => format!("{}/{}", open.port, protocol.as_str()),
    }
}
