//! Takes out of a module what only a panic would say. Where a panic is a trap, nobody hears its words; but the standard
//! library comes compiled, and so the linker cannot know that its functions read none of what they are given.
//!
//! The linker's relocations tell what points to what: functions that only panic become traps, what they were given
//! becomes zero, and then what nothing points to any more is emptied. wasm-opt takes away what is left of it.
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use anyhow::{Context, Result};

use module::{Module, Target};

mod module;
#[cfg(test)]
mod tests;

/// What the names of functions have that do nothing but panic: all of a module of the standard library, and some more.
const PANICS: &[&str] = &[
    "4core9panicking",
    "6option13expect_failed",
    "6option13unwrap_failed",
    "6result13unwrap_failed",
    "5slice5index16slice_index_fail",
    "3str16slice_error_fail",
    "3str19slice_error_fail_rt",
    "7raw_vec12handle_error",
];

const UNREACHABLE: u8 = 0x00;
const END: u8 = 0x0b;
const CALL: u8 = 0x10;
const LOCAL_GET: u8 = 0x20;
const CONST: u8 = 0x41;
/// A zero as long as every number is that the linker may change.
const ZERO: [u8; 5] = [0x80, 0x80, 0x80, 0x80, 0];

/// The module without words for panics. It must have its names and relocations.
pub fn silenced(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::read(wasm)?;
    let mut output = wasm.to_vec();
    let panics: BTreeSet<u32> = module.names.keys().copied().filter(|&at| module.panics(wasm, at)).collect();
    for &function in &panics {
        module.empty(&mut output, function)?;
    }
    let calls: Vec<(usize, u32)> = module
        .links
        .iter()
        .filter_map(|(&place, &(target, constant))| match target {
            Target::Function(function) if !constant && panics.contains(&function) => Some((place, function)),
            _ => None,
        })
        .collect();
    for (place, function) in calls {
        module.give_nothing(&mut output, place, function);
    }
    let live = module.live();
    for (&symbol, place) in &module.data {
        if !live.contains(&Target::Data(symbol)) {
            output.get_mut(place.clone()).context("data is cut off")?.fill(0);
        }
    }
    // Symbols may lie in each other.
    for (&symbol, place) in &module.data {
        if live.contains(&Target::Data(symbol)) {
            let bytes = wasm.get(place.clone()).context("data is cut off")?;
            output.get_mut(place.clone()).context("data is cut off")?.copy_from_slice(bytes);
        }
    }
    // Those in the table, too, whose places must stay.
    let dead: Vec<u32> =
        module.names.keys().copied().filter(|&at| !live.contains(&Target::Function(at))).collect();
    for function in dead {
        if module.body(function).is_some() {
            module.empty(&mut output, function)?;
        }
    }
    for section in module.linking.into_iter().rev() {
        output.drain(section);
    }
    Ok(output)
}

impl Module<'_> {
    fn body(&self, function: u32) -> Option<Range<usize>> {
        self.bodies.get(usize::try_from(function.checked_sub(self.imported)?).ok()?).cloned()
    }

    /// True for a function of that name which indeed never returns.
    fn panics(&self, wasm: &[u8], function: u32) -> bool {
        let named =
            self.names.get(&function).is_some_and(|name| PANICS.iter().any(|part| name.contains(part)));
        let body = self.body(function).and_then(|body| wasm.get(body)).unwrap_or_default();
        named && body.ends_with(&[UNREACHABLE, END])
    }

    /// Makes a function a trap that points to nothing.
    fn empty(&mut self, output: &mut [u8], function: u32) -> Result<()> {
        let body = self.body(function).context("a function without a body")?;
        self.links.retain(|place, _| !body.contains(place));
        // No locals, and then traps.
        let code = output.get_mut(body).context("code is cut off")?;
        code.fill(UNREACHABLE);
        *code.last_mut().context("a function without an end")? = END;
        Ok(())
    }

    /// Makes zeros of the constants that are given to a call: of those at its end, as many as there are parameters.
    fn give_nothing(&mut self, output: &mut [u8], call: usize, function: u32) {
        let own = function.checked_sub(self.imported).and_then(|at| usize::try_from(at).ok());
        let mut left = own.and_then(|at| self.parameters.get(at)).copied().unwrap_or_default();
        let mut end = call.saturating_sub(1);
        if output.get(end) != Some(&CALL) {
            return;
        }
        while let Some((&place, &(_, true))) = self.links.range(..end).next_back() {
            let behind = place.saturating_add(ZERO.len());
            let Some(between) = output.get(behind..end).and_then(plain) else { return };
            let Some(rest) = left.checked_sub(between.saturating_add(1)) else { return };
            let start = place.saturating_sub(1);
            if output.get(start) != Some(&CONST) {
                return;
            }
            if let Some(number) = output.get_mut(place..behind) {
                number.copy_from_slice(&ZERO);
            }
            self.links.remove(&place);
            (left, end) = (rest, start);
        }
    }

    /// All that can be reached from outside.
    fn live(&self) -> HashSet<Target> {
        let mut live = HashSet::new();
        let mut next: Vec<Target> = self.roots.iter().copied().map(Target::Function).collect();
        while let Some(target) = next.pop() {
            if live.insert(target) {
                let place = match target {
                    Target::Function(function) => self.body(function),
                    Target::Data(symbol) => self.data.get(&symbol).cloned(),
                    Target::Other => None,
                };
                next.extend(self.links.range(place.unwrap_or_default()).map(|(_, &(target, _))| target));
            }
        }
        live
    }
}

/// How many instructions these are, if each gives a constant or a local.
fn plain(code: &[u8]) -> Option<usize> {
    let mut count = 0_usize;
    let mut code = code.iter();
    while let Some(&instruction) = code.next() {
        if !matches!(instruction, CONST | LOCAL_GET) {
            return None;
        }
        code.find(|byte| **byte < 0x80)?;
        count = count.saturating_add(1);
    }
    Some(count)
}
