//! The query of a request, and links to the next page.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::bad;
use crate::ledger::Refusal;
use crate::ledger::filter::wrong;
use crate::preview::Mode;

/// The parameters in their order, decoded.
#[derive(Debug, Default)]
pub struct Query(Vec<(String, String)>);

/// What stays as it is in the query of a link: clients rewrite the rest in different ways.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What a page begins after.
const SKIP_TOKEN: &str = "$skiptoken";
/// How many items of a list the client wants at once, and how many it gets at most.
const TOP: &str = "$top";
const MOST: usize = 1000;

impl Query {
    /// Reads the query of an address.
    pub fn parse(query: &str) -> Self {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// The first parameter of that name, without regard to case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What the page asked for begins after: the key that the last page ended with.
    ///
    /// # Errors
    /// It is no key of ours.
    pub fn after(&self) -> Result<Option<String>, Refusal> {
        let Some(token) = self.get(SKIP_TOKEN) else { return Ok(None) };
        let key = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let message = "The $skiptoken is none that this service gave out.";
        key.map(Some).ok_or_else(|| bad("InvalidSkipToken", message, SKIP_TOKEN))
    }

    /// How many items a page of a list has: as many as `$top` says, up to a thousand; `usual` where it says nothing.
    ///
    /// # Errors
    /// It is no number, or 0.
    pub fn page(&self, usual: usize) -> Result<usize, Refusal> {
        let Some(top) = self.get(TOP) else { return Ok(usual) };
        match top.parse() {
            Ok(0) | Err(_) => {
                let message =
                    format!("The value '{top}' of $top is invalid. It is a number from 1 to {MOST}.");
                Err(bad("InvalidQueryParameter", message, TOP))
            }
            Ok(top) => Ok(MOST.min(top)),
        }
    }

    /// What is asked for of a list; none where nothing is, as `az resource list` sends it.
    pub fn filter(&self) -> Option<&str> {
        self.get("$filter").filter(|filter| !filter.trim().is_empty())
    }

    /// For a list of which nothing can be asked for.
    ///
    /// # Errors
    /// Something is: an answer to all of it would be taken for one to that.
    pub fn unfiltered(&self) -> Result<(), Refusal> {
        match self.filter() {
            Some(_) => Err(wrong("Nothing can be asked for of this list.")),
            None => Ok(()),
        }
    }

    /// True where `$expand` names it, perhaps among others.
    pub fn expands(&self, name: &str) -> bool {
        let all = self.get("$expand").unwrap_or_default();
        all.split(',').any(|own| own.trim().eq_ignore_ascii_case(name))
    }

    /// How a preview is to write rules: `?mode=enforce`, which is usual, or `document`.
    ///
    /// # Errors
    /// It is neither.
    pub fn mode(&self) -> Result<Mode, Refusal> {
        let Some(name) = self.get("mode") else { return Ok(Mode::Enforce) };
        Mode::from_name(name).ok_or_else(|| {
            let message = format!("The mode '{name}' is neither 'enforce' nor 'document'.");
            bad("InvalidQueryParameter", message, "mode")
        })
    }

    /// The address of the page after `key`: this one's, with another `$skiptoken`.
    pub fn next_link(&self, origin: &str, path: &str, key: &str) -> String {
        let token = URL_SAFE_NO_PAD.encode(key);
        let kept = self.0.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(SKIP_TOKEN));
        let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
        let pairs = kept.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let pairs: Vec<String> = pairs.chain([format!("{}={token}", encode(SKIP_TOKEN))]).collect();
        format!("{origin}{path}?{}", pairs.join("&"))
    }
}

/// The versions of the API of policies.
const JIT_VERSIONS: [&str; 2] = ["2020-01-01", "2015-06-01-preview"];

/// Checks `api-version`. Policies have two versions, which are the same; other lists take any that is well-formed.
///
/// # Errors
/// There is none, or it is none of them.
pub fn check_version(query: &Query, jit: bool) -> Result<(), Refusal> {
    let Some(version) = query.get("api-version").filter(|version| !version.is_empty()) else {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        return Err(Refusal::bad_request("MissingApiVersionParameter", message));
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

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text)
    }

    #[test]
    fn parameters_are_decoded_and_found_without_regard_to_case() {
        let query = query("Api-Version=1&%24skipToken=a%2Bb&c=d+e&f&=g");
        assert_eq!(query.get("api-version"), Some("1"));
        assert_eq!(query.get("$skiptoken"), Some("a+b"));
        assert_eq!(query.get("c"), Some("d e"));
        assert_eq!(query.get("f"), Some(""));
        assert_eq!(query.get("none"), None);
    }

    #[test]
    fn the_next_page_begins_where_this_one_ended() {
        let key = "/subscriptions/ß/default>";
        let link = query("api-version=2020-01-01&%24skiptoken=old&$top=5").next_link("https://h", "/p", key);
        let rest = link.strip_prefix("https://h/p?api-version=2020-01-01&%24top=5&%24skiptoken=").unwrap();
        assert!(rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{rest}");
        let again = Query::parse(link.split_once('?').unwrap().1);
        assert_eq!(again.after().unwrap().as_deref(), Some(key));
        assert_eq!(query("$skiptoken=%21").after().unwrap_err().status, 400);
        assert_eq!(query("x=y").after().unwrap(), None);
    }

    #[test]
    fn pages() {
        for (text, page) in [
            ("", Some(5)),
            ("$top=1", Some(1)),
            ("%24Top=1000", Some(1000)),
            ("$top=1001", Some(1000)),
            ("$top=0", None),
        ] {
            assert_eq!(query(text).page(5).ok(), page, "{text}");
        }
    }

    #[test]
    fn versions() {
        for (text, jit, expected) in [
            ("", true, Some("MissingApiVersionParameter")),
            ("api-version=", true, Some("MissingApiVersionParameter")),
            ("api-version=2020-01-01", true, None),
            ("API-VERSION=2015-06-01-Preview", true, None),
            ("api-version=2021-01-01", true, Some("InvalidApiVersionParameter")),
            ("api-version=2021-01-01", false, None),
            ("api-version=2021-01-01-preview", false, None),
            ("api-version=latest", false, Some("InvalidApiVersionParameter")),
        ] {
            let code = check_version(&query(text), jit).err().map(|error| error.code);
            assert_eq!(code, expected, "{text}");
        }
    }
}
