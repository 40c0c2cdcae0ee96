//! What reaches the machines of a network, as bytes: so that two networks can be compared that share no memory.

use alloc::vec::Vec;

use sha2::{Digest, Sha256};

use super::diff::Diff;
use super::network_diff::{Differences, filters, stand_ins};
use crate::network::{Bounds, Engine, Index};
use crate::sets::Traffic;

/// One network's side of a comparison.
#[derive(Debug)]
pub struct Side {
    engine: Engine,
    /// Which machines the other side has, too.
    seen: Vec<bool>,
    found: Differences,
}

impl Side {
    /// Of a network. Where neither has a machine, behind each NSG there is one that may have any address.
    pub fn new(engine: &Engine, without_machines: bool) -> Self {
        let engine = if without_machines && engine.network().machines.is_empty() {
            Engine::new(stand_ins(engine.network()))
        } else {
            engine.clone()
        };
        let seen = alloc::vec![false; engine.network().machines.len()];
        Self { engine, seen, found: Differences::default() }
    }

    /// So many machines from one on: the id, what reaches it, and the digest of what filters.
    pub fn tell(&self, from: usize, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let machines = self.engine.network().machines.iter().enumerate();
        for (at, machine) in machines.skip(from).take(count) {
            let index = Index::new(at);
            let id = machine.id.as_bytes();
            bytes.extend_from_slice(&u32::try_from(id.len()).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend_from_slice(id);
            let Bounds { surely, may } = self.engine.effective(index);
            may.write(&mut bytes);
            bytes.push(u8::from(surely == may));
            if surely != may {
                surely.write(&mut bytes);
                bytes.extend_from_slice(&self.filters(Some(index)));
            }
        }
        bytes
    }

    fn filters(&self, machine: Option<Index<crate::network::VirtualMachine>>) -> [u8; 32] {
        let filters = machine.map(|machine| filters(self.engine.network(), machine)).unwrap_or_default();
        let mut hash = Sha256::new();
        for filter in filters {
            hash.update(u32::try_from(filter.len()).unwrap_or(u32::MAX).to_le_bytes());
            hash.update(filter);
        }
        hash.finalize().into()
    }

    /// Compares with what the other side, which comes after this one, [tells](Self::tell). None for bytes that it does
    /// not tell.
    pub fn compare(&mut self, mut told: &[u8]) -> Option<()> {
        while !told.is_empty() {
            let length = usize::try_from(u32::from_le_bytes(*told.split_off(..4)?.first_chunk()?)).ok()?;
            let id = str::from_utf8(told.split_off(..length)?).ok()?;
            let may = Traffic::read(&mut told)?;
            let (after, digest) = match *told.split_off_first()? {
                0 => {
                    let surely = Traffic::read(&mut told)?;
                    (Bounds { surely, may }, Some(told.split_off(..32)?))
                }
                _ => (Bounds::exact(may), None),
            };
            let machine = self.engine.find(id).ok();
            let before = machine.map_or_else(nothing, |machine| self.engine.effective(machine));
            let same = || digest.is_some_and(|digest| *digest == self.filters(machine));
            let same = before.is_exact() && digest.is_none() || same();
            self.found.add(id, (&before, &after), || same);
            if let Some(seen) = machine.and_then(|machine| self.seen.get_mut(machine.get())) {
                *seen = true;
            }
        }
        Some(())
    }

    /// The difference, once the other side has told everything.
    pub fn difference(mut self) -> Diff {
        let machines = self.engine.network().machines.iter().enumerate();
        for (at, machine) in machines {
            if !self.seen.get(at).copied().unwrap_or_default() {
                let before = self.engine.effective(Index::new(at));
                let exact = before.is_exact();
                self.found.add(&machine.id, (&before, &nothing()), || exact);
            }
        }
        let Differences { changes, complete } = self.found;
        // What opens comes first.
        let (mut reachable, closes): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.opens);
        reachable.extend(closes);
        Diff { openable: Vec::new(), reachable, complete, before: Vec::new(), after: Vec::new() }
    }
}

fn nothing() -> Bounds<Traffic> {
    Bounds::exact(Traffic::none())
}
