//! The domain's words: policies, requests and what they are made of, each value with the node it was
//! read from. Nothing here judges; the rules do.

pub mod duration;
pub mod field;
pub mod id;
pub mod kind;
pub mod policy;
pub mod port;
pub mod request;
pub mod source;
pub mod source_text;
pub mod time;

pub use duration::{DurationFault, DurationText};
pub use field::Field;
pub use id::{IdText, MachineId, OddId, PolicyId};
pub use kind::Kind;
pub use policy::{Machine, Policy, PortRule};
pub use port::{PortText, Protocol, ProtocolText};
pub use request::{Request, RequestMachine, RequestPort};
pub use source::{Source, SourceList, Sources};
pub use source_text::{OddSource, SourceText};
pub use time::{TimeFault, TimeText, Timestamp};
