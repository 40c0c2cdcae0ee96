//! Names and descriptions of the rules that just-in-time access writes, and how such rules are known
//! again. The numbers in a name are hashes, so that the same policy on the same network always gives the
//! same names.

use alloc::format;
use alloc::string::String;

use crate::network::{Access, SecurityRule, Value};

/// What Defender for Cloud has written since 2023.
const PREFIX: &str = "MicrosoftDefenderForCloud-JITRule";
/// What it wrote before, as Security Center.
const OLD_PREFIX: &str = "SecurityCenter-JITRule";

/// The name of the collection of an Azure Firewall that JIT's rules stand in.
pub(super) const COLLECTION: &str = "MDC-JIT";
/// Its name before 2023.
const OLD_COLLECTION: &str = "ASC-JIT";

/// `MicrosoftDefenderForCloud-JITRule_<int32>_<32 hex>`: `place` is where the rule stands and for which
/// address, `write` what is written.
pub(super) fn deny(place: &[&str], write: &[&str]) -> String {
    format!("{PREFIX}_{}_{}", number(place), hex(write))
}

/// `MicrosoftDefenderForCloud-JITRule-<int32>-<32 hex>`
pub(super) fn allow(place: &[&str], write: &[&str]) -> String {
    format!("{PREFIX}-{}-{}", number(place), hex(write))
}

/// The name of a DNAT rule or of an EC2 security group.
pub(super) fn other(place: &[&str], write: &[&str]) -> String {
    format!("{COLLECTION}-{}-{}", number(place), hex(write))
}

/// The description of a deny.
pub(super) fn deny_description(policy: &str, machine: &str) -> String {
    format!("MDC JIT Network Access rule for policy '{policy}' of VM '{machine}'.")
}

/// The description of an allow.
pub(super) fn allow_description(policy: &str, machine: &str) -> String {
    format!(
        "MDC JIT Network Access rule created by an initiation request for policy '{policy}' of VM '{machine}'."
    )
}

/// What a rule of JIT's does, if it is one: told by its name, and by its access where the name was cut.
pub(super) fn written_by_jit(rule: &SecurityRule) -> Option<Access> {
    let rest = [PREFIX, OLD_PREFIX].into_iter().find_map(|prefix| strip(&rule.name, prefix))?;
    match rest.bytes().next() {
        Some(b'_') => Some(Access::Deny),
        Some(b'-') => Some(Access::Allow),
        _ => match rule.access {
            Value::Known(access) => Some(access),
            Value::Unknown(_) => None,
        },
    }
}

/// True for a collection of an Azure Firewall that is JIT's.
pub(super) fn is_jit_collection(name: &str) -> bool {
    [COLLECTION, OLD_COLLECTION].into_iter().any(|prefix| strip(name, prefix).is_some())
}

fn strip<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = name.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// 32 bits of FNV-1a, signed as the service writes them.
pub(super) fn number(parts: &[&str]) -> i32 {
    let hash = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    bytes(parts).fold(0x811c_9dc5, hash).cast_signed()
}

/// 128 bits of FNV-1a, as a GUID without its dashes.
fn hex(parts: &[&str]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    format!("{:032X}", bytes(parts).fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, hash))
}

/// Azure compares ids and names without regard to case, so what is hashed has none.
fn bytes<'a>(parts: &'a [&str]) -> impl Iterator<Item = u8> + 'a {
    parts.iter().flat_map(|part| part.bytes().map(|byte| byte.to_ascii_lowercase()).chain([0]))
}
