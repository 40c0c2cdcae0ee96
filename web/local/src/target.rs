//! What a call is about, as it is written: the segments of its path, and its query.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jitgate_core::ledger::Refusal;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::reply::bad;

/// No path of Resource Manager's is longer.
const LONGEST: usize = 4096;
/// What no name may hold, besides control characters: Resource Manager takes these for an attack.
const FORBIDDEN: &str = "<>*%&:\\?/#";
/// What stays as it is in the query of a link.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What a page begins after, and how many items it has: as many as asked for, but no more than the most.
const SKIP_TOKEN: &str = "$skiptoken";
const TOP: &str = "$top";
const PAGE: usize = 100;
const MOST: usize = 1000;
/// The versions of the API of policies.
const JIT_VERSIONS: [&str; 2] = ["2020-01-01", "2015-06-01-preview"];

/// The address of a call.
pub(crate) struct Target<'a> {
    pub path: &'a str,
    /// Each segment of the path as it was written, decoded.
    pub written: Vec<String>,
    /// The same in lower case.
    pub lower: Vec<String>,
    query: Vec<(String, String)>,
}

impl<'a> Target<'a> {
    pub fn parse(target: &'a str) -> Result<Self, Refusal> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path.len() > LONGEST {
            let message = format!("The path is longer than {LONGEST} bytes.");
            return Err(Refusal::new(414, "RequestUriTooLong", message));
        }
        let inner = path.strip_prefix('/').unwrap_or(path);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let written: Vec<String> = match inner {
            "" => Vec::new(),
            _ => inner.split('/').map(segment).collect::<Result<_, _>>()?,
        };
        let lower = written.iter().map(|segment| segment.to_ascii_lowercase()).collect();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        Ok(Self { path, written, lower, query: pairs.map(pair).collect() })
    }

    /// The first parameter of that name, without regard to case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Checks `api-version`. Policies have two versions, which are the same; other lists take any that is well-formed.
    pub fn check_version(&self, jit: bool) -> Result<(), Refusal> {
        let Some(version) = self.get("api-version").filter(|version| !version.is_empty()) else {
            let message = "The api-version query parameter (?api-version=) is required for all requests.";
            return Err(Refusal::new(400, "MissingApiVersionParameter", message));
        };
        let known = if jit {
            JIT_VERSIONS.iter().any(|known| known.eq_ignore_ascii_case(version))
        } else {
            is_date(version.split_at_checked(10).map_or(version, |(date, _)| date))
        };
        if known {
            return Ok(());
        }
        let message = if jit {
            let supported = JIT_VERSIONS.join(",");
            format!("The api-version '{version}' is invalid. The supported versions are '{supported}'.")
        } else {
            format!("The api-version '{version}' is invalid. It begins with a date, as in '2020-01-01'.")
        };
        Err(bad("InvalidApiVersionParameter", message, "api-version"))
    }

    /// What the page asked for begins after: the key that the last page ended with.
    pub fn after(&self) -> Result<Option<String>, Refusal> {
        let Some(token) = self.get(SKIP_TOKEN) else { return Ok(None) };
        let key = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let message = "The $skiptoken is none that this service gave out.";
        key.map(Some).ok_or_else(|| bad("InvalidSkipToken", message, SKIP_TOKEN))
    }

    /// How many items a page has.
    pub fn page(&self) -> Result<usize, Refusal> {
        let Some(top) = self.get(TOP) else { return Ok(PAGE) };
        match top.parse() {
            Ok(0) | Err(_) => {
                let message =
                    format!("The value '{top}' of $top is invalid. It is a number from 1 to {MOST}.");
                Err(bad("InvalidQueryParameter", message, TOP))
            }
            Ok(top) => Ok(MOST.min(top)),
        }
    }

    /// The address of the page after `key`: this one's, with another `$skiptoken`.
    pub fn next_link(&self, origin: &str, key: &str) -> String {
        let token = URL_SAFE_NO_PAD.encode(key);
        let kept = self.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(SKIP_TOKEN));
        let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
        let pairs = kept.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let pairs: Vec<String> = pairs.chain([format!("{}={token}", encode(SKIP_TOKEN))]).collect();
        format!("{origin}{}?{}", self.path, pairs.join("&"))
    }
}

fn segment(segment: &str) -> Result<String, Refusal> {
    let wrong = || bad("InvalidResourceName", format!("The path segment '{segment}' is no valid name."), "");
    let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| wrong())?;
    let fits = |char: char| !char.is_control() && !FORBIDDEN.contains(char);
    if decoded.chars().all(fits) && decoded != ".." && decoded != "." {
        Ok(decoded.into_owned())
    } else {
        Err(wrong())
    }
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
