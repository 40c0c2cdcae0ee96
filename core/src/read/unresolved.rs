//! Values that are not there yet: expressions that something else computes, and placeholders that
//! someone is to fill in.

use crate::part;

/// Why a string's value is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// `[parameters('x')]`, `@{…}`, `${…}`, `$(…)`
    Expression,
    /// `<vm-id>`, `{subscriptionId}`, `SUBSCRIPTIONID`
    Placeholder,
}

/// Words of the documentation's samples that stand for a value.
const WORDS: [&str; 12] = [
    "SUBSCRIPTIONID",
    "SUBSCRIPTION_ID",
    "RESOURCEGROUP",
    "RESOURCE_GROUP",
    "RESOURCEGROUPNAME",
    "VMNAME",
    "VM_NAME",
    "VIRTUALMACHINENAME",
    "LOCATION",
    "IPV4ADDRESS",
    "IPADDRESS",
    "IP_ADDRESS",
];

/// Tells a string that stands for a value from a value. One pass over its bytes decides whether a closer look
/// is worth it; [`Node::PLAIN`](crate::json::Node::PLAIN) spares most strings that pass, too.
#[inline]
pub fn unresolved(text: &str) -> Option<Unresolved> {
    if is_suspect(text) { look(text) } else { None }
}

/// True for brackets and signs of expressions, and for a run of capitals and x's as in the words above.
#[inline(never)]
pub fn is_suspect(text: &str) -> bool {
    let mut run = 0_u32;
    for byte in text.bytes() {
        // All signs but `<`, `$` and `@` stand among the letters or behind them: two looks for most bytes.
        if byte >= b'a' && byte != b'x' && byte != b'{' {
            run = 0;
            continue;
        }
        match byte {
            b'[' | b'{' | b'<' | b'$' | b'@' => return true,
            b'A'..=b'Z' | b'x' => run = run.wrapping_add(1),
            _ => run = 0,
        }
        if run == RUN {
            return true;
        }
    }
    false
}

/// True for what PowerShell's `ConvertTo-Json` writes for a value below its `-Depth`, which is 2 unless told.
pub fn is_cut_off(text: &str) -> bool {
    let hash_table = |inner: &str| {
        let name = inner.split('=').next().unwrap_or("");
        part::has(inner, '=') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    text.starts_with("System.Collections.")
        || text == "System.Object[]"
        || text.strip_prefix("@{").and_then(|rest| rest.strip_suffix('}')).is_some_and(hash_table)
}

/// The shortest run that stands for a value: `xxxx`, and `NAME` of `VM_NAME`.
const RUN: u32 = 4;

#[cold]
fn look(text: &str) -> Option<Unresolved> {
    if is_cut_off(text) {
        return None;
    }
    let holds =
        |open: &str, close: char| part::split_once(text, open).is_some_and(|(_, rest)| rest.contains(close));
    let call = |text: &str| {
        part::cut(text, '(').is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    // ARM: `[…]`, where `[[` is an escaped bracket, and `[::1]` an address. Logic Apps: `@…` and `@{…}`.
    let of_address = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'[' | b':' | b'.' | b']');
    let arm = text.starts_with('[') && text.ends_with(']') && !text.bytes().all(of_address);
    let arm = arm && !text.starts_with("[[");
    let logic = text.strip_prefix('@').is_some_and(call) || holds("@{", '}');
    let shell = holds("${", '}') || holds("$(", ')') || text.split('/').any(is_variable);
    if arm || logic || shell {
        return Some(Unresolved::Expression);
    }
    placeholder(text).map(|_| Unresolved::Placeholder)
}

/// What is to be filled in: `<vm-id>`, `{subscriptionId}`, or one of the words, between slashes.
#[cold]
pub fn placeholder(text: &str) -> Option<&str> {
    let between = |open: char, close: char| {
        let start = text.find(open)?;
        let rest = text.get(start..)?;
        let behind = rest.get(rest.find(close)?..)?;
        // Brackets may be double.
        rest.strip_suffix(behind.trim_start_matches(close))
    };
    let xed = |part: &str| part.len() >= 4 && part.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'-'));
    let named = |part: &&str| WORDS.contains(part) || xed(part);
    between('<', '>').or_else(|| between('{', '}')).or_else(|| text.split('/').find(named))
}

/// `$name`, as shells and PowerShell write it.
fn is_variable(part: &str) -> bool {
    part.strip_prefix('$')
        .is_some_and(|name| name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_'))
}

#[cfg(test)]
mod tests {
    use super::Unresolved::{Expression, Placeholder};
    use super::{placeholder, unresolved};

    #[test]
    fn told_apart() {
        for (text, expected) in [
            ("[parameters('source')]", Some(Expression)),
            ("@{triggerBody()?['id']}", Some(Expression)),
            ("@parameters('x')", Some(Expression)),
            ("/subscriptions/${sub}/x", Some(Expression)),
            ("/subscriptions/$sub/x", Some(Expression)),
            ("PT$(hours)H", Some(Expression)),
            ("[[literal]", None),
            ("[2001:db8::1]", None),
            ("@{number=22; protocol=TCP}", None),
            ("/subscriptions/{sub-id}/x", Some(Placeholder)),
            ("<vm-id>", Some(Placeholder)),
            ("/subscriptions/SUBSCRIPTIONID/resourceGroups/RESOURCEGROUP", Some(Placeholder)),
            ("/subscriptions/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx/x", Some(Placeholder)),
            ("barbara@contoso.com", None),
            ("PT3H", None),
            ("/subscriptions/x/resourceGroups/XX", None),
        ] {
            assert_eq!(unresolved(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_to_be_filled_in() {
        for (text, expected) in [
            ("/subscriptions/{sub-id}/resourceGroups/<rg>", Some("<rg>")),
            ("/subscriptions/{sub-id}/x", Some("{sub-id}")),
            ("/subscriptions/{{sub}}/x", Some("{{sub}}")),
            ("PT{n}H", Some("{n}")),
            ("<vm-id>", Some("<vm-id>")),
            ("a > b < c", None),
            ("/subscriptions/s/resourceGroups/RESOURCEGROUP/x", Some("RESOURCEGROUP")),
            ("/subscriptions/xxxxxxxx-xxxx/x", Some("xxxxxxxx-xxxx")),
            ("PT3H", None),
        ] {
            assert_eq!(placeholder(text), expected, "{text}");
        }
    }
}
