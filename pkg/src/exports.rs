//! What JavaScript calls. A session is opened for a call, or for as long as a network is loaded, and handed back with
//! each function.
#![expect(unsafe_code, reason = "an unmangled name is unsafe by decree; these stand in no other module")]

use alloc::boxed::Box;

#[cfg(feature = "network")]
use crate::Question;
use crate::{Session, Slot, Status};

/// Makes the session of this instance; the last one, if there is one, is at an end.
#[unsafe(no_mangle)]
#[cfg_attr(
    target_arch = "wasm32",
    expect(clippy::unnecessary_box_returns, reason = "what JavaScript keeps is its address")
)]
extern "C" fn open(last: Option<Box<Session>>) -> Box<Session> {
    drop(last);
    #[cfg(all(target_arch = "wasm32", not(feature = "network")))]
    // SAFETY: everything hung on the last session.
    unsafe {
        crate::runtime::ALLOCATOR.clear();
    }
    Box::default()
}

/// See [`Session::input`].
#[unsafe(no_mangle)]
extern "C" fn input(session: &mut Session, slot: u32, len: usize) -> *mut u8 {
    session.input(Slot::of(slot), len)
}

/// See [`Session::check`].
#[unsafe(no_mangle)]
extern "C" fn check(session: &mut Session, kind: usize, now: f64) -> Status {
    session.check(kind, now)
}

/// See [`Session::decide`].
#[unsafe(no_mangle)]
extern "C" fn decide(session: &mut Session, now: f64) -> Status {
    session.decide(now)
}

/// See [`Session::explain`].
#[unsafe(no_mangle)]
extern "C" fn explain(session: &mut Session) -> Status {
    session.explain()
}

/// See [`Session::rules`].
#[unsafe(no_mangle)]
extern "C" fn rules(session: &mut Session) -> Status {
    session.rules()
}

/// See [`Session::convert`].
#[cfg(feature = "convert")]
#[unsafe(no_mangle)]
extern "C" fn convert(session: &mut Session, to: usize, kind: usize, now: f64) -> Status {
    session.convert(to, kind, now)
}

/// Where the answer to the last call starts.
#[unsafe(no_mangle)]
extern "C" fn answer(session: &Session) -> *const u8 {
    session.answer().as_ptr()
}

/// How many bytes the answer has.
#[unsafe(no_mangle)]
extern "C" fn answer_len(session: &Session) -> usize {
    session.answer().len()
}

/// See [`Session::numbers`].
#[unsafe(no_mangle)]
extern "C" fn numbers(session: &Session) -> *const u32 {
    session.numbers().as_ptr()
}

/// How many there are.
#[unsafe(no_mangle)]
extern "C" fn numbers_len(session: &Session) -> usize {
    session.numbers().len()
}

/// See [`Session::load`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn load(
    session: &mut Session,
    files: usize,
    policies: usize,
    requests: usize,
    mode: u32,
    now: f64,
) -> Status {
    session.load([files, policies, requests], mode, now)
}

/// See [`Session::reports`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn reports(session: &mut Session) -> Status {
    session.reports()
}

/// See [`Session::machines`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn machines(session: &mut Session) -> Status {
    session.machines()
}

/// See [`Session::reach`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn reach(session: &mut Session, protocol: u8, port: u16, source_port: i32, at: f64) -> Status {
    session.reach(Question { protocol, port, source_port }, at)
}

/// See [`Session::traffic`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn traffic(session: &mut Session, at: f64) -> Status {
    session.traffic(at)
}

/// See [`Session::preview`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn preview(
    session: &mut Session,
    policies: usize,
    requests: usize,
    mode: u32,
    now: f64,
) -> Status {
    session.preview([policies, requests], mode, now)
}

/// See [`Session::diff`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn diff(session: &mut Session, before: usize, after: usize, around: usize, now: f64) -> Status {
    session.diff([before, after, around], now)
}

/// See [`Session::begin`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn begin(session: &mut Session, alone: bool, at: f64) -> Status {
    session.begin(alone, at)
}

/// See [`Session::tell`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn tell(session: &mut Session, from: usize, count: usize) -> Status {
    session.tell(from, count)
}

/// Where starts what was told.
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn told(session: &Session) -> *const u8 {
    session.told().as_ptr()
}

/// See [`Session::compare`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn compare(session: &mut Session) -> Status {
    session.compare()
}

/// See [`Session::difference`].
#[cfg(feature = "network")]
#[unsafe(no_mangle)]
extern "C" fn difference(session: &mut Session) -> Status {
    session.difference()
}
