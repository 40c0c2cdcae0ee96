//! One call of the REST API, and what comes of it.
use std::fmt;

/// The method of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    /// The path with its query, as in `/subscriptions/…?api-version=2020-01-01`.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// `x-ms-client-request-id`: a call that is sent again with the same one does nothing twice.
    pub id: Option<String>,
    /// `If-Match`: the `ETag` of what the user saw.
    pub if_match: Option<String>,
    /// `If-None-Match: *`: only where there is nothing yet.
    pub is_new: bool,
}

impl Call {
    /// A call without a body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, id: None, if_match: None, is_new: false }
    }

    /// With a body.
    pub fn body(self, body: impl Into<String>) -> Self {
        Self { body: Some(body.into()), ..self }
    }
}

/// An answer whose status says that it was done.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub body: String,
    pub etag: Option<String>,
}

/// HTTP's 507: there was no room to keep it, so that it surely was not done.
pub const NO_ROOM: u16 = 507;

/// Why a call was not answered with what it asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// There was no answer: whether it was done is not known.
    Unreachable(String),
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// The answer is an error.
    Refused(Box<Refusal>),
}

/// An error as Resource Manager gives them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub code: String,
    pub message: String,
    /// A JSON pointer into the body, or the name of a parameter.
    pub target: String,
    pub details: Vec<Slip>,
    /// The body of the nearest request that would be granted.
    pub nearest: Option<String>,
    /// What is different in it, in words.
    pub changes: Vec<String>,
    /// `Retry-After`: whoever answers asks to wait for so many seconds; 0 where not.
    pub wait: u32,
}

/// One of an error's details.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slip {
    /// The rule's code: `JIT601`.
    pub code: String,
    pub message: String,
    /// A JSON pointer into the body.
    pub target: String,
}

impl Failure {
    /// Somebody else changed it meanwhile.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused(refusal) if matches!(refusal.status, 409 | 412))
    }

    /// There is no such thing, or it is not for this user.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }
}

impl Failure {
    /// True where it may have been done all the same: no answer came, or whoever stands between may have lost it.
    pub fn may_be_done(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused(refusal) => refusal.status >= 500 && refusal.status != NO_ROOM,
            Self::SignedOut => false,
        }
    }

    /// True where the call was turned away before anybody could see whether it had been done already.
    pub fn is_turned_away(&self) -> bool {
        match self {
            Self::SignedOut => true,
            Self::Refused(refusal) => refusal.status == 429 || refusal.code == "AuthorizationFailed",
            Self::Unreachable(_) => false,
        }
    }
}

/// For people.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "The server does not answer: {why}"),
            Self::SignedOut => f.write_str("You are not signed in, or your sign-in has ended."),
            Self::Refused(refusal) => {
                f.write_str(&refusal.message)?;
                match refusal.wait {
                    0 => Ok(()),
                    // Our own server's words for too many calls say it already.
                    _ if refusal.message.contains("again after") => Ok(()),
                    wait @ ..120 => write!(f, " Please try again after {wait} seconds."),
                    wait => write!(f, " Please try again after {} minutes.", wait.div_euclid(60)),
                }
            }
        }
    }
}
