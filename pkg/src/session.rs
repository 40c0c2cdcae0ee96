//! One caller's inputs, and the answer to its last call.

#[cfg(feature = "network")]
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::ptr;

use jitgate_core::{CheckOptions, Code, Kind, Timestamp, check, decide};

use crate::answer::Answer;
use crate::{answers, diagnostics};

/// What the inputs are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The document to check; the policy to decide by; the code or name to explain.
    Document,
    /// The request to decide.
    Request,
    /// The present as text, where the caller gives it so.
    Now,
    /// Where the caller comes from.
    CallerAddress,
    /// A text or document of several, by its place among them.
    Part(usize),
}

impl Slot {
    /// The slot of that number.
    pub fn of(number: u32) -> Self {
        match number {
            0 => Self::Document,
            1 => Self::Request,
            2 => Self::Now,
            3 => Self::CallerAddress,
            _ => Self::Part(usize::try_from(number).unwrap_or_default().saturating_sub(4)),
        }
    }
}

/// How a call went. What is not `Done` has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Status {
    /// There is an answer.
    Done = 0,
    /// The text in [`Slot::Now`] is no time.
    BadTime = 1,
    /// The text in [`Slot::CallerAddress`] is no address.
    BadAddress = 2,
    /// No rule has that code or name.
    UnknownRule = 3,
    /// The address that asks is none.
    BadFrom = 4,
    /// The address that is asked is none.
    BadTo = 5,
    /// The network has no machine of that name or id.
    UnknownMachine = 6,
    /// The network has several machines of that name.
    AmbiguousMachine = 7,
    /// No network was loaded.
    NotLoaded = 8,
}

/// How many bytes a byte of a document takes while it is read.
const ROOM: usize = 6;

/// See the module.
#[derive(Debug, Default)]
pub struct Session {
    pub(crate) document: Vec<u8>,
    request: Vec<u8>,
    now: Vec<u8>,
    caller_address: Vec<u8>,
    pub(crate) parts: Vec<Vec<u8>>,
    pub(crate) answer: Answer,
    /// What one network tells another.
    #[cfg(feature = "network")]
    pub(crate) told: Vec<u8>,
    #[cfg(feature = "network")]
    pub(crate) loaded: Option<Box<crate::network::Asked>>,
}

impl Session {
    /// Makes an input so many bytes long, and tells where it starts. What was in it stays as far as it
    /// fits, so that a text may be written in parts.
    pub fn input(&mut self, slot: Slot, len: usize) -> *mut u8 {
        let bytes = match slot {
            Slot::Document => &mut self.document,
            Slot::Request => &mut self.request,
            Slot::Now => &mut self.now,
            Slot::CallerAddress => &mut self.caller_address,
            Slot::Part(at) => {
                let most = self.parts.len().max(at.saturating_add(1));
                self.parts.resize_with(most, Vec::new);
                // It was just made.
                let Some(part) = self.parts.get_mut(at) else { return ptr::null_mut() };
                part
            }
        };
        bytes.resize(len, 0);
        bytes.as_mut_ptr()
    }

    /// Checks the document. `kind` is an index into [`Kind::ALL`], anything past it leaves the kind to be
    /// guessed; `now` is in milliseconds since 1970, or not a number where [`Slot::Now`] has it.
    pub fn check(&mut self, kind: usize, now: f64) -> Status {
        let Some(now) = self.now(now) else { return Status::BadTime };
        // The last answer would stand in the middle of the room that is made.
        self.answer = Answer::default();
        make_room(self.document.len());
        let options = CheckOptions { kind: Kind::ALL.get(kind).copied(), now: Some(now) };
        self.answer = diagnostics::report(&check(&self.document, &options));
        Status::Done
    }

    /// Decides the request by the policy; `now` as in [`Self::check`].
    pub fn decide(&mut self, now: f64) -> Status {
        let Some(now) = self.now(now) else { return Status::BadTime };
        let Ok(caller_address) = self.caller() else { return Status::BadAddress };
        let context = decide::Context { now, caller_address };
        self.answer = answers::decision(&decide(&self.document, &self.request, &context));
        Status::Done
    }

    /// Gives the rule of the code or name that stands in the document's place.
    pub fn explain(&mut self) -> Status {
        let Some(code) = str::from_utf8(&self.document).ok().and_then(Code::find) else {
            return Status::UnknownRule;
        };
        self.answer = answers::rules(&[code]).into();
        Status::Done
    }

    /// Gives all rules.
    pub fn rules(&mut self) -> Status {
        self.answer = answers::rules(Code::ALL).into();
        Status::Done
    }

    /// The answer to the last call: JSON.
    pub fn answer(&self) -> &[u8] {
        self.answer.json.as_bytes()
    }

    /// The numbers of its diagnostics; none where it can have no diagnostics.
    pub fn numbers(&self) -> &[u32] {
        &self.answer.numbers
    }

    /// Where the caller comes from, as far as that is told.
    pub(crate) fn caller(&self) -> Result<Option<IpAddr>, Status> {
        if self.caller_address.is_empty() {
            return Ok(None);
        }
        let address = str::from_utf8(&self.caller_address).ok().and_then(|text| text.parse().ok());
        address.map(Some).ok_or(Status::BadAddress)
    }

    pub(crate) fn now(&self, millis: f64) -> Option<Timestamp> {
        if millis.is_nan() {
            return str::from_utf8(&self.now).ok().and_then(Timestamp::parse);
        }
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "JavaScript's times are whole and below 2^53; `as` takes any other to the nearest"
        )]
        Timestamp::from_unix_millis(millis as i64)
    }
}

/// Takes the memory that a large document needs at one go. Asked for piece by piece, each piece has the
/// engine look for garbage, which takes many times as long as the check itself.
pub(crate) fn make_room(document: usize) {
    if document > 1 << 16 {
        let room = document.saturating_mul(ROOM);
        #[cfg(all(target_arch = "wasm32", not(feature = "network")))]
        crate::runtime::ALLOCATOR.make_room(room);
        // The allocator keeps what is given back for the pieces to come.
        #[cfg(not(all(target_arch = "wasm32", not(feature = "network"))))]
        drop(core::hint::black_box(Vec::<u8>::with_capacity(room)));
    }
}
