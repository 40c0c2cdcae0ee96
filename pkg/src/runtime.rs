//! What `std` would bring: an allocator, and what happens on a panic.

use core::panic::PanicInfo;

/// A network stays loaded over many calls: its memory must be given back piece by piece.
#[cfg(feature = "network")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(not(feature = "network"))]
#[global_allocator]
pub static ALLOCATOR: crate::arena::Arena = crate::arena::Arena::new();

/// Traps. The words would have nowhere to go, and without them the module is smaller.
#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
