//! The allocator of the small module: memory is given out in order, and taken back all at once when the next call
//! begins. What frees a value is then no code at all, which is a tenth of the module, and no time.
#![expect(unsafe_code, reason = "an allocator is unsafe by its nature; this one only ever moves forward")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::Cell;
use core::ptr;

/// A page of wasm memory.
const PAGE: usize = 1 << 16;
/// Memory is asked for in pieces of at least this much.
const PIECE: usize = 1 << 18;

/// Addresses in the memory of this instance: all from `next` to `end` is free.
pub struct Arena {
    first: Cell<usize>,
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: without the feature `atomics` wasm has one thread.
unsafe impl Sync for Arena {}

impl Arena {
    /// Without any memory yet.
    pub const fn new() -> Self {
        Self { first: Cell::new(0), next: Cell::new(0), end: Cell::new(0) }
    }

    /// Takes everything back.
    ///
    /// # Safety
    ///
    /// Nothing that was given out may be used any more.
    pub unsafe fn clear(&self) {
        self.next.set(self.first.get());
    }

    /// Sees to it that so many bytes are free, as one piece: asked for bit by bit, each bit has the engine look for
    /// garbage, which takes many times as long as the check itself.
    #[cold]
    #[inline(never)]
    pub fn make_room(&self, bytes: usize) -> bool {
        let missing = bytes.saturating_sub(self.end.get().saturating_sub(self.next.get()));
        if missing == 0 {
            return true;
        }
        let pages = missing.max(PIECE).div_ceil(PAGE);
        let before = memory_grow::<0>(pages);
        if before == usize::MAX {
            return false;
        }
        // Nobody else takes memory, so that pieces follow each other.
        if self.end.get() == 0 {
            self.first.set(before.saturating_mul(PAGE));
            self.next.set(before.saturating_mul(PAGE));
        }
        // At 4 GiB sharp it would be zero.
        self.end.set(memory_size::<0>().saturating_mul(PAGE));
        true
    }
}

// SAFETY: each piece lies between the last one's end and the end of memory, at a multiple of its alignment.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        loop {
            let start = self.next.get().next_multiple_of(layout.align());
            let end = start.saturating_add(layout.size());
            if end <= self.end.get() {
                self.next.set(end);
                return ptr::with_exposed_provenance_mut(start);
            }
            if !self.make_room(layout.size().saturating_add(layout.align())) {
                return ptr::null_mut();
            }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// The last piece grows where it is.
    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = old.addr();
        if size <= layout.size() {
            return old;
        }
        let more = size.saturating_sub(layout.size());
        if start.saturating_add(layout.size()) == self.next.get()
            && (more <= self.end.get().saturating_sub(self.next.get()) || self.make_room(more))
        {
            self.next.set(start.saturating_add(size));
            return old;
        }
        // SAFETY: a layout of that size was valid for the caller, who says so by calling.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            // SAFETY: both are as long as the old one at least, and the new one was never given out.
            unsafe { ptr::copy_nonoverlapping(old, new, layout.size()) };
        }
        new
    }
}
