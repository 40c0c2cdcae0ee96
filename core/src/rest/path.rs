//! The segments of a path: decoded, kept as written, compared without regard to case.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use percent_encoding::percent_decode_str;

use crate::ledger::Refusal;

/// A path cut at its slashes.
#[derive(Debug)]
pub struct Path {
    /// Each segment as it was written, decoded.
    pub written: Vec<String>,
    /// The same in lower case.
    pub lower: Vec<String>,
}

/// No path of Resource Manager's is longer.
const LONGEST: usize = 4096;
/// What no name may hold, besides control characters: Resource Manager takes these for an attack.
const FORBIDDEN: &str = "<>*%&:\\?/#";

impl Path {
    /// Cuts a path. A slash at its end does not count, and of several at its beginning only one: clients put a path that
    /// begins with one behind an address that ends with one. An empty segment between two slashes does count, but for
    /// that behind a provider's name: there clients write the path of the parent that most resources have not. Elsewhere
    /// it is a name that a script has lost, and to leave it out would name something else.
    ///
    /// # Errors
    /// 414 for one that is too long, 400 for a segment that can be no name.
    pub fn parse(path: &str) -> Result<Self, Refusal> {
        if path.len() > LONGEST {
            let message = format!("The path is longer than {LONGEST} bytes.");
            return Err(Refusal::new(414, "RequestUriTooLong", message));
        }
        let inner = path.trim_start_matches('/');
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let decode = |segment: &str| {
            let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| bad(segment))?;
            let fits = |char: char| !char.is_control() && !FORBIDDEN.contains(char);
            if decoded.chars().all(fits) && decoded != ".." && decoded != "." {
                Ok(decoded.into_owned())
            } else {
                Err(bad(segment))
            }
        };
        let mut written: Vec<String> = match inner {
            "" => Vec::new(),
            _ => inner.split('/').map(decode).collect::<Result<_, _>>()?,
        };
        let is_provider = |found: &[String]| match found {
            [word, name, empty] => {
                word.eq_ignore_ascii_case("providers") && !name.is_empty() && empty.is_empty()
            }
            _ => false,
        };
        let mut from = 0;
        while let Some(at) = written.get(from..).and_then(|rest| rest.windows(3).position(is_provider)) {
            from = from.saturating_add(at).saturating_add(2);
            written.remove(from);
        }
        let lower = written.iter().map(|segment| segment.to_ascii_lowercase()).collect();
        Ok(Self { written, lower })
    }
}

fn bad(segment: &str) -> Refusal {
    Refusal::bad_request("InvalidResourceName", format!("The path segment '{segment}' is no valid name."))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn segments() {
        for (path, expected) in [
            ("/", vec![]),
            ("/a/B", vec!["a", "B"]),
            ("/a/B/", vec!["a", "B"]),
            ("/a//b", vec!["a", "", "b"]),
            ("/g/Providers/n//t/x", vec!["g", "Providers", "n", "t", "x"]),
            ("/g/providers/n///t/x", vec!["g", "providers", "n", "", "t", "x"]),
            ("/g/providers//t/x", vec!["g", "providers", "", "t", "x"]),
            ("/providers/a//t/x/providers/b//u", vec!["providers", "a", "t", "x", "providers", "b", "u"]),
            ("//a/B", vec!["a", "B"]),
            ("///a//", vec!["a", ""]),
            ("//", vec![]),
            ("/a%20b/%C3%A9", vec!["a b", "é"]),
            ("/a+b/(x)_.-", vec!["a+b", "(x)_.-"]),
        ] {
            assert_eq!(Path::parse(path).unwrap().written, expected, "{path}");
        }
    }

    #[test]
    fn names_that_are_none() {
        for path in ["/a%2Fb", "/%2e%2e/x", "/../x", "/a%00", "/%ff", "/a%25", "/a:b", "/a%0d%0ax"] {
            assert_eq!(Path::parse(path).unwrap_err().status, 400, "{path}");
        }
        assert_eq!(Path::parse(&"/a".repeat(3000)).unwrap_err().status, 414);
    }
}
