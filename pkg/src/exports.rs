//! What JavaScript calls. A session is opened once for an instance and handed back with each call.
#![expect(unsafe_code, reason = "an unmangled name is unsafe by decree; these stand in no other module")]

use alloc::boxed::Box;

use crate::{Session, Slot, Status};

/// Makes the session of this instance.
#[unsafe(no_mangle)]
#[expect(clippy::unnecessary_box_returns, reason = "what JavaScript keeps is its address")]
extern "C" fn open() -> Box<Session> {
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
