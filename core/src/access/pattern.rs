//! Does an action match a pattern of a role? `*` stands for any characters, `/` among them; letters match in any
//! case.
//!
//! `/*/` matches a single `/`, too: the documented role of a requester has
//! `Microsoft.Security/locations/jitNetworkAccessPolicies/*/read` and is known to read the policies themselves
//! (azure-docs, pull request 43370), which a `*` between two slashes would not let it do.

/// How a pattern goes on at a place.
enum Next<'p> {
    /// `*`, or, just behind a slash, `*/`: what may be passed over, and the pattern behind it.
    Any { whole_segments: bool, rest: &'p [u8] },
    /// One byte.
    Byte(u8, &'p [u8]),
    /// Nothing more.
    End,
}

/// Where to try anew: the pattern behind the last star, and the first place of the text where it was tried.
struct Retry<'p, 't> {
    pattern: &'p [u8],
    text: &'t [u8],
    /// Only places behind a slash count.
    whole_segments: bool,
}

/// True when the action matches the pattern.
///
/// ```
/// use jitgate_core::access::matches;
/// assert!(matches("Microsoft.Network/*/read", "microsoft.network/networkInterfaces/ipConfigurations/read"));
/// assert!(matches("Microsoft.Network/*/read", "Microsoft.Network/read"));
/// assert!(!matches("Microsoft.Network/*/read", "Microsoft.Network/networkInterfaces/write"));
/// ```
pub fn matches(pattern: &str, action: &str) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), action.as_bytes());
    let mut behind_slash = false;
    // The last star is the only one that needs another try: whatever an earlier one could pass over more, the last
    // one can, since what stands in front of one for whole segments ends with a slash.
    let mut retry: Option<Retry> = None;
    loop {
        let matched = match next(pattern, behind_slash) {
            Next::Any { whole_segments, rest } => {
                retry = Some(Retry { pattern: rest, text, whole_segments });
                pattern = rest;
                behind_slash = whole_segments;
                continue;
            }
            Next::Byte(byte, rest) => match text.split_first() {
                Some((first, others)) if first.eq_ignore_ascii_case(&byte) => {
                    (pattern, text) = (rest, others);
                    behind_slash = byte == b'/';
                    true
                }
                _ => false,
            },
            Next::End if text.is_empty() => return true,
            Next::End => false,
        };
        if !matched {
            let Some(again) = &mut retry else { return false };
            if !again.advance() {
                return false;
            }
            (pattern, text, behind_slash) = (again.pattern, again.text, again.whole_segments);
        }
    }
}

fn next(pattern: &[u8], behind_slash: bool) -> Next<'_> {
    match pattern {
        [b'*', b'/', rest @ ..] if behind_slash => Next::Any { whole_segments: true, rest },
        [b'*', rest @ ..] => Next::Any { whole_segments: false, rest },
        [byte, rest @ ..] => Next::Byte(*byte, rest),
        [] => Next::End,
    }
}

impl Retry<'_, '_> {
    /// Goes on to the next place; false when there is none.
    fn advance(&mut self) -> bool {
        while let Some((first, rest)) = self.text.split_first() {
            self.text = rest;
            if !self.whole_segments || *first == b'/' {
                return true;
            }
        }
        false
    }
}
