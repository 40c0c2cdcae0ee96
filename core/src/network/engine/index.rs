//! Finding machines: by id, by name, by address.

use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};
use core::net::IpAddr;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::network::{Index, Network, Ref, VirtualMachine};

/// Why a text names no machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// No machine has this id or name.
    Unknown,
    /// More than one machine has this name; only its id tells which is meant.
    Ambiguous,
}

/// The machines of a network by what people call them.
#[derive(Debug, Default)]
pub(super) struct Machines {
    texts: HashTable<(Index<VirtualMachine>, Called)>,
    hasher: DefaultHashBuilder,
    addresses: HashMap<IpAddr, Vec<Index<VirtualMachine>>>,
}

/// Which text of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Called {
    Id,
    /// The last segment of the id.
    ShortId,
    Name,
}

impl Called {
    fn of(self, machine: &VirtualMachine) -> &str {
        match self {
            Self::Id => &machine.id,
            Self::ShortId => short(&machine.id),
            Self::Name => &machine.name,
        }
    }
}

impl Machines {
    pub fn new(network: &Network) -> Self {
        let mut machines = Self::default();
        for (at, machine) in network.machines.iter().enumerate() {
            let index = Index::new(at);
            machines.call(network, index, Called::Id);
            if short(&machine.id) != machine.id {
                machines.call(network, index, Called::ShortId);
            }
            if !machine.name.eq_ignore_ascii_case(short(&machine.id)) {
                machines.call(network, index, Called::Name);
            }
            let nics =
                machine.nics.iter().filter_map(Ref::given).filter_map(|nic| network.nics.get(nic.get()));
            for configuration in nics.flat_map(|nic| &nic.ip_configurations) {
                for address in configuration.private.into_iter().chain(configuration.public) {
                    let there = machines.addresses.entry(address).or_default();
                    if there.last() != Some(&index) {
                        there.push(index);
                    }
                }
            }
        }
        machines
    }

    fn call(&mut self, network: &Network, index: Index<VirtualMachine>, called: Called) {
        let text = |&(index, called): &(Index<VirtualMachine>, Called)| {
            network.machines.get(index.get()).map_or("", |machine| called.of(machine))
        };
        let hasher = self.hasher.clone();
        let hash = hash(&hasher, text(&(index, called)));
        self.texts.insert_unique(hash, (index, called), |entry| self::hash(&hasher, text(entry)));
    }

    /// The machine of that id or name, without regard to case. An id goes before a name.
    pub fn find(&self, network: &Network, text: &str) -> Result<Index<VirtualMachine>, NotFound> {
        let text = text.trim().trim_end_matches('/');
        let matches = self.texts.iter_hash(hash(&self.hasher, text)).filter(|(index, called)| {
            let machine = network.machines.get(index.get());
            machine.is_some_and(|machine| called.of(machine).eq_ignore_ascii_case(text))
        });
        let mut found = Err(NotFound::Unknown);
        for &(index, called) in matches {
            if called == Called::Id {
                return Ok(index);
            }
            found = match found {
                Err(NotFound::Unknown) => Ok(index),
                Ok(before) if before == index => found,
                Ok(_) | Err(NotFound::Ambiguous) => Err(NotFound::Ambiguous),
            };
        }
        found
    }

    /// The machines that have a private or public address; private ones are often used twice.
    pub fn at(&self, address: IpAddr) -> &[Index<VirtualMachine>] {
        self.addresses.get(&address).map(Vec::as_slice).unwrap_or_default()
    }
}

fn short(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn hash(hasher: &DefaultHashBuilder, text: &str) -> u64 {
    let mut state = hasher.build_hasher();
    for byte in text.bytes() {
        state.write_u8(byte.to_ascii_lowercase());
    }
    state.finish()
}
